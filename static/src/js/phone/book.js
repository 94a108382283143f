// @ts-check
/**
 * The phone's visitor book: what was written here joined with what the office last told.  Pure.
 *
 * Promises: a visit is in the book from the moment it is saved, sent or not; what was written here
 * and not confirmed always counts more than what the office said before.
 */

/** @typedef {import("../outbox/types.js").Entry} Entry */
/** @typedef {import("../outbox/types.js").State} State */

/** A visit as the office lists it (GET /changes, section records).
 *  @typedef {{
 *    id: string, centre_id: string, version: number, visit_date: string, kind: string,
 *    group_name: string | null, n_total: number, mine: boolean, photos: number, deleted: boolean,
 *  }} Listed */

/**
 * @typedef {object} BookVisit
 * @property {string} id
 * @property {string} centreId
 * @property {string} visitDate
 * @property {string} kind
 * @property {string | null} groupName
 * @property {number} nTotal
 * @property {State} state  the most urgent of its entries; received when only the office has it
 * @property {boolean} deleted  struck out, here or at the office
 * @property {number} photos  here and at the office
 * @property {Record<string, any> | null} data  every box, when it was written on this phone
 * @property {number} version  the version the office has, or will have when what waits has arrived
 * @property {Entry | null} open  an entry that can still be replaced: not received yet
 * @property {Entry[]} entries  of the visit itself, oldest first
 * @property {Entry[]} photoEntries
 * @property {string | null} receipt  the code its person was given on this phone
 */

const URGENCY = /** @type {State[]} */ (["fixing", "sending", "waiting", "pending", "received"]);

/** The whole book: what waits first, then by day, newest first. @param {Entry[]} entries @param {Listed[]} listed @returns {BookVisit[]} */
export function joinBook(entries, listed) {
  const ids = new Set([
    ...listed.map((visit) => visit.id),
    ...entries.filter((entry) => entry.kind === "visit").map((entry) => entry.recordId),
  ]);
  const visits = [...ids].map((id) => joinVisit(id, entries, listed)).filter((visit) => visit !== null);
  return visits.sort(
    (a, b) => Number(isSettled(a)) - Number(isSettled(b)) || compare(b.visitDate, a.visitDate) || compare(b.id, a.id),
  );
}

/** @param {string} id @param {Entry[]} entries @param {Listed[]} listed @returns {BookVisit | null} */
export function joinVisit(id, entries, listed) {
  const told = listed.find((visit) => visit.id === id) ?? null;
  const own = entries
    .filter((entry) => entry.kind === "visit" && entry.recordId === id)
    .sort((a, b) => a.createdAt - b.createdAt);
  const written = own.filter((entry) => entry.op !== "delete" && entry.item);
  const data = written.at(-1)?.item?.data ?? null;
  if (!told && !data) return null; // thrown away, or sealed with another sign-in's key
  const photoEntries = entries.filter((entry) => entry.kind === "photo" && entry.subjectId === id && entry.op === "create");
  const stale = data && told && told.version > versionOf(own); // corrected at the office since
  return {
    id,
    ...(data && !stale ? factsOf(data) : factsTold(told, data)),
    state: own.length ? mostUrgent(own) : "received",
    deleted: Boolean(told?.deleted) || own.some((entry) => entry.op === "delete" && entry.state !== "fixing"),
    photos: Math.max(photoEntries.length, told?.photos ?? 0),
    data: stale ? null : data,
    version: Math.max(versionOf(own), told?.version ?? 0) + own.filter(isUnsentChange).length,
    open: own.filter((entry) => entry.op !== "delete" && canReplace(entry)).at(-1) ?? null,
    entries: own,
    photoEntries,
    receipt: own.map((entry) => entry.item?.receipt_code).find(Boolean) ?? null,
  };
}

/**
 * The item that puts `data` in the place of an entry that was not received.  Where the office has
 * another version by now, ours goes on top of it and says so.
 * @param {Entry} entry @param {Record<string, any>} data @returns {import("../outbox/types.js").Item}
 */
export function itemInPlace({ item, kind, op, recordId, current }, data) {
  if (current) return { kind, op: "edit", id: recordId, base_version: current.version, data };
  return { kind, op, id: recordId, base_version: item?.base_version ?? null, data };
}

/** May an entry still be corrected in place? @param {Entry} entry */
export function canReplace(entry) {
  return entry.state === "waiting" || entry.state === "fixing";
}

/** @param {BookVisit} visit */
function isSettled(visit) {
  return visit.state === "received" || visit.state === "pending";
}

/** @param {Record<string, any>} data */
function factsOf(data) {
  return {
    centreId: data.centre_id,
    visitDate: data.visit_date,
    kind: data.kind,
    groupName: data.group_name ?? null,
    nTotal: (data.n_male ?? 0) + (data.n_female ?? 0) + (data.n_other ?? 0),
  };
}

/** @param {Listed | null} told @param {Record<string, any> | null} data */
function factsTold(told, data) {
  if (!told) return factsOf(data ?? {});
  const { centre_id: centreId, visit_date: visitDate, kind, group_name: groupName, n_total: nTotal } = told;
  return { centreId, visitDate, kind, groupName, nTotal };
}

/** The newest version that a receipt spoke of. @param {Entry[]} own */
export function versionOf(own) {
  return own.reduce((newest, entry) => Math.max(newest, entry.receipt?.version ?? 0), 0);
}

/** @param {Entry} entry */
export function isUnsentChange(entry) {
  return entry.op === "edit" && entry.state !== "received" && entry.state !== "fixing";
}

/** @param {Entry[]} own */
export function mostUrgent(own) {
  return URGENCY.find((state) => own.some((entry) => entry.state === state)) ?? "received";
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
