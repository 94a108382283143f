// @ts-check
/** One record of any kind as this phone knows it: how far it is, its facts, what may be done. */
import { attachFile, takeFile } from "../../records/files.js";
import { joinRecord } from "../../records/book.js";
import { circumstances } from "../circumstances.js";
import { fieldProblems } from "../entry_words.js";
import { listen, settling } from "../listen.js";
import { badge, fill, linkRow, part } from "../parts.js";
import { photoTiles } from "../photo_tiles.js";
import { centresOf, kindNamed, listedOf, planItemsOf, recordFacts, recordName } from "../record_kinds.js";
import { strikeOut } from "../strike_out.js";
import { thaiDay } from "../thai_day.js";
import { link, show } from "../visible.js";
import { wordsOf } from "../../capture/shots.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../../records/book.js").BookRecord} BookRecord */
/** @typedef {import("../../outbox/types.js").RecordKind} RecordKind */

/** @type {import("../router.js").Screen} */
export default {
  name: "record",
  paths: ["/phone/records/:kind/:id"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const tiles = photoTiles(ctx);
    ctx.onLeave(tiles.release);
    const draw = settling(async () => {
      const record = await recordOf(ctx, params.kind, params.id);
      if (record) await drawRecord(root, ctx, record, tiles);
      else sayGone(root, ctx);
    });
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    startAttaching(root, ctx, params);
    startStriking(root, ctx, params);
    await draw();
  },
};

/** @param {Context} ctx @param {string} kind @param {string} id @returns {Promise<BookRecord | null>} */
export async function recordOf(ctx, kind, id) {
  const facts = kindNamed(kind);
  return facts && joinRecord(kind, id, facts, (await ctx.outbox?.list()) ?? [], await listedOf(ctx));
}

/** @param {HTMLElement} root @param {Context} ctx @param {BookRecord} record @param {ReturnType<typeof photoTiles>} tiles */
async function drawRecord(root, ctx, record, tiles) {
  const { words, locale } = ctx;
  const [centres, items, facts] = [await centresOf(ctx), await planItemsOf(ctx), kindNamed(record.kind)];
  const mine = facts?.writers.includes(ctx.vault?.account.role ?? "") ?? false;
  const photos = record.photoEntries;
  const files = record.fileEntries.map((entry) => fileRow(ctx, entry));
  fill(root, {
    heading: recordName(ctx, record, centres),
    lead: [facts?.title, record.day && thaiDay(record.day, locale, "long")].filter(Boolean).join(" · "),
    state: stateNote(ctx, record),
    facts: recordFacts(ctx, record, centres, items),
    photos: photos.length ? await tiles.of(photos) : null,
    "no-photos": photos.length ? null : words("visit.photos.none"),
    files: files.length ? files : null,
    another: facts?.new ?? "",
  });
  show(root, "[data-part=photos]", record.kind === "activity");
  show(root, "[data-part=files]", files.length > 0);
  show(root, "[data-add-photos]", record.kind === "activity");
  show(root, "[data-slot=only-told]", !record.data);
  show(root, "[data-slot=edit]", mine && Boolean(record.data) && !record.deleted);
  show(root, "[data-slot=at-office]", record.version > 0 && record.kind in OFFICE_PAGES);
  show(root, "[data-slot=strike]", mine && !record.deleted);
  show(root, "[data-slot=next]", mine && !record.deleted);
  const attach = /** @type {HTMLElement | null} */ (root.querySelector("[data-attach]")?.closest("label"));
  if (attach) attach.hidden = record.kind === "document";
  link(root, "[data-slot=edit]", `/phone/records/${record.kind}/${record.id}/edit`);
  link(root, "[data-slot=at-office]", `${OFFICE_PAGES[record.kind]}/${record.id}`);
  link(root, "[data-add-photos]", `/phone/photos/new?kind=activity&id=${record.id}`);
  link(root, "[data-another]", `/phone/records/${record.kind}/new`);
}

/** Where the office's pages of a kind are. @type {Record<string, string>} */
const OFFICE_PAGES = { activity: "/activities", document: "/documents", post: "/publicity", plan_item: "/plans/items", assessment: "/assessments", network_order: "/networks" };

/** @param {Context} ctx @param {import("../../outbox/types.js").Entry} entry */
function fileRow(ctx, entry) {
  const data = entry.item?.data ?? {};
  return linkRow({
    href: `/phone/records/document/${entry.recordId}`,
    title: data.title ?? "",
    text: data.file_name === data.title ? "" : (data.file_name ?? ""),
    icon: "file",
    side: entry.state === "received" ? null : badge(entry.state),
  });
}

/** How far it is, in a sentence, with what to fix. @param {Context} ctx @param {BookRecord} record */
function stateNote(ctx, record) {
  const tones = { fixing: "bad", received: "good", pending: "info", sending: "info", waiting: "info" };
  const state = record.deleted ? "deleted" : record.state;
  const note = part(`note-${record.deleted ? "info" : tones[record.state]}`, { title: ctx.words(`visit.state.${state}`), text: null });
  const why = record.entries.filter((entry) => entry.state === "fixing").flatMap((entry) => fieldProblems(ctx, entry));
  if (why.length) {
    const list = document.createElement("ul");
    list.append(...why.map((sentence) => part("error-line", { sentence })));
    note.lastElementChild?.append(list);
  }
  return note;
}

/** A file that belongs to the record. @param {HTMLElement} root @param {Context} ctx @param {Record<string, string>} params */
function startAttaching(root, ctx, params) {
  const input = /** @type {HTMLInputElement} */ (root.querySelector("[data-attach]"));
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    const record = await recordOf(ctx, params.kind, params.id);
    if (!file || !record || !ctx.outbox) return;
    ctx.dirty(true);
    try {
      const taken = await takeFile(file, maxBytes());
      await attachFile(ctx.outbox, taken, {
        kind: record.kind === "network_order" ? "order" : "other",
        day: ctx.today(),
        place: { centre_id: record.data?.centre_id ?? record.centreId, district_code: record.data?.district_code ?? null },
        subject: { kind: record.kind, id: record.id },
        circumstances: circumstances(ctx, null),
      });
      ctx.toast(ctx.words("visit.saved"), "good");
      void ctx.outbox.flush();
    } catch (error) {
      if (!(/** @type {any} */ (error)?.code)) throw error;
      ctx.toast(wordsOf(ctx, error), "bad");
    } finally {
      ctx.dirty(false);
      input.value = "";
    }
  });
}

/** The most bytes one file may have here. */
export function maxBytes() {
  const screen = /** @type {HTMLTemplateElement} */ (document.getElementById("screen-record-form"));
  return Number(screen.dataset.maxBytes);
}

/** @param {HTMLElement} root @param {Context} ctx @param {Record<string, string>} params */
function startStriking(root, ctx, params) {
  const form = /** @type {HTMLFormElement} */ (root.querySelector("[data-strike-form]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const record = await recordOf(ctx, params.kind, params.id);
    const sentences = { discard: ctx.words("record.discard"), strike: ctx.words("record.strike") };
    const kind = /** @type {RecordKind} */ (params.kind);
    if (!record || !(await strikeOut(ctx, { ...record, kind }, { form, sentences }))) return;
    ctx.go(`/phone/records/${kind}`, { replace: true });
  });
}

/** @param {HTMLElement} root @param {Context} ctx */
function sayGone(root, ctx) {
  const title = ctx.words("record.gone");
  root.replaceChildren(part("blank", { symbol: null, title, text: ctx.words("visit.gone.text"), action: null }));
}
