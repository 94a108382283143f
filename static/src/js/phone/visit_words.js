// @ts-check
/** What to call visits and answers in lists: groups by name, people never. */
import { badge, linkRow } from "./parts.js";
import { thaiDay } from "./thai_day.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./book.js").BookVisit} BookVisit */

/** @param {Context} ctx @param {{ groupName: string | null, nTotal: number }} visit */
export function visitName(ctx, { groupName, nTotal }) {
  return groupName || ctx.words(nTotal === 1 ? "visits.one_person" : "visits.people");
}

/** A visit as a row of a list. @param {Context} ctx @param {BookVisit} visit */
export function visitRow(ctx, visit) {
  const { locale, words } = ctx;
  const facts = [thaiDay(visit.visitDate, locale), words("visits.n", { num: visit.nTotal })];
  if (visit.photos) facts.push(words("visits.photos", { num: visit.photos }));
  return linkRow({
    href: `/phone/visits/${visit.id}`,
    title: visitName(ctx, visit),
    text: facts.join(" · "),
    icon: visit.nTotal > 1 ? "people" : "user",
    // What the office has is the ordinary case; a badge on every row would hide the others.
    side: visit.deleted ? badge("struck") : visit.state === "received" ? null : badge(visit.state),
  });
}

/**
 * The words of an answer out of the programme's lists; the key itself where the list has it no more.
 * @param {Context} ctx
 * @param {"visit_kinds" | "visitor_sectors" | "topics" | "followup_methods" | "followup_uses" | "outcomes"} list
 * @param {string | null | undefined} key
 */
export function answerWords(ctx, list, key) {
  if (!key) return "";
  return ctx.programme[list].find((choice) => choice.key === key)?.[ctx.locale] ?? key;
}
