// @ts-check
/** Days as the server knows them: `2024-02-13`, Bangkok's, Gregorian inside.  Twin of parts of
 *  app/shared/clock.py and app/visits/rules.py.  Buddhist years and Thai digits are taken and turned. */
import { asciiDigits } from "./text.js";

const BUDDHIST_OFFSET = 543;
const FIRST_BUDDHIST_YEAR = 2400;
const BANGKOK_MS = 7 * 3_600_000; // no daylight saving

/** @param {unknown} said @returns {string | null} the day in ISO spelling, null when it is none */
export function readDay(said) {
  const parts = typeof said === "string" ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(asciiDigits(said)) : null;
  if (!parts) return null;
  const [written, month, day] = parts.slice(1).map(Number);
  const year = written >= FIRST_BUDDHIST_YEAR ? written - BUDDHIST_OFFSET : written;
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
    ? spell(year, month, day)
    : null;
}

/** The day in Thailand on which an instant falls. @param {number} instant epoch ms @returns {string} */
export function bangkokDay(instant) {
  const there = new Date(instant + BANGKOK_MS);
  return spell(there.getUTCFullYear(), there.getUTCMonth() + 1, there.getUTCDate());
}

/** The same day of a later month, or that month's last day.
 *  @param {string} day @param {number} months @returns {string} */
export function monthsAfter(day, months) {
  const [year, month, date] = day.split("-").map(Number);
  const count = year * 12 + (month - 1) + months;
  const [y, m] = [Math.floor(count / 12), (count % 12) + 1];
  return spell(y, m, Math.min(date, daysIn(y, m)));
}

/** @param {string} day @param {number} days @returns {string} */
export function daysAfter(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The fiscal quarter, `2567Q2`: October to December of 2566 are 2567Q1.
 *  @param {string} day @returns {string} */
export function quarterOf(day) {
  const [year, month] = day.split("-").map(Number);
  const fiscal = year + BUDDHIST_OFFSET + (month >= 10 ? 1 : 0);
  return `${fiscal}Q${Math.floor(((month + 2) % 12) / 3) + 1}`;
}

/** @param {number} year @param {number} month 1..12 */
function daysIn(year, month) {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** @param {number} year @param {number} month @param {number} day */
function spell(year, month, day) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}
