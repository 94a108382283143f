// @ts-check
/**
 * The phone's follow-ups: what was written here joined with what the office last told, and which
 * visits are due.  Pure.
 *
 * Promise: a check saved on this phone counts as done at once, sent or not; one that was struck
 * out, or that the office refused, is due again.
 */
import { canReplace, isUnsentChange, mostUrgent, versionOf } from "./book.js";

/** @typedef {import("../outbox/types.js").Entry} Entry */
/** @typedef {import("../outbox/types.js").State} State */

/** As the office lists it (GET /changes, section records).
 *  @typedef {{ id: string, visit_id: string, version: number, followed_on: string, used: string,
 *    mine: boolean, deleted: boolean }} Listed */

/** A visit to follow up (section due).
 *  @typedef {{ visit_id: string, centre_id: string, visit_date: string, due_on: string,
 *    step_months: number | null, kind: string, group_name: string | null, leader_name: string | null,
 *    phone: string | null, n_total: number, topics: string[], consent_followup: boolean }} Due */

/**
 * @typedef {object} BookFollowup
 * @property {string} id
 * @property {string} visitId
 * @property {string} followedOn
 * @property {string} used
 * @property {State} state
 * @property {boolean} deleted
 * @property {Record<string, any> | null} data  every box, when it was written on this phone
 * @property {number} version  the version the office has, or will have when what waits has arrived
 * @property {Entry | null} open  an entry that can still be replaced
 * @property {Entry[]} entries  of the follow-up itself, oldest first
 * @property {Entry[]} photoEntries
 */

/** Everything known here, newest day first. @param {Entry[]} entries @param {Listed[]} listed @returns {BookFollowup[]} */
export function joinFollowups(entries, listed) {
  const ids = new Set([
    ...entries.filter((entry) => entry.kind === "followup").map((entry) => entry.recordId),
    ...listed.map((one) => one.id),
  ]);
  const found = [...ids].map((id) => joinFollowup(id, entries, listed)).filter((one) => one !== null);
  return found.sort((a, b) => (a.followedOn < b.followedOn ? 1 : a.followedOn > b.followedOn ? -1 : 0));
}

/** @param {string} id @param {Entry[]} entries @param {Listed[]} listed @returns {BookFollowup | null} */
export function joinFollowup(id, entries, listed) {
  const told = listed.find((one) => one.id === id) ?? null;
  const own = entries
    .filter((entry) => entry.kind === "followup" && entry.recordId === id)
    .sort((a, b) => a.createdAt - b.createdAt);
  if (!told && !own.length) return null;
  const data = own.filter((entry) => entry.op !== "delete" && entry.item).at(-1)?.item?.data ?? null;
  const stale = data && told && told.version > versionOf(own); // corrected at the office since
  const facts = data && !stale ? data : (told ?? {});
  return {
    id,
    visitId: facts.visit_id ?? own[0]?.subjectId ?? "",
    followedOn: facts.followed_on ?? "",
    used: facts.used ?? "",
    state: own.length ? mostUrgent(own) : "received",
    deleted: Boolean(told?.deleted) || own.some((entry) => entry.op === "delete" && entry.state !== "fixing"),
    data: stale ? null : data,
    version: Math.max(versionOf(own), told?.version ?? 0) + own.filter(isUnsentChange).length,
    open: own.filter((entry) => entry.op !== "delete" && canReplace(entry)).at(-1) ?? null,
    entries: own,
    photoEntries: entries.filter((entry) => entry.kind === "photo" && entry.subjectId === id && entry.op === "create"),
  };
}

/** Who is still to be asked, soonest first. @param {Due[]} due @param {Entry[]} entries @returns {Due[]} */
export function stillDue(due, entries) {
  const done = joinFollowups(entries, []).filter((one) => !one.deleted && one.data && one.state !== "fixing");
  return due.filter((visit) => !done.some((check) => answers(check, visit)));
}

/** Has this check done what is due?  Once the office has it, the office's next due day says.
 *  @param {BookFollowup} check @param {Due} visit */
function answers(check, visit) {
  if (check.visitId !== visit.visit_id) return false;
  if (check.state !== "received") return true;
  const sameStep = visit.step_months !== null && check.data?.step_months === visit.step_months;
  return sameStep || visit.due_on <= check.followedOn;
}
