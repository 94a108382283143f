// @ts-check
/** What to call follow-ups in lists, and their facts as lines.  People never by name. */
import { badge, linkRow, part } from "./parts.js";
import { thaiDay } from "./thai_day.js";
import { answerWords, visitName } from "./visit_words.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./followup_book.js").BookFollowup} BookFollowup */
/** @typedef {import("./visit_to_follow.js").VisitToFollow} VisitToFollow */

/** @param {Context} ctx @param {VisitToFollow | null} visit */
export function followedName(ctx, visit) {
  return visit ? visitName(ctx, visit) : ctx.words("outbox.kind.followup");
}

/** A follow-up as a row of a list. @param {Context} ctx @param {BookFollowup} followup @param {VisitToFollow | null} visit */
export function followupRow(ctx, followup, visit) {
  const { locale } = ctx;
  const facts = [thaiDay(followup.followedOn, locale), answerWords(ctx, "followup_uses", followup.used)];
  return linkRow({
    href: `/phone/followups/${followup.id}`,
    title: followedName(ctx, visit),
    text: facts.filter(Boolean).join(" · "),
    icon: "followup",
    side: badge(followup.deleted ? "struck" : followup.state),
  });
}

/** Only what was answered. @param {Context} ctx @param {BookFollowup} followup @param {VisitToFollow | null} visit @returns {HTMLElement[]} */
export function followupFacts(ctx, followup, visit) {
  const { words, locale } = ctx;
  const data = followup.data ?? { used: followup.used };
  const many = (/** @type {"topics" | "outcomes"} */ list) =>
    (data[list] ?? []).map((/** @type {string} */ key) => answerWords(ctx, list, key)).join(", ");
  const baht = (/** @type {number | null | undefined} */ amount) =>
    amount === null || amount === undefined ? null : words("amount.baht", { amount: amount.toLocaleString("en-US") });
  /** @type {[string, string | number | null | undefined][]} */
  const lines = [
    ["visit_date", visit?.visitDate ? thaiDay(visit.visitDate, locale) : null],
    ["method", answerWords(ctx, "followup_methods", data.method)],
    ["used", answerWords(ctx, "followup_uses", data.used)],
    ["n_followed", data.n_followed === undefined ? null : words("n_of_total", { n: data.n_followed, total: visit?.nTotal || "…" })],
    ["n_used", data.n_used],
    ["reason", data.reason],
    ["topics", many("topics")],
    ["outcomes", many("outcomes")],
    ["baht_saved_month", baht(data.baht_saved_month)],
    ["baht_earned_month", baht(data.baht_earned_month)],
    ["plot_rai", data.plot_rai],
    ["passed_on_to", data.passed_on_to],
    ["next_step", data.next_step],
    ["next_due_on", data.next_due_on ? thaiDay(data.next_due_on, locale) : null],
  ];
  return lines
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([field, value]) => part("entry", { label: words(`followup.${field}`), value }));
}
