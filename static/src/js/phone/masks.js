// @ts-check
/** Names and numbers of people, hidden but for their ends, and shown.  Twin of app/shared/personal.py. */

/** @param {string} phone as stored: 0812345678, 054445544;ext=12 @returns {string} 081-234-5678 */
export function showPhone(phone) {
  const [number, extension] = phone.split(";ext=");
  const shown = number.length === 10
    ? `${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)}`
    : `${number.slice(0, 1)}-${number.slice(1, 5)}-${number.slice(5)}`;
  return extension ? `${shown} ต่อ ${extension}` : shown;
}

/** @param {string} phone @returns {string} 08x-xxx-xx78 */
export function maskPhone(phone) {
  const [number] = phone.split(";ext=");
  return showPhone(number.slice(0, 2) + "x".repeat(Math.max(0, number.length - 4)) + number.slice(-2));
}

/** The first letter stays; a leading vowel keeps its consonant. @param {string} name @returns {string} */
export function maskName(name) {
  if (!name) return "";
  const kept = /^[\u0e40-\u0e44]/.test(name) ? 2 : 1;
  return `${[...name].slice(0, kept).join("")}***`;
}
