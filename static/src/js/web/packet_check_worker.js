// @ts-check
/** Reads a chosen packet slice by slice, apart from the page.  Gets a File; answers
 *  `{ done }` now and then, at last `{ checked }` or `{ failed: true }`.  Fetches nothing. */
import { checkPacket } from "./packet_check_bag.js";

const TELL_EVERY_MS = 100;

self.addEventListener("message", async ({ data }) => {
  const file = /** @type {Blob} */ (data);
  const load = async (/** @type {number} */ offset, /** @type {number} */ size) =>
    new Uint8Array(await file.slice(offset, offset + size).arrayBuffer());
  let told = 0;
  try {
    const checked = await checkPacket(file.size, load, (done) => {
      if (performance.now() - told < TELL_EVERY_MS) return;
      told = performance.now();
      self.postMessage({ done });
    });
    self.postMessage({ checked });
  } catch {
    self.postMessage({ failed: true }); // the disk was pulled out, or the file changed meanwhile
  }
});
