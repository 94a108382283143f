// @ts-check
/** One visit as this phone knows it: how far it and its photos are, its facts, what may be done. */
import { joinVisit } from "../book.js";
import { fieldProblems } from "../entry_words.js";
import { listen, settling } from "../listen.js";
import { fill, part } from "../parts.js";
import { photoStates } from "../photo_states.js";
import { photoTiles } from "../photo_tiles.js";
import { strikeOut } from "../strike_out.js";
import { thaiDay } from "../thai_day.js";
import { visitFacts } from "../visit_facts.js";
import { visitName } from "../visit_words.js";
import { showReceipt } from "../../shared/receipt.js";
import { fileSize } from "../../web/numbers.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../book.js").BookVisit} BookVisit */

/** @type {import("../router.js").Screen} */
export default {
  name: "visit",
  paths: ["/phone/visits/:id", "/visits/:id"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const tiles = photoTiles(ctx);
    ctx.onLeave(tiles.release);
    const draw = settling(async () => {
      const records = await ctx.section("records");
      const visit = joinVisit(params.id, (await ctx.outbox?.list()) ?? [], records?.visits ?? []);
      if (!visit) sayGone(root, ctx);
      else await drawVisit(root, ctx, visit, tiles);
    });
    listen(ctx, "outbox", ({ what }) => void ((what === "change" || what === "progress") && draw()));
    listen(ctx, "pulled", () => void draw());
    const form = root.querySelector("[data-strike-form]");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void strike(/** @type {HTMLFormElement} */ (form), ctx, params.id);
    });
    await draw();
  },
};

/** @param {HTMLElement} root @param {Context} ctx @param {BookVisit} visit @param {ReturnType<typeof photoTiles>} tiles */
async function drawVisit(root, ctx, visit, tiles) {
  const { words, locale } = ctx;
  const photos = visit.photoEntries;
  fill(root, {
    heading: visitName(ctx, visit),
    lead: [thaiDay(visit.visitDate, locale, "long"), words("visits.n", { num: visit.nTotal })].join(" · "),
    state: stateNote(ctx, visit),
    "photo-progress": photos.length ? photoBar(ctx, photos) : null,
    photos: photos.length ? await tiles.of(photos) : null,
    "no-photos": photos.length ? null : words(visit.photos ? "visit.photos.elsewhere" : "visit.photos.none", { num: visit.photos }),
    facts: visitFacts(ctx, visit, await ctx.section("centres")),
  });
  fill(root, { code: visit.receipt && showReceipt(visit.receipt), site: `${location.host}/my-data` });
  show(root, "[data-slot=receipt]", Boolean(visit.receipt) && !visit.deleted);
  show(root, "[data-slot=only-told]", !visit.data);
  show(root, "[data-slot=edit]", Boolean(visit.data) && !visit.deleted);
  show(root, "[data-slot=at-office]", visit.version > 0);
  show(root, "[data-slot=next]", !visit.deleted);
  show(root, "[data-slot=strike]", !visit.deleted);
  link(root, "[data-slot=edit]", `/phone/visits/${visit.id}/edit`);
  link(root, "[data-slot=at-office]", `/visits/${visit.id}`);
  link(root, "[data-add-photos]", `/phone/photos/new?kind=visit&id=${visit.id}`);
}

/** How far it is, in a sentence, with what to fix. @param {Context} ctx @param {BookVisit} visit */
function stateNote(ctx, visit) {
  const { words } = ctx;
  const tones = { fixing: "bad", received: "good", pending: "info", sending: "info", waiting: "info" };
  const state = visit.deleted ? "deleted" : visit.state;
  const note = part(`note-${visit.deleted ? "info" : tones[visit.state]}`, {
    title: words(`visit.state.${state}`),
    text: null,
  });
  const why = visit.entries.filter((entry) => entry.state === "fixing").flatMap((entry) => fieldProblems(ctx, entry));
  if (why.length) {
    const list = document.createElement("ul");
    list.append(...why.map((sentence) => part("error-line", { sentence })));
    note.lastElementChild?.append(list);
  }
  return note;
}

/** @param {Context} ctx @param {import("../../outbox/types.js").Entry[]} photos */
function photoBar(ctx, photos) {
  const sum = photoStates(photos);
  const bar = part("progress", {
    label: ctx.words("visit.photos.progress", sum),
    count: sum.received === sum.total ? null : ctx.words("outbox.bytes", { sent: fileSize(sum.bytesSent), total: fileSize(sum.bytesTotal) }),
  });
  const progress = bar.querySelector("progress");
  if (progress) {
    progress.max = sum.bytesTotal || 1;
    progress.value = sum.received === sum.total ? progress.max : sum.bytesSent;
    progress.setAttribute("aria-label", ctx.words("visit.photos.progress", sum));
  }
  return bar;
}

/** @param {HTMLElement} root @param {Context} ctx */
function sayGone(root, ctx) {
  root.replaceChildren(
    part("blank", {
      symbol: null,
      title: ctx.words("visit.gone"),
      text: ctx.words("visit.gone.text"),
      action: null,
    }),
  );
}

/** @param {HTMLFormElement} form @param {Context} ctx @param {string} id */
async function strike(form, ctx, id) {
  const records = await ctx.section("records");
  const visit = joinVisit(id, (await ctx.outbox?.list()) ?? [], records?.visits ?? []);
  const sentences = { discard: ctx.words("visit.discard"), strike: ctx.words("visit.strike") };
  if (!visit) return;
  const record = /** @type {const} */ ({ kind: "visit", id, version: visit.version, entries: visit.entries });
  if (await strikeOut(ctx, record, { form, sentences })) {
    ctx.go("/phone/visits", { replace: true });
  }
}

/** @param {HTMLElement} root @param {string} selector @param {boolean} visible */
function show(root, selector, visible) {
  const found = /** @type {HTMLElement | null} */ (root.querySelector(selector));
  if (found) found.hidden = !visible;
}

/** @param {HTMLElement} root @param {string} selector @param {string} address */
function link(root, selector, address) {
  root.querySelector(selector)?.setAttribute("href", address);
}
