// @ts-check
/**
 * The phone's records of every kind: what was written here joined with what the office last told.
 * Pure.  What was written here and not confirmed counts more than what the office said before.
 */
import { canReplace, isUnsentChange, mostUrgent, versionOf } from "../phone/book.js";

/** @typedef {import("../outbox/types.js").Entry} Entry */
/** @typedef {import("../outbox/types.js").State} State */
/** @typedef {import("./types.js").KindFacts} KindFacts */

/** As the office lists it (GET /changes, section records: entries).
 *  @typedef {{ kind: string, id: string, centre_id: string | null, district_code: string, day: string,
 *    called: string, version: number, mine: boolean, deleted: boolean, data?: Record<string, any> | null }} Listed
 *  data: the whole of it, where it was sent back to be mended */

/**
 * @typedef {object} BookRecord
 * @property {string} kind
 * @property {string} id
 * @property {string | null} centreId
 * @property {string} day
 * @property {string} called  what tells it from others: a title, a number
 * @property {State} state  the most urgent of its entries; received when only the office has it
 * @property {boolean} deleted
 * @property {Record<string, any> | null} data  every box, when it was written on this phone
 * @property {number} version  the version the office has, or will have when what waits has arrived
 * @property {Entry | null} open  an entry that can still be replaced
 * @property {Entry[]} entries  of the record itself, oldest first
 * @property {Entry[]} photoEntries
 * @property {Entry[]} fileEntries  documents that belong to it
 */

/** All of one kind: what waits first, then newest day first.
 *  @param {string} kind @param {KindFacts} facts @param {Entry[]} entries @param {Listed[]} listed @returns {BookRecord[]} */
export function joinRecords(kind, facts, entries, listed) {
  const ids = new Set([
    ...entries.filter((entry) => entry.kind === kind).map((entry) => entry.recordId),
    ...listed.filter((one) => one.kind === kind).map((one) => one.id),
  ]);
  const found = [...ids].map((id) => joinRecord(kind, id, facts, entries, listed)).filter((one) => one !== null);
  return found.sort(
    (a, b) => Number(isSettled(a)) - Number(isSettled(b)) || compare(b.day, a.day) || compare(b.id, a.id),
  );
}

/** @param {string} kind @param {string} id @param {KindFacts} facts @param {Entry[]} entries @param {Listed[]} listed
 *  @returns {BookRecord | null} */
export function joinRecord(kind, id, facts, entries, listed) {
  const told = toldOf(kind, id, listed);
  const own = entries
    .filter((entry) => entry.kind === kind && entry.recordId === id)
    .sort((a, b) => a.createdAt - b.createdAt);
  const data = own.filter((entry) => entry.op !== "delete" && entry.item).at(-1)?.item?.data ?? null;
  if (!told && !data) return null; // thrown away, or sealed with another sign-in's key
  const stale = data && told && told.version > versionOf(own); // corrected at the office since
  const mine = data && (!stale || !told);
  return {
    kind,
    id,
    centreId: mine ? data.centre_id : (told?.centre_id ?? null),
    day: String(mine ? (data[facts.day] ?? "") : told?.day),
    called: String((mine ? data[facts.called] : told?.called) ?? ""),
    state: own.length ? mostUrgent(own) : "received",
    deleted: Boolean(told?.deleted) || own.some((entry) => entry.op === "delete" && entry.state !== "fixing"),
    data: (stale ? null : data) ?? told?.data ?? null,
    version: Math.max(versionOf(own), told?.version ?? 0) + own.filter(isUnsentChange).length,
    open: own.filter((entry) => entry.op !== "delete" && canReplace(entry)).at(-1) ?? null,
    entries: own,
    photoEntries: entries.filter((entry) => entry.kind === "photo" && entry.subjectId === id && entry.op === "create"),
    fileEntries: entries.filter((entry) => entry.kind === "document" && entry.op === "create" && entry.item?.data.subject_id === id),
  };
}

/** What the office told of it, in one; the newer version where it did so twice.
 *  @param {string} kind @param {string} id @param {Listed[]} listed @returns {Listed | null} */
function toldOf(kind, id, listed) {
  const all = listed.filter((one) => one.kind === kind && one.id === id).sort((a, b) => a.version - b.version);
  return all.length ? Object.assign({}, ...all) : null;
}

/** Records that were sent back, as if the office had listed them. @param {Record<string, KindFacts>} kinds
 *  @param {{ sent?: { items: { kind: string, id: string, version: number, data?: Record<string, any> | null }[] }[] }[] | null} rounds @returns {Listed[]} */
export function sentBack(kinds, rounds) {
  const items = (rounds ?? []).flatMap(({ sent }) => (sent ?? []).flatMap((one) => one.items));
  return items.flatMap(({ kind, id, version, data }) =>
    data && kinds[kind]
      ? [{ kind, id, version, data, centre_id: data.centre_id, district_code: data.district_code, day: data[kinds[kind].day], called: data[kinds[kind].called] ?? "", mine: false, deleted: false }]
      : [],
  );
}

/** @param {BookRecord} record */
export const isSettled = (record) => record.state === "received" || record.state === "pending";

/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
