// @ts-check
/**
 * The outbox: every record and photo that is on its way, how far it is, and why it is not further.
 * Promise: nothing is discarded without saying what is lost.
 */
import { badge, fill, icon, linkRow, part, slot } from "../parts.js";
import { listen, settling } from "../listen.js";
import { joinBook } from "../book.js";
import { conflictTable, keepTheirs, putMineOnTop } from "../conflict.js";
import { entryWords, fieldProblems, sentenceOf } from "../entry_words.js";
import { startRescue } from "../rescue.js";
import { phoneFacts } from "../phone_facts.js";
import { fileSize } from "../../web/numbers.js";
import { thaiMoment } from "../thai_day.js";

const PARTS = /** @type {const} */ (["fixing", "sending", "waiting", "pending", "received"]);
const AT_FIRST = 20; // rows of a part; a full outbox of a week is hundreds

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../../outbox/types.js").Entry} Entry */

/** @type {import("../router.js").Screen} */
export default {
  name: "outbox",
  paths: ["/phone/outbox"],
  needsAccount: true,
  async show({ root, ctx }) {
    /** @type {Set<string>} parts of which everything is shown */
    const opened = new Set();
    const draw = settling(() => drawAll(root, ctx, opened));
    listen(ctx, "outbox", ({ what, id, bytesSent }) => {
      if (what === "progress") moveBar(root, id, bytesSent);
      else void draw();
    });
    listen(ctx, "pulled", () => void draw());
    for (const more of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-show-more]"))) {
      more.addEventListener("click", () => {
        opened.add(/** @type {HTMLElement} */ (more.closest("[data-part]")).dataset.part ?? "");
        void draw();
      });
    }
    startSending(root, ctx);
    startRescue(root, ctx);
    root.addEventListener("click", (event) => void onWay(event, ctx));
    await draw();
  },
};

/** @param {HTMLElement} root @param {Context} ctx @param {Set<string>} opened */
async function drawAll(root, ctx, opened) {
  const { outbox } = ctx;
  if (!outbox) return;
  const entries = await outbox.list();
  const records = await ctx.section("records");
  const book = new Map(joinBook(entries, records?.visits ?? []).map((visit) => [visit.id, visit]));
  for (const name of PARTS) {
    const mine = entries.filter((entry) => entry.state === name);
    drawPart(root, ctx, name, name === "received" ? byArrival(mine) : mine.reverse(), book, opened.has(name));
  }
  fill(root, {
    now: await nowWords(ctx),
    facts: await phoneFacts(ctx),
  });
  fill(root, { trouble: ctx.signInNeeded() ? signInNote(ctx) : null });
  slot(root, "none").hidden = entries.length > 0;
  const heldBack = entries.some((entry) => entry.note === "waits_for_wifi");
  /** @type {HTMLElement} */ (root.querySelector("[data-send-all]")).hidden = !heldBack;
}

/** @param {HTMLElement} root @param {Context} ctx @param {string} name @param {Entry[]} entries @param {Map<string, any>} book @param {boolean} all */
function drawPart(root, ctx, name, entries, book, all) {
  const section = /** @type {HTMLElement} */ (root.querySelector(`[data-part=${name}]`));
  section.hidden = !entries.length;
  const shown = all ? entries : entries.slice(0, AT_FIRST);
  fill(section, { count: entries.length, rows: shown.map((entry) => row(ctx, entry, book)) });
  slot(section, "more").hidden = shown.length === entries.length;
}

/** The office refuses this sign-in; nothing is lost by that. @param {Context} ctx */
function signInNote({ words }) {
  const note = part("note-warn", { title: words("outbox.sign_in"), text: words("outbox.sign_in.text") });
  const link = linkTo("/phone/enrol?next=/phone/outbox", words("outbox.sign_in.now"));
  link.className = "button";
  note.lastElementChild?.append(link);
  return note;
}

/** @param {Entry[]} entries */
function byArrival(entries) {
  return [...entries].sort((a, b) => (b.receivedAt ?? 0) - (a.receivedAt ?? 0));
}

/** @param {Context} ctx */
async function nowWords(ctx) {
  const summary = await /** @type {NonNullable<typeof ctx.outbox>} */ (ctx.outbox).summary();
  const num = summary.waiting + summary.sending;
  if (!num) return null;
  if (!summary.bytesWaiting) return ctx.words("outbox.now.words", { num });
  return ctx.words("outbox.now.waiting", { num, size: fileSize(summary.bytesWaiting) });
}

/** One entry with its bar, reasons and what may be done. @param {Context} ctx @param {Entry} entry @param {Map<string, any>} book */
function row(ctx, entry, book) {
  const { words, locale } = ctx;
  const said = entryWords(ctx, entry, (id) => (id && book.get(id)) || null);
  if (entry.state === "received") return receivedRow(ctx, entry, said);
  const inConflict = entry.code === "conflict" && entry.current !== null;
  const line = part("outbox-row", {
    symbol: icon(said.icon),
    title: said.href && entry.item ? linkTo(said.href, said.title) : said.title,
    text: said.text || null,
    when: words("outbox.written", { when: thaiMoment(entry.createdAt, locale) }),
    badge: inConflict ? badge("conflict") : null,
    versions: inConflict ? conflictTable(ctx, entry) : null,
    bar: bar(ctx, entry, said.title),
    why: inConflict ? null : why(ctx, entry),
    ways: ways(entry).map((name) => wayButton(name, entry, said.title)),
  });
  line.dataset.entry = entry.id;
  return line;
}

/** What has arrived needs no room. @param {Context} ctx @param {Entry} entry @param {ReturnType<typeof entryWords>} said */
function receivedRow({ words, locale }, entry, said) {
  const text = [
    words("outbox.received_at", { when: thaiMoment(entry.receivedAt ?? entry.createdAt, locale) }),
    entry.verified === null ? words("outbox.why.unverified") : "",
  ];
  const line = { title: said.title, text: text.filter(Boolean).join(" "), icon: said.icon };
  return said.href ? linkRow({ ...line, href: said.href }) : part("plain-row", { ...line, symbol: icon(said.icon) });
}

/** @param {string} href @param {string} words */
function linkTo(href, words) {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = words;
  return link;
}

/** Bytes, where there are enough of them to wait for. @param {Context} ctx @param {Entry} entry @param {string} title */
function bar(ctx, entry, title) {
  if (entry.state === "received" || !entry.bytesTotal) return null;
  const { bytesSent, bytesTotal } = entry;
  const piece = part("progress", {
    label: null,
    count: ctx.words("outbox.bytes", { sent: fileSize(bytesSent), total: fileSize(bytesTotal) }),
  });
  const progress = /** @type {HTMLProgressElement} */ (piece.querySelector("progress"));
  progress.max = bytesTotal;
  progress.value = bytesSent;
  progress.setAttribute("aria-label", title);
  return piece;
}

/** Between two drawings only the bar moves. @param {HTMLElement} root @param {string} id @param {number} bytesSent */
function moveBar(root, id, bytesSent) {
  const found = root.querySelector(`[data-entry="${CSS.escape(id)}"] progress`);
  if (found instanceof HTMLProgressElement && bytesSent > found.value) found.value = bytesSent;
}

/** @param {Context} ctx @param {Entry} entry @returns {HTMLElement[] | null} */
function why(ctx, entry) {
  const { words } = ctx;
  const sentences = entry.state === "fixing" ? fieldProblems(ctx, entry) : [];
  if (entry.state === "pending") sentences.push(words("outbox.why.parent"));
  if (entry.note === "waits_for_wifi") sentences.push(words("outbox.why.wifi"));
  if (entry.state === "waiting" && entry.attempts > 0) {
    const when = thaiMoment(Math.max(entry.nextTryAt, Date.now()), ctx.locale);
    sentences.push(words("outbox.next_try", { tries: entry.attempts, when }));
  }
  return sentences.length ? sentences.map((sentence) => part("error-line", { sentence })) : null;
}

/** What may be done with an entry. @param {Entry} entry @returns {string[]} */
function ways(entry) {
  const names = [];
  if (entry.state === "fixing" && entry.code === "conflict" && entry.current) {
    names.push("use-mine", "keep-theirs");
  } else if (entry.state === "fixing") {
    if (entry.item && entry.op !== "delete" && entry.kind !== "photo" && entry.kind !== "contact_seen") names.push("edit");
    if (entry.item) names.push("retry");
    names.push("discard");
  } else if (entry.state === "waiting") {
    if (entry.attempts > 0) names.push("retry");
    names.push("discard");
  }
  return names;
}

/** @param {string} name @param {Entry} entry @param {string} title */
function wayButton(name, entry, title) {
  const button = part(`way-${name}`);
  button.dataset.way = name;
  button.setAttribute("aria-label", `${button.textContent?.trim()}: ${title}`);
  button.dataset.id = entry.id;
  return button;
}

/** @param {Event} event @param {Context} ctx */
async function onWay(event, ctx) {
  const button = /** @type {HTMLElement | null} */ (
    /** @type {Element} */ (event.target).closest?.("[data-way]")
  );
  const entry = button && (await ctx.outbox?.get(button.dataset.id ?? ""));
  if (!button || !entry) return;
  try {
    await WAYS[button.dataset.way ?? ""]?.(ctx, entry);
  } catch (error) {
    const { code, facts } = /** @type {any} */ (error);
    if (!code) throw error;
    ctx.toast(sentenceOf(ctx, code, facts), "bad");
  }
}

/** Where a kind's own form is, if it is not among the records. @type {Record<string, string>} */
const PLACES = { visit: "visits", followup: "followups" };

/** @type {Record<string, (ctx: Context, entry: Entry) => unknown>} */
const WAYS = {
  retry: async (ctx, entry) => {
    await ctx.outbox?.retry(entry.id);
    await ctx.outbox?.flush();
  },
  edit: (ctx, entry) => ctx.go(`/phone/${PLACES[entry.kind] ?? `records/${entry.kind}`}/${entry.recordId}/edit`),
  discard,
  "use-mine": putMineOnTop,
  "keep-theirs": keepTheirs,
};

/** @param {Context} ctx @param {Entry} entry */
async function discard(ctx, entry) {
  const { words, outbox } = ctx;
  const own = ["visit", "followup", "photo", "contact_seen"].includes(entry.kind) ? entry.kind : "record";
  const what = entry.op === "create" ? own : "change";
  const lost = words(`outbox.discard.${entry.maybeSent && entry.state !== "fixing" ? "maybe" : what}`);
  const yes = words("yes.discard");
  const reason = words("outbox.discard.reason"); // for the office, where the entry may have arrived after all
  if (!(await ctx.ask(words("outbox.discard"), { details: lost, yes }))) return;
  try {
    await outbox?.discard(entry.id, { reason });
  } catch (error) {
    const { code, facts } = /** @type {any} */ (error);
    if (code !== "has_children") throw error;
    const details = `${lost} ${words("visit.discard.children", { num: facts.count })}`;
    if (!(await ctx.ask(words("outbox.discard"), { details, yes }))) return;
    await outbox?.discard(entry.id, { children: true, reason });
  }
  ctx.toast(words("outbox.discarded"), "info");
}

/** @param {HTMLElement} root @param {Context} ctx */
function startSending(root, ctx) {
  const send = /** @type {HTMLButtonElement} */ (root.querySelector("[data-send]"));
  send.addEventListener("click", () => void whilePressed(send, () => ctx.refresh()).then(() => sayLeft(ctx)));
  const all = /** @type {HTMLButtonElement} */ (root.querySelector("[data-send-all]"));
  all.addEventListener("click", () => void whilePressed(all, () => ctx.outbox?.flush({ originals: true })));
}

/** @param {HTMLButtonElement} button @param {() => Promise<unknown> | undefined} work */
async function whilePressed(button, work) {
  if (button.classList.contains("is-busy")) return;
  button.classList.add("is-busy");
  try {
    await work();
  } finally {
    button.classList.remove("is-busy");
  }
}

/** A press on "send now" is answered, also when nothing could be sent. @param {Context} ctx */
async function sayLeft(ctx) {
  const summary = await ctx.outbox?.summary();
  if (!summary) return;
  const left = summary.waiting + summary.sending;
  if (left) ctx.toast(ctx.words("outbox.left", { num: left }), "warn");
  else if (!summary.fixing) ctx.toast(ctx.words("state.all_received"));
}
