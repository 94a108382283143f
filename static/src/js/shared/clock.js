// @ts-check
/** Time on a phone whose clock may be wrong by centuries: set to the year 2567, back to 1970 after a
 *  flat battery.  Promise: a wrong clock never costs a record.  What was seen of the server's time
 *  corrects what no server could believe; everything else is kept as the phone says it. */

/** @typedef {import("../outbox/types.js").Contact} Contact */

const BUDDHIST_OFFSET = 543;
const FIRST_YEAR = 2000; // the server believes captured_at from here …
const FIRST_BUDDHIST_YEAR = 2400; // … to here (app/shared/decode.py)
const LARGEST_SKEW_S = 2 ** 31 - 1; // the server's column

/** @type {import("../outbox/types.js").Clock} */
export const browserClock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  random: () => Math.random(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (id) => clearTimeout(id),
};

/** What time it most likely is: never before the last word of the server, never a Buddhist year.
 *  @param {number} now what the phone says, epoch ms @param {Contact | null | undefined} contact
 *  @returns {number} */
export function likelyNow(now, contact) {
  const corrected = contact ? now - contact.skewS * 1000 : now;
  return Math.max(gregorian(corrected), contact?.serverTime ?? 0);
}

/** An instant the server will believe: as the phone said it, if at all possible.
 *  @param {string} said ISO 8601 with offset @param {Contact | null | undefined} contact @returns {string} */
export function believable(said, contact) {
  const year = Number(/^([+-]?\d+)-/.exec(said)?.[1] ?? NaN);
  if (year >= FIRST_YEAR && year < FIRST_BUDDHIST_YEAR) return said;
  const instant = Date.parse(said);
  const offset = /([+-])(\d\d):(\d\d)$/.exec(said);
  const minutes = offset
    ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3]))
    : 0;
  return isoWithOffset(likelyNow(Number.isNaN(instant) ? 0 : instant, contact), minutes);
}

/** @param {number} skewS @returns {number} within what the server's column holds */
export const storableSkew = (skewS) => Math.min(Math.max(skewS, -LARGEST_SKEW_S), LARGEST_SKEW_S);

/** @param {number} instant epoch ms @param {number} [offsetMin] minutes east of UTC; this phone's own
 *  @returns {string} 2024-02-13T09:55:00.000+07:00 */
export function isoWithOffset(instant, offsetMin = -new Date(instant).getTimezoneOffset()) {
  const local = new Date(instant + offsetMin * 60_000).toISOString().slice(0, -1);
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  const size = Math.abs(offsetMin);
  return `${local}${offsetMin < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}

/** @param {number} instant */
function gregorian(instant) {
  const then = new Date(instant);
  const year = then.getUTCFullYear();
  if (year < FIRST_BUDDHIST_YEAR) return instant;
  return then.setUTCFullYear(year - BUDDHIST_OFFSET);
}
