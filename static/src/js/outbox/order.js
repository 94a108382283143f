// @ts-check
/** What goes next.  Pure.  Text before photos, previews before originals, parents before children,
 *  what is due soonest first, and never two versions of one record out of order. */

/** @typedef {import("./entries.js").Row} Row */

/** Words before what has bytes; a plan item before its results. @type {Record<import("./types.js").Kind, number>} */
const RANK = {
  visit: 0,
  followup: 1,
  contact_seen: 2,
  activity: 3,
  network_order: 3,
  assessment: 3,
  plan_item: 3,
  plan_result: 4,
  post: 4,
  document: 5,
  photo: 6,
};
const NO_HURRY = 99_999; // days; after everything that has a day
const DAY_MS = 86_400_000;
export const LONGEST_WAIT_MS = 5 * 60_000;

/** Deletions go last, children first, so that nothing still under way loses its parent.
 *  @param {Row} row */
const rank = (row) => (row.op === "delete" ? 19 - RANK[row.kind] : RANK[row.kind]);

/** @param {Row} a @param {Row} b */
const byTurn = (a, b) => rank(a) - rank(b) || a.order - b.order || a.seq - b.seq;

/** A time to try again that lies further ahead than we ever wait was set by another clock.
 *  @param {Row} row @param {number} now */
export const isDue = (row, now) =>
  row.next_try_at <= now || row.next_try_at > now + LONGEST_WAIT_MS || !Number.isFinite(now);

/** Words to send now: items, photos to announce, photos whose bytes are there and want a receipt.
 *  @param {Row[]} rows unsent, by seq @param {number} now @returns {Row[]} */
export function wordsDue(rows, now) {
  const blocked = laterVersions(rows);
  return rows
    .filter((row) => isOpen(row) && isDue(row, now) && !blocked.has(row.id))
    .filter((row) => (row.phase === "announce" && !row.held) || row.phase === "confirm")
    .sort(byTurn);
}

/** What the server holds for its parent, to ask once more whether it came.
 *  @param {Row[]} rows @returns {Row[]} */
export const heldRows = (rows) =>
  rows.filter((row) => row.held && row.state === "pending" && row.phase !== "confirm").sort(byTurn);

/** Photos whose bytes may go now: all previews, then originals.
 *  @param {Row[]} rows @param {number} now @param {boolean} originals @returns {Row[]} */
export function bytesDue(rows, now, originals) {
  const open = rows.filter((row) => isOpen(row) && isDue(row, now));
  const previews = open.filter((row) => row.phase === "preview").sort(byTurn);
  const large = originals ? open.filter((row) => row.phase === "original").sort(byTurn) : [];
  return [...previews, ...large];
}

/** @param {Row} row */
const isOpen = (row) => row.state !== "fixing" && row.state !== "received";

/** Entries that must wait for an earlier entry of the same record. @param {Row[]} rows by seq */
function laterVersions(rows) {
  const seen = new Set();
  const blocked = new Set();
  for (const row of rows) {
    if (seen.has(row.record_id)) blocked.add(row.id);
    // A photo that is announced is known, though its bytes may wait for days.
    if (row.state === "fixing" || row.phase === "announce" || row.held) seen.add(row.record_id);
  }
  return blocked;
}

/** The day by which an entry should have arrived: the soonest round of its quarter, as days since 1970.
 *  @param {string | null} quarter 2567Q2 @param {{quarter: string, due_on: string}[] | undefined} rounds */
export function turnOf(quarter, rounds) {
  const days = (rounds ?? [])
    .filter((round) => round.quarter === quarter)
    .map((round) => Math.floor(Date.parse(round.due_on) / DAY_MS))
    .filter((day) => Number.isFinite(day));
  return days.length ? Math.min(...days) : NO_HURRY;
}

/** As many as fit into one request. @template {{size: number}} T
 *  @param {T[]} sized @param {{items: number, bytes: number}} limit @returns {T[]} at least one */
export function fitting(sized, limit) {
  let bytes = 0;
  const count = sized.findIndex((one, index) => {
    bytes += one.size;
    return index > 0 && (index >= limit.items || bytes > limit.bytes);
  });
  return count < 0 ? sized : sized.slice(0, count);
}
