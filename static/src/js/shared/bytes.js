// @ts-check
/** Bytes as text and back: UTF-8, hex, base64url without padding. */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const utf8 = (text) => ENCODER.encode(text);

/** @param {ArrayBuffer | Uint8Array} bytes @returns {string} @throws {TypeError} if it is no UTF-8 */
export const fromUtf8 = (bytes) => DECODER.decode(bytes);

/** @param {ArrayBuffer | Uint8Array} bytes @returns {string} */
export function toHex(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {ArrayBuffer | Uint8Array} bytes @returns {string} */
export function toBase64(bytes) {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @param {ArrayBuffer | Uint8Array} bytes @returns {string} */
export function toBase64url(bytes) {
  return toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} @throws {Error} if it is none */
export function fromBase64url(text) {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @param {ArrayBuffer} a @param {ArrayBuffer} b @returns {boolean} */
export function sameBytes(a, b) {
  if (a.byteLength !== b.byteLength) return false;
  const [left, right] = [new Uint8Array(a), new Uint8Array(b)];
  for (let place = 0; place < left.length; place += 1) {
    if (left[place] !== right[place]) return false;
  }
  return true;
}
