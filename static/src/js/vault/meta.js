// @ts-check
/** Small facts about this storage, in the open: nothing personal may be kept here. */
import { newId } from "../shared/ids.js";
import { inOneWrite, withDb } from "./db.js";

/** @param {string} name @returns {Promise<any>} undefined when never set */
export async function meta(name) {
  return (await withDb((db) => db.get("meta", name)))?.value;
}

/** @param {string} name @param {any} value undefined forgets it */
export async function setMeta(name, value) {
  await inOneWrite("meta", async (change) => {
    const table = change.objectStore("meta");
    await (value === undefined ? table.delete(name) : table.put({ name, value }));
  });
}

/** This storage's own id, made the first time it is asked for; the same in every tab. */
export async function installId() {
  const fresh = newId();
  return inOneWrite("meta", async (change) => {
    const table = change.objectStore("meta");
    const known = (await table.get("install_id"))?.value;
    if (!known) await table.put({ name: "install_id", value: fresh });
    return /** @type {string} */ (known ?? fresh);
  });
}
