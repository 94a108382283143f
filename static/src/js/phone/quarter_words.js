// @ts-check
/** A quarter in words, as app/web/filters.py writes it. */

/** @param {string} quarter "2567Q2" @param {import("./words.js").Words} words @returns {string} */
export function quarterWords(quarter, words) {
  const [year, number] = quarter.split("Q");
  return words("quarter", { number, year });
}
