// @ts-check
/**
 * Pictures: what a file really is, told from its bytes, and smaller copies of it.
 *
 * Promises: the original's bytes are never changed; one whole picture is decoded at a time and
 * let go of at once; what this browser cannot draw (HEIC on Android) is kept all the same, only
 * without a copy.  Twin of app/shared/media.py for what counts as a picture.
 */

export const PREVIEW_PX = 1280;
const PREVIEW_QUALITY = 0.7; // 100-200 kB: readable on 2G, good enough to judge a plot by
export const THUMB_PX = 240;
const THUMB_QUALITY = 0.6;
const HEIC = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"]);
const AVIF = new Set(["avif", "avis"]);
const GENERIC = new Set(["mif1", "msf1"]);

/** The picture type of these bytes, or null: not one we take.  The file's name plays no part.
 *  @param {ArrayBuffer} bytes @returns {string | null} */
export function mediaTypeOf(bytes) {
  const head = new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 512));
  const text = String.fromCharCode(...head);
  if (text.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "image/webp";
  return text.slice(4, 8) === "ftyp" ? brandOf(text, head) : null;
}

/** @param {string} text @param {Uint8Array} head */
function brandOf(text, head) {
  const size = new DataView(head.buffer, head.byteOffset).getUint32(0);
  const main = text.slice(8, 12);
  if (AVIF.has(main)) return "image/avif";
  if (!HEIC.has(main)) return null;
  // "mif1" and "msf1" only say "a HEIF container"; the other brands say what is in it.
  const end = Math.min(size, head.length);
  for (let at = 16; GENERIC.has(main) && at <= end - 4; at += 4) {
    if (AVIF.has(text.slice(at, at + 4))) return "image/avif";
  }
  return "image/heic";
}

/** A smaller JPEG with the right side up, or null where this browser cannot draw the picture.
 *  @param {Blob} blob @param {{ longestPx: number, quality: number }} how @returns {Promise<Blob | null>} */
async function copyOf(blob, { longestPx, quality }) {
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return null;
  const canvas = document.createElement("canvas");
  try {
    const scale = Math.min(1, longestPx / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    if (!context) return null;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  } finally {
    bitmap.close();
    canvas.width = canvas.height = 0; // iOS keeps the memory otherwise
  }
}

/** What is sent first where the line costs money. @param {Blob} blob */
export const previewOf = (blob) => copyOf(blob, { longestPx: PREVIEW_PX, quality: PREVIEW_QUALITY });

/** What the screen shows of it. @param {Blob} blob */
export const thumbOf = (blob) => copyOf(blob, { longestPx: THUMB_PX, quality: THUMB_QUALITY });
