// @ts-check
/** Days and times in words, as app/web/filters.py writes them: Buddhist years in both languages. */

const BUDDHIST_OFFSET = 543;
const NO_BREAK = "\u00a0"; // a narrow column must not part a day from its year

/** @typedef {"short" | "long" | "table"} Style */

/**
 * @param {string} day "2024-02-13" @param {"th" | "en"} locale @param {Style} [style]
 * @returns {string} 13 ก.พ. 2567 / 13 Feb 2567 BE
 */
export function thaiDay(day, locale, style = "short") {
  const [year, month, date] = day.split("-").map(Number);
  const name = new Intl.DateTimeFormat(locale === "th" ? "th-TH" : "en-US", {
    timeZone: "UTC",
    month: style === "long" ? "long" : "short",
  }).format(Date.UTC(2024, month - 1, 1));
  const buddhist = year + BUDDHIST_OFFSET;
  if (locale === "en") return [date, name, buddhist, "BE"].join(NO_BREAK);
  return [date, name, style === "table" ? String(buddhist).slice(-2) : buddhist].join(NO_BREAK);
}

/** @param {number} instant epoch ms @param {"th" | "en"} locale @param {Style} [style] @returns {string} on a Thai clock */
export function thaiMoment(instant, locale, style = "short") {
  const local = new Date(instant + 7 * 3_600_000).toISOString();
  const [day, time] = [local.slice(0, 10), local.slice(11, 16)];
  if (locale === "en") return `${thaiDay(day, locale, style)}, ${time}`;
  return `${thaiDay(day, locale, style)} ${time.replace(":", ".")}${NO_BREAK}น.`;
}

/** @param {string} later @param {string} earlier @returns {number} whole days between two days */
export function daysBetween(later, earlier) {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / 86_400_000);
}

/** @param {string} day "2024-02-01" @param {"th" | "en"} locale @returns {string} ก.พ. 2567 */
export function thaiMonth(day, locale) {
  return thaiDay(day, locale).split(NO_BREAK).slice(1).join(NO_BREAK);
}
