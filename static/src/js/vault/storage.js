// @ts-check
/** How safe and how large this phone's storage is.  Asks politely, believes the browser's answer. */
import { newSigningKeys } from "./crypto.js";
import { withDb } from "./db.js";
import { StoreError } from "./errors.js";

/** Whether anything can be kept here at all, tried for real: ask before the first entry.
 *  @returns {Promise<{ok: boolean, code: import("./errors.js").StoreCode | null}>} */
export async function canStore() {
  try {
    await newSigningKeys();
    await withDb(async (db) => {
      await db.put("meta", { name: "tried", value: true });
      if (!(await db.get("meta", "tried"))) throw new StoreError("no_storage");
    });
    return { ok: true, code: null };
  } catch (error) {
    return { ok: false, code: error instanceof StoreError ? error.code : "no_storage" };
  }
}

/** Ask that the browser never clears this storage by itself.  Ask again at each start: a refusal may
 *  become a grant once the app is installed. @returns {Promise<boolean | null>} null: cannot be asked */
export async function askToPersist() {
  const storage = globalThis.navigator?.storage;
  if (!storage?.persist) return null;
  try {
    return (await storage.persisted()) || (await storage.persist());
  } catch {
    return null; // some private windows throw instead of refusing
  }
}

/** @returns {Promise<{usedBytes: number | null, leftBytes: number | null, persisted: boolean | null}>} */
export async function storageState() {
  const storage = globalThis.navigator?.storage;
  try {
    const { usage, quota } = (await storage?.estimate?.()) ?? {};
    const leftBytes =
      usage === undefined || quota === undefined ? null : Math.max(0, quota - usage);
    return {
      usedBytes: usage ?? null,
      leftBytes,
      persisted: (await storage?.persisted?.()) ?? null,
    };
  } catch {
    return { usedBytes: null, leftBytes: null, persisted: null };
  }
}
