// @ts-check
/** Thai text and personal data in it, as the server reads them.  Twin of app/shared/thai.py and
 *  app/shared/personal.py as far as the phone's rules need them. */

// Controls, surrogates, unassigned and private characters: they break exports.
const UNWANTED = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}]/gu;
const UNWANTED_BUT_LINES = /(?!\n)[\p{Cc}\p{Cs}\p{Cn}\p{Co}]/gu;
// Bidi overrides and isolates can make a name read as another.
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// What Python calls blank; unlike `trim` it leaves U+FEFF.
const OUTER_BLANKS =
  /^[\n \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\n \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

/** Text as typed minus controls, bidi overrides and noncharacters; outer space trimmed.
 *  @param {string} typed @param {{lines?: boolean}} [keep] `lines` keeps line breaks @returns {string} */
export function cleanText(typed, { lines = false } = {}) {
  const plain = typed.replace(/\r\n?/g, "\n").replace(/\t/g, " ");
  const kept = lines
    ? plain.replace(UNWANTED_BUT_LINES, "")
    : plain.replace(/\n/g, " ").replace(UNWANTED, "");
  return kept.replace(BIDI, "").normalize("NFC").replace(OUTER_BLANKS, "");
}

/** Length as the server counts it. @param {string} text @returns {number} */
export const codePoints = (text) => [...text].length;

/** ๐-๙ as 0-9. @param {string} text @returns {string} */
export const asciiDigits = (text) =>
  text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));

/** The stored spelling of a Thai phone number, null when it is none.
 *  @param {string} typed @returns {string | null} */
export function normalPhone(typed) {
  const compact = asciiDigits(typed).replace(/[\s().\-\u2010-\u2015]/g, "");
  const extension = /(?:ต่อ|;?ext\.?=?|#)([0-9]{1,6})$/i.exec(compact);
  let number = extension ? compact.slice(0, extension.index) : compact;
  if (number.startsWith("+66")) number = `0${number.slice(3).replace(/^0/, "")}`;
  if (!/^0(?:[689][0-9]{8}|[2-57][0-9]{7})$/.test(number)) return null;
  return extension ? `${number};ext=${extension[1]}` : number;
}

// 13 digits together, or grouped as the card prints them: 1-2345-67890-12-3.
const GAP = "[ .\\-\\u2010-\\u2015]";
const ID_NUMBER = new RegExp(
  `(?:^|[^0-9])([0-9]{13}|[0-9]${GAP}[0-9]{4}${GAP}[0-9]{5}${GAP}[0-9]{2}${GAP}[0-9])(?![0-9])`,
  "g",
);

/** Whether the text holds a valid Thai national ID number, in any digits.
 *  @param {string} text @returns {boolean} */
export function holdsIdNumber(text) {
  return [...asciiDigits(text).matchAll(ID_NUMBER)].some(([, found]) =>
    isIdNumber(found.replace(/[^0-9]/g, "")),
  );
}

/** Mod-11: weights 13 down to 2, the last digit checks. @param {string} digits */
function isIdNumber(digits) {
  const weighted = [...digits]
    .slice(0, 12)
    .reduce((sum, d, place) => sum + Number(d) * (13 - place), 0);
  return (11 - (weighted % 11)) % 10 === Number(digits[12]);
}
