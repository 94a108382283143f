// @ts-check
/** What the server struck out or forgot is forgotten here too: words and pictures of received entries,
 *  and drafts of their corrections.  What was not sent stays; the server will judge it. */
import { withDb } from "../vault/db.js";
import { createEntries, rowsOf } from "./entries.js";

/** app/visits/rules.py: PERSONAL_FIELDS; words in which people may be named stay with the record. */
const PERSONAL = ["leader_name", "phone"];

/** What goes from an entry of each kind once the person of its visit is forgotten. @type {Record<string, string[]>} */
const FORGOTTEN = {
  visit: [...PERSONAL, "suggestion"],
  followup: ["reason", "next_step"],
  photo: ["caption", "file_name"],
};
/** app/visits/forgetting.py: TOLD; these stay, without the name. */
const TOLD = ["group_name", "origin_text", "trainer"];
const TITLES = /^(นางสาว|นาง|นาย|เด็กชาย|เด็กหญิง|คุณ|ครู|อาจารย์|พี่|ลุง|ป้า)\s*/u;

/** @typedef {{id: string, visit_id?: string, version?: number, deleted?: boolean, state?: string}} Told */
/** @typedef {import("./entries.js").Row} Row */

/** @param {import("./types.js").Vault} vault
 *  @param {{visits?: Told[], followups?: Told[], photos?: Told[], entries?: Told[], forgotten?: string[]}} records
 *    of GET /changes
 *  @returns {Promise<number>} how many entries were changed or dropped */
export async function scrub(vault, records) {
  const entries = createEntries(vault);
  const { visits = [], followups = [], photos = [], entries: others = [] } = records;
  const told = [...visits, ...followups, ...photos, ...others];
  const gone = new Set(
    told.filter((one) => one.deleted || one.state === "deleted").map(({ id }) => id),
  );
  const version = new Map(visits.map((one) => [one.id, one.version ?? 0]));
  const received = (await entries.rows()).filter((row) => row.state === "received");
  const dropped = received.filter(
    (row) => gone.has(row.record_id) || gone.has(row.subject_id ?? ""),
  );
  if (dropped.length) await entries.remove(dropped.map((row) => row.id));
  let changed = dropped.length;
  const forgotten = aboutForgotten(records.forgotten ?? [], followups, received);
  for (const row of received) {
    if (gone.has(row.record_id)) continue;
    const now = version.get(row.record_id) ?? 0;
    if (isOf(forgotten, row)) changed += (await forgetWords(entries, row.id)) ? 1 : 0;
    else if (row.kind === "visit" && now > 1) {
      changed += (await forgetPeople(entries, row.id, now)) ? 1 : 0; // ours is at least the first
    }
  }
  await dropDrafts(vault, new Set([...gone, ...forgotten]));
  return changed;
}

/** The forgotten visits and their follow-ups, here and at the server.
 *  @param {string[]} visitIds @param {Told[]} followups @param {Row[]} rows */
function aboutForgotten(visitIds, followups, rows) {
  const about = new Set(visitIds);
  for (const one of followups) if (about.has(one.visit_id ?? "")) about.add(one.id);
  for (const row of rows) {
    if (row.kind === "followup" && about.has(row.subject_id ?? "")) about.add(row.record_id);
  }
  return about;
}

/** @param {Set<string>} about @param {Row} row */
const isOf = (about, row) => about.has(row.record_id) || about.has(row.subject_id ?? "");

/** Name, number and remarks go; counts and what was answered stay.
 *  @param {import("./entries.js").Entries} entries @param {string} id */
async function forgetWords(entries, id) {
  return entries.update(id, (row, { item }) => {
    const said = (FORGOTTEN[row.kind] ?? []).filter((field) => item.data[field]);
    if (!said.length && !item.receipt_code) return null;
    const { leader_name: name, phone } = item.data;
    const parts = [...(name ?? "").replace(TITLES, "").split(/\s+/u), phone ?? ""];
    const hidden = TOLD.filter((field) => item.data[field]).map((field) => [
      field,
      without(item.data[field], parts),
    ]);
    const blank = said.map((field) => [field, null]);
    const data = { ...item.data, ...Object.fromEntries([...hidden, ...blank]) };
    return { inner: { item: { ...item, data, receipt_code: null } } };
  });
}

/** @param {string} text @param {string[]} parts a shorter one is an ordinary word as often as not */
const without = (text, parts) =>
  parts.reduce((told, part) => (part.length < 3 ? told : told.replaceAll(part, "…")), text);

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
