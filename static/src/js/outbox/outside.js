// @ts-check
/** Another area, another role, a centre that is gone: what was received from there leaves this phone,
 *  with its pictures and the drafts of its corrections.  Promise: what was not sent stays, whatever it
 *  belongs to; whatever a section below still tells of stays too. */
import { withDb } from "../vault/db.js";
import { createEntries, rowsOf } from "./entries.js";

/** @param {import("./types.js").Vault} vault @param {Record<string, any>} sections  of GET /changes; one that is
 *  not there has not changed @returns {Promise<number>} how many entries went */
export async function dropOutside(vault, sections) {
  const told = async (/** @type {string} */ name) =>
    sections[name] ?? (await vault.pulled(name).catch(() => null));
  const [centres, due, records, office] = await Promise.all(
    ["centres", "due", "records", "office"].map(told),
  );
  if (!centres) return 0; // nothing was ever told: nothing to compare with
  /** @type {Set<string | null>} */
  const known = new Set(centres.map(idOf));
  for (const one of due ?? []) known.add(one.visit_id);
  for (const list of [records?.visits, records?.followups, records?.photos, records?.entries]) {
    for (const one of list ?? []) known.add(one.id);
  }
  for (const list of [office?.plan_items, office?.orders]) for (const one of list ?? []) known.add(one.id);
  return drop(vault, known);
}

/** @param {{id: string}} one */
const idOf = ({ id }) => id;

/** @param {import("./types.js").Vault} vault @param {Set<string | null>} known */
async function drop(vault, known) {
  const entries = createEntries(vault);
  const gone = [];
  for (const row of await entries.rows()) {
    if (row.state !== "received") continue;
    // In the order they were made, so that what belongs to a kept record is kept after it.
    if (known.has(row.record_id) || known.has(row.subject_id)) known.add(row.record_id);
    else gone.push(row);
  }
  if (!gone.length) return 0;
  await entries.remove(
    gone.map(idOf),
    (now) => now.state === "received",
  );
  const keys = /** @type {any[]} */ (
    await withDb((db) => db.getAllKeys("drafts", rowsOf(vault.account.id)))
  );
  for (const [, name] of keys) {
    if (gone.some((row) => name.includes(row.record_id))) await vault.dropDraft(name);
  }
  return gone.length;
}
