// @ts-check
/** What is due, this round and the next, and what this quarter holds so far, centre by centre. */
import { joinBook } from "../book.js";
import { listen, settling } from "../listen.js";
import { badge, fill, part } from "../parts.js";
import { quarterWords } from "../quarter_words.js";
import { quarterOf } from "../../shared/days.js";
import { daysBetween, thaiDay } from "../thai_day.js";
import { show } from "../visible.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("./centres.js").Centre} Centre */
/** @typedef {{ th: string, en: string }} TwoWords */
/** As the office tells it (section rounds).
 *  @typedef {{ key: string, title: TwoWords, quarter: string, level: "centre" | "district",
 *    opens_on: string, due_on: string, note: TwoWords | null }} Round */

/** @type {import("../router.js").Screen} */
export default {
  name: "rounds",
  paths: ["/phone/rounds"],
  needsAccount: true,
  async show({ root, ctx }) {
    const draw = settling(() => drawRounds(root, ctx));
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    await draw();
  },
};

/** @param {HTMLElement} root @param {Context} ctx */
async function drawRounds(root, ctx) {
  const today = ctx.today();
  const told = /** @type {Round[] | null} */ (await ctx.section("rounds"));
  const rounds = [...(told ?? [])].sort((a, b) => (a.due_on < b.due_on ? -1 : 1));
  const past = rounds.filter((round) => round.due_on < today);
  const now = rounds.filter((round) => round.opens_on <= today && round.due_on >= today);
  const next = rounds.filter((round) => round.opens_on > today);
  fill(root, {
    now: now.length ? now.map((round) => roundRow(ctx, round, today)) : null,
    past: past.map((round) => roundRow(ctx, round, today)),
    next: next.length ? next.map((round) => roundRow(ctx, round, today)) : null,
    "nothing-now": now.length ? null : ctx.words(told ? "round.none" : "home.no_rounds"),
    quarter: quarterWords(quarterOf(today), ctx.words),
    held: await heldRows(ctx, today),
  });
  show(root, "[data-part=next]", next.length > 0);
  show(root, "[data-part=past]", past.length > 0);
}

/** Of one whose day is past nothing is said but the day: whether it was handed in, the office knows.
 *  @param {Context} ctx @param {Round} round @param {string} today */
function roundRow({ words, locale }, round, today) {
  const left = daysBetween(round.due_on, today);
  const opens = round.opens_on > today ? words("rounds.opens", { day: thaiDay(round.opens_on, locale) }) : null;
  const facts = [opens, words("round.due", { day: thaiDay(round.due_on, locale) }), words(`rounds.level.${round.level}`)];
  return part("round-row", {
    title: round.title[locale],
    text: facts.filter(Boolean).join(" · "),
    note: round.note?.[locale] ?? null,
    side: left < 0 ? null : badge("due", left ? words("round.days", { num: left }) : words("round.today")),
  });
}

/** What the office counted, and beside it what this phone has not been able to send. @param {Context} ctx @param {string} today */
async function heldRows(ctx, today) {
  const { words } = ctx;
  const quarter = quarterOf(today);
  const centres = /** @type {Centre[]} */ ((await ctx.section("centres")) ?? []);
  const entries = (await ctx.outbox?.list()) ?? [];
  const unsent = joinBook(entries, []).filter(
    (visit) => !visit.deleted && visit.version === 0 && quarterOf(visit.visitDate) === quarter,
  );
  return centres.map((centre) => {
    const here = unsent.filter((visit) => visit.centreId === centre.id).length;
    const same = centre.quarter === quarter; // pulled before the quarter turned: not this one's counts
    const count = (/** @type {number} */ number) => (same ? number.toLocaleString("en-US") : "0");
    const row = part("held-row", {
      centre: centre.name,
      visits: count(centre.visits),
      people: count(centre.people),
      followups: count(centre.followups),
      photos: count(centre.photos),
      here: here ? words("rounds.here", { num: here }) : null,
    });
    row.querySelector("a")?.setAttribute("href", `/phone/centres/${centre.id}`);
    return row;
  });
}
