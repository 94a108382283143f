// @ts-check
/** How far the photos of one record are, in numbers for a sentence.  Pure. */

/** @typedef {import("../outbox/types.js").Entry} Entry */

/** @param {Entry[]} photos @returns {{ total: number, received: number, fixing: number, bytesTotal: number, bytesSent: number }} */
export function photoStates(photos) {
  const sum = { total: photos.length, received: 0, fixing: 0, bytesTotal: 0, bytesSent: 0 };
  for (const { state, bytesTotal, bytesSent } of photos) {
    if (state === "received") sum.received += 1;
    if (state === "fixing") sum.fixing += 1;
    sum.bytesTotal += bytesTotal;
    sum.bytesSent += state === "received" ? bytesTotal : bytesSent;
  }
  return sum;
}
