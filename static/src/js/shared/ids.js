// @ts-check
/** Identities made on the phone: UUIDv7 (RFC 9562), so that ids made offline never clash and
 *  sort by time.  Promise: each is later than the one before, also within one millisecond and
 *  when the clock steps back a little; whatever the clock says, the id is a valid version 7. */

const LARGEST_MS = 2 ** 48 - 1; // 48 bits, the year 10889
const LARGEST_COUNT = 0xfff; // 12 bits
const SMALL_STEP_BACK_MS = 60_000; // a correction of the clock; more than this is another day

/** @param {{now?: () => number, random?: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array}} [from]
 *  @returns {() => string} */
export function createIds({
  now = () => Date.now(),
  random = (bytes) => crypto.getRandomValues(bytes),
} = {}) {
  let last = -1;
  let count = 0;

  return () => {
    const bytes = random(new Uint8Array(16));
    const ms = readable(now());
    if (ms > last || last - ms > SMALL_STEP_BACK_MS) {
      last = ms;
      count = ((bytes[6] & 0x07) << 8) | bytes[7]; // starts in the lower half: room to count
    } else if (++count > LARGEST_COUNT) {
      last = Math.min(last + 1, LARGEST_MS);
      count = 0;
    }
    return spell(last, count, bytes);
  };
}

/** @param {number} ms @returns {number} */
function readable(ms) {
  return Number.isFinite(ms) ? Math.min(Math.max(Math.floor(ms), 0), LARGEST_MS) : 0;
}

/** @param {number} ms @param {number} count @param {Uint8Array} bytes @returns {string} */
function spell(ms, count, bytes) {
  const time = ms.toString(16).padStart(12, "0");
  const head = `${time.slice(0, 8)}-${time.slice(8)}-7${count.toString(16).padStart(3, "0")}`;
  const tail = Array.from(bytes.slice(8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = ((parseInt(tail[0], 16) & 0x3) | 0x8).toString(16);
  return `${head}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}`;
}

/** Make a new identity. */
export const newId = createIds();
