// @ts-check
/**
 * Enrolment codes as people type and cameras see them.  Twin of `normal_code` in
 * app/devices/rules.py; the server has the last word.  Pure.
 */
import { asciiDigits } from "../shared/text.js";

const LENGTH = 8;
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]+$/; // Crockford's base32: no I, L, O, U
/** @type {Record<string, string>} */
const LOOK_ALIKES = { O: "0", I: "1", L: "1" };

/** A code as it was made, or null where this can be none. @param {string} typed @returns {string | null} */
export function normalCode(typed) {
  const compact = asciiDigits(typed)
    .toUpperCase()
    .replace(/[\s\u2010-\u2015-]/g, "")
    .replace(/[OIL]/g, (letter) => LOOK_ALIKES[letter]);
  return compact.length === LENGTH && ALPHABET.test(compact) ? compact : null;
}

/** @param {string} code @returns {string} 7K3Q-9XWD, as people read it out */
export function showCode(code) {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** The code in what a QR square holds: an address with the code behind #, or the code alone.
 *  @param {string} text @returns {string | null} */
export function codeIn(text) {
  const at = text.lastIndexOf("#");
  try {
    return normalCode(decodeURIComponent(at < 0 ? text : text.slice(at + 1)));
  } catch {
    return null; // a stray % in somebody else's address
  }
}

/** What is being typed, with its dash where it belongs. @param {string} typed @returns {string} */
export function withDash(typed) {
  const compact = asciiDigits(typed).toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, LENGTH);
  return compact.length > LENGTH / 2 ? showCode(compact) : compact;
}
