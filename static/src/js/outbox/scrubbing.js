// @ts-check
/** What the server struck out or forgot is forgotten here too: words and pictures of received entries,
 *  and drafts of their corrections.  What was not sent stays; the server will judge it. */
import { withDb } from "../vault/db.js";
import { createEntries, rowsOf } from "./entries.js";

/** app/visits/rules.py: PERSONAL_FIELDS; words in which people may be named stay with the record. */
const PERSONAL = ["leader_name", "phone"];

/** @typedef {{id: string, version?: number, deleted?: boolean, state?: string}} Told */

/** @param {import("./types.js").Vault} vault
 *  @param {{visits?: Told[], followups?: Told[], photos?: Told[], entries?: Told[]}} records of GET /changes
 *  @returns {Promise<number>} how many entries were changed or dropped */
export async function scrub(vault, records) {
  const entries = createEntries(vault);
  const { visits = [], followups = [], photos = [], entries: others = [] } = records;
  const told = [...visits, ...followups, ...photos, ...others];
  const gone = new Set(
    told.filter((one) => one.deleted || one.state === "deleted").map(({ id }) => id),
  );
  const version = new Map((records.visits ?? []).map((one) => [one.id, one.version ?? 0]));
  const received = (await entries.rows()).filter((row) => row.state === "received");
  const dropped = received.filter(
    (row) => gone.has(row.record_id) || gone.has(row.subject_id ?? ""),
  );
  if (dropped.length) await entries.remove(dropped.map((row) => row.id));
  let changed = dropped.length;
  for (const row of received) {
    const now = version.get(row.record_id) ?? 0;
    if (row.kind !== "visit" || now <= 1 || gone.has(row.record_id)) continue; // ours is at least the first
    if (await forgetPeople(entries, row.id, now)) changed += 1;
  }
  await dropDrafts(vault, gone);
  return changed;
}

/** A later version may have been made to forget somebody.
 *  @param {import("./entries.js").Entries} entries @param {string} id @param {number} version */
async function forgetPeople(entries, id, version) {
  return entries.update(id, (_row, inner) => {
    const { item, receipt } = inner;
    const named = item.receipt_code || PERSONAL.some((field) => item.data[field]);
    if (!named || version <= (receipt?.version ?? version)) return null;
    const data = { ...item.data, ...Object.fromEntries(PERSONAL.map((field) => [field, null])) };
    return { inner: { item: { ...item, data, receipt_code: null } } };
  });
}

/** Drafts name the record they belong to. @param {import("./types.js").Vault} vault @param {Set<string>} gone */
async function dropDrafts(vault, gone) {
  const mine = rowsOf(vault.account.id);
  const keys = /** @type {any[]} */ (await withDb((db) => db.getAllKeys("drafts", mine)));
  for (const [, name] of keys) {
    if ([...gone].some((id) => name.includes(id))) await vault.dropDraft(name);
  }
}
