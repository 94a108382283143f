// @ts-check
/** What is due, this round and the next, and what this quarter holds so far, centre by centre. */
import { joinBook } from "../book.js";
import { listen, settling } from "../listen.js";
import { badge, fill, linkRow, part } from "../parts.js";
import { choiceWords } from "../record_kinds.js";
import { roundsTold } from "../round_facts.js";
import { quarterWords } from "../quarter_words.js";
import { quarterOf } from "../../shared/days.js";
import { daysBetween, thaiDay, thaiMonth } from "../thai_day.js";
import { show } from "../visible.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("./centres.js").Centre} Centre */
/** @typedef {{ th: string, en: string }} TwoWords */
/** As the office tells it (section rounds).
 *  @typedef {{ key: string, title: TwoWords, quarter: string, level: "centre" | "district",
 *    opens_on: string, due_on: string, due_by: string, month: string | null, note: TwoWords | null, sent: Sent[], isTold: boolean }} Round */
/** What a unit of the area sent.
 *  @typedef {{ id: string, unit_code: string, centre_id: string | null, late: boolean,
 *    state: "submitted" | "returned" | "accepted" | "waived", reason_key: string | null, reason: string | null,
 *    items: { kind: string, id: string, reason_key: string | null, note: string | null }[] }} Sent */

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
  const centres = /** @type {Centre[]} */ ((await ctx.section("centres")) ?? []);
  const rounds = /** @type {Round[]} */ (roundsTold(told));
  const back = rounds.filter((round) => round.sent.some((one) => one.state === "returned"));
  const past = rounds.filter((round) => round.due_by < today && !back.includes(round));
  const now = rounds.filter((round) => round.opens_on <= today && round.due_by >= today && !back.includes(round));
  const next = rounds.filter((round) => round.opens_on > today);
  fill(root, {
    back: back.flatMap((round) => returnedRows(ctx, round, centres)),
    now: now.length ? now.map((round) => roundRow(ctx, round, today)) : null,
    past: past.map((round) => roundRow(ctx, round, today)),
    next: next.length ? next.map((round) => roundRow(ctx, round, today)) : null,
    "nothing-now": now.length ? null : ctx.words(told ? "round.none" : "home.no_rounds"),
    quarter: quarterWords(quarterOf(today), ctx.words),
    held: await heldRows(ctx, today),
  });
  show(root, "[data-part=back]", back.length > 0);
  show(root, "[data-part=next]", next.length > 0);
  show(root, "[data-part=past]", past.length > 0);
}

/** @param {Context} ctx @param {Round} round @param {string} today */
function roundRow(ctx, round, today) {
  const { words, locale } = ctx;
  const opens = round.opens_on > today ? words("rounds.opens", { day: thaiDay(round.opens_on, locale) }) : null;
  const facts = [opens, words("round.due", { day: thaiDay(round.due_by, locale) }), words(`rounds.level.${round.level}`)];
  return part("round-row", {
    title: titleOf(ctx, round),
    text: facts.filter(Boolean).join(" · "),
    note: round.note?.[locale] ?? null,
    side: standing(ctx, round, today),
  });
}

/** @param {Context} ctx @param {Round} round */
function titleOf({ words, locale }, { title, month }) {
  return month ? words("rounds.months", { title: title[locale], month: thaiMonth(month, locale) }) : title[locale];
}

/** What became of it: of one unit its state, of many how many have sent.  While there is time, the days left.
 *  @param {Context} ctx @param {Round} round @param {string} today */
function standing({ words }, round, today) {
  const left = daysBetween(round.due_by, today);
  if (round.sent.length === 1 && round.level === "district") {
    const { state } = round.sent[0];
    return badge(BADGES[state], words(`rounds.state.${state}`));
  }
  if (round.sent.length) {
    const accepted = round.sent.filter((one) => one.state === "accepted" || one.state === "waived").length;
    return badge("received", words("rounds.sent", { n: round.sent.length, accepted }));
  }
  if (left < 0) return round.isTold ? badge("missing", words("rounds.state.missing")) : null; // an older server does not say
  return round.opens_on > today ? null : badge("due", left ? words("round.days", { num: left }) : words("round.today"));
}

/** @type {Record<string, string>} */
const BADGES = { submitted: "pending", accepted: "accepted", waived: "accepted", returned: "fixing" };

/** What was sent back, why, and each item with the way to mend it. @param {Context} ctx @param {Round} round @param {Centre[]} centres */
function returnedRows(ctx, round, centres) {
  return round.sent
    .filter((one) => one.state === "returned")
    .map((one) => {
      const centre = centres.find(({ id }) => id === one.centre_id);
      const why = [reasonWords(ctx, one.reason_key), one.reason].filter(Boolean).join(": ");
      const row = part("returned-row", {
        title: titleOf(ctx, round),
        text: [centre?.name, why && ctx.words("rounds.returned_for", { why })].filter(Boolean).join(" · "),
        items: one.items.map((item) => mendRow(ctx, item)),
      });
      row.querySelector("a[data-outside]")?.setAttribute("href", `/review/${one.id}`);
      return row;
    });
}

/** @param {Context} ctx @param {Sent["items"][number]} item */
function mendRow(ctx, { kind, id, reason_key, note }) {
  return linkRow({
    href: mendAt(kind, id),
    title: ctx.words("rounds.mend", { what: ctx.words(`outbox.kind.${kind}`) }),
    text: [reasonWords(ctx, reason_key), note].filter(Boolean).join(": "),
    icon: "edit",
  });
}

/** @param {string} kind @param {string} id */
function mendAt(kind, id) {
  if (kind === "visit") return `/phone/visits/${id}`;
  if (kind === "followup") return `/phone/followups/${id}`;
  return kind === "photo" ? `/photos/${id}` : `/phone/records/${kind}/${id}`;
}

/** @param {Context} ctx @param {string | null} key */
const reasonWords = (ctx, key) => (key ? choiceWords(ctx, "return_reasons", key) : "");

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
