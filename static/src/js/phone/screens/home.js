// @ts-check
/** Home: what somebody most likely came to do, and how things stand.  Works before anything was pulled. */
import { acknowledgeWiped, checkWiped } from "../../vault/vault.js";
import { joinBook } from "../book.js";
import { listen, settling } from "../listen.js";
import { fill, part } from "../parts.js";
import { roundsTold } from "../round_facts.js";
import { unsentOf } from "../state.js";
import { daysBetween, thaiDay, thaiMoment } from "../thai_day.js";
import { visitRow } from "../visit_words.js";

const MOST_ROUNDS = 3;
const MOST_VISITS = 5;

/** @typedef {import("../context.js").Context} Context */

/** @type {import("../router.js").Screen} */
export default {
  name: "home",
  paths: ["/phone", "/"],
  needsAccount: true,
  async show({ root, ctx }) {
    const draw = settling(() => drawHome(root, ctx));
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    await draw();
    await sayWiped(root, ctx);
  },
};

/** @param {HTMLElement} root @param {Context} ctx */
async function drawHome(root, ctx) {
  const { vault, outbox, words } = ctx;
  if (!vault || !outbox) return;
  const account = (await ctx.section("account")) ?? vault.account;
  const draft = await vault.draft("visit-new");
  fill(root, {
    heading: account.place || account.name,
    lead: thaiDay(ctx.today(), ctx.locale, "long"),
    outbox: outboxWords(ctx, await outbox.summary()),
    due: dueWords(ctx, await ctx.section("due")),
    photos: words(account.centre_id ? "home.photos.centre" : "home.photos.choose"),
    fresh: freshWords(ctx),
  });
  if (draft) fill(root, { draft: words("home.draft") });
  if (account.role !== "volunteer") fill(root, { records: words("home.records") });
  const camera = /** @type {HTMLAnchorElement} */ (root.querySelector("[data-slot-href=photos]"));
  camera.href = account.centre_id
    ? `/phone/photos/new?kind=centre&id=${account.centre_id}`
    : "/phone/centres";
  drawRounds(root, ctx, await ctx.section("rounds"));
  const records = await ctx.section("records");
  const visits = joinBook(await outbox.list(), records?.visits ?? []).filter((one) => !one.deleted);
  fill(root, {
    visits: visits.length ? visits.slice(0, MOST_VISITS).map((visit) => visitRow(ctx, visit)) : null,
    "no-visits": visits.length ? null : words("home.no_visits"),
  });
}

/** @param {Context} ctx @param {import("../../outbox/types.js").Summary} summary */
function outboxWords({ words }, summary) {
  if (summary.fixing) return words("state.fixing", { num: summary.fixing });
  const unsent = unsentOf(summary);
  return unsent ? words("state.waiting", { num: unsent }) : words("home.outbox.none");
}

/** @param {Context} ctx @param {{ due_on: string }[] | null} due */
function dueWords(ctx, due) {
  if (!due) return ctx.words("home.due.ask");
  const today = ctx.today();
  const num = due.filter((one) => one.due_on <= today).length;
  return num ? ctx.words("home.due", { num }) : ctx.words("home.due.none");
}

/** @param {Context} ctx */
function freshWords(ctx) {
  const contact = ctx.contact();
  if (!contact) return ctx.words("home.never");
  return ctx.words("home.fresh", { when: thaiMoment(contact.serverTime, ctx.locale) });
}

/** @param {HTMLElement} root @param {Context} ctx @param {any[] | null} rounds */
function drawRounds(root, ctx, rounds) {
  const today = ctx.today();
  const open = roundsTold(rounds).filter((round) => (round.opens_on <= today || round.due_by >= today) && !isDone(round));
  fill(root, {
    rounds: open.length ? open.slice(0, MOST_ROUNDS).map((round) => roundLine(ctx, round, today)) : null,
    "no-rounds": open.length ? null : ctx.words(rounds ? "round.none" : "home.no_rounds"),
  });
}

/** The district's answer is there, or need not be. @param {any} round */
function isDone({ level, sent }) {
  return level === "district" && sent.length === 1 && sent[0].state !== "returned";
}

/** @param {Context} ctx @param {any} round @param {string} today */
function roundLine({ words, locale }, round, today) {
  const left = daysBetween(round.due_by, today);
  const when = left === 0 ? "round.today" : left > 0 ? "round.days" : "round.late";
  return part("due-line", {
    title: round.title[locale],
    text: words("round.due", { day: thaiDay(round.due_by, locale) }),
    side: words(when, { num: Math.abs(left) }),
  });
}

/** Browsers clear what pages stored without a word; then we say it. @param {HTMLElement} root @param {Context} ctx */
async function sayWiped(root, ctx) {
  const wiped = await checkWiped();
  if (!wiped) return;
  const { words } = ctx;
  const note = part("note-bad", { title: words("wiped.title", { num: wiped.lost }), text: words("wiped.text") });
  const understood = part("quiet-button", { label: words("wiped.understood") });
  understood.addEventListener("click", async () => {
    await acknowledgeWiped();
    note.remove();
  });
  note.lastElementChild?.append(understood);
  fill(root, { wiped: note });
}
