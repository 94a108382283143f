// @ts-check
/** Canonical JSON in the manner of RFC 8785, and the hash of an item of the outbox.
 *  Promise: for JSON values it writes byte for byte what `app/shared/record.py: canonical_json`
 *  writes, so phone and server name the same content by the same hash.
 *  Knows nothing of records; dates and ids are text here. */
import { toHex, utf8 } from "./bytes.js";

/** What of an item its hash covers; the signature and the phone's own notes are not content. */
const HASHED = /** @type {const} */ (["kind", "op", "id", "base_version", "data", "attachments"]);

/** @param {unknown} value @returns {string} @throws {TypeError} for what JSON cannot say */
export function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      // RFC 8785 orders by UTF-16 code units, which is how `<` compares strings here.
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${text(key)}:${canonicalJson(inner)}`);
    return `{${pairs.join(",")}}`;
  }
  if (typeof value === "string") return text(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  throw new TypeError(`${typeof value} has no canonical spelling`);
}

/** Half a surrogate pair has no UTF-8; hashing something else in its place would be a lie.
 *  @param {string} value */
function text(value) {
  if (/\p{Cs}/u.test(value)) throw new TypeError("a lone surrogate has no canonical spelling");
  return JSON.stringify(value);
}

/** @param {ArrayBuffer | Uint8Array} bytes @returns {Promise<string>} 64 hex digits */
export async function sha256Hex(bytes) {
  return toHex(await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes)));
}

/** The hash that names an item: `attachments` [] and `base_version` null where it has none.
 *  @param {import("../outbox/types.js").Item} item @returns {Promise<string>} */
export function itemSha256(item) {
  const whole = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (item));
  const content = Object.fromEntries(HASHED.map((name) => [name, whole[name] ?? null]));
  content.attachments ??= [];
  return sha256Hex(utf8(canonicalJson(content)));
}
