// @ts-check
/** When somebody is to be asked, in words: as `due_badge` in templates/followups/_parts.html. */
import { badge } from "./parts.js";
import { daysBetween, thaiDay } from "./thai_day.js";

const LONG_AGO_DAYS = 90; // from then on the day says more than a count

/** @param {import("./context.js").Context} ctx @param {string} day */
export function dueBadge(ctx, day) {
  const days = daysBetween(day, ctx.today());
  return badge(days < 0 ? "late" : "due", dueWords(ctx, day, days));
}

/** @param {import("./context.js").Context} ctx @param {string} day @param {number} days */
function dueWords({ words, locale }, day, days) {
  if (days < -LONG_AGO_DAYS) return words("due.since", { day: thaiDay(day, locale) });
  if (days < 0) return words("due.late", { num: -days });
  return days === 0 ? words("due.today") : words("due.in", { num: days });
}
