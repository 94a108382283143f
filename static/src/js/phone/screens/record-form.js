// @ts-check
/**
 * A record of any kind to write or to correct, on the boxes of the server's page.
 *
 * Promises: the draft is kept at every change and put back, evidence and rows with it; a double tap
 * saves one record, for its id is made when the form opens; the screen is left only after the
 * outbox has it - and a document's file - read back.  Saving waits for files still being kept.
 */
import { wordsOf } from "../../capture/shots.js";
import { addEvidence, boxesOf, showEvidence } from "../../records/evidence.js";
import { attachFile, keepDocument, takeFile } from "../../records/files.js";
import { offer, placeOf, prepareRows, putBoxes, putUsual } from "../../records/form.js";
import { boxNamed, nothingOf, readRecord, valuesOfRecord } from "../../records/read.js";
import { checkRecord } from "../../records/rules.js";
import { startAssessmentTotals } from "../../records/totals.js";
import { newId } from "../../shared/ids.js";
import { putValues, setValue, valueOf, valuesOf } from "../../web/boxes.js";
import { itemInPlace } from "../book.js";
import { circumstances, followPosition } from "../circumstances.js";
import { keepDraft } from "../drafts.js";
import { showProblems } from "../form_errors.js";
import { fill } from "../parts.js";
import { kindNamed, recordKinds } from "../record_kinds.js";
import { onSubmitOnce, saveOnce } from "../save_once.js";
import { thaiMoment } from "../thai_day.js";
import { createUnderWay } from "../under_way.js";
import { link, show } from "../visible.js";
import { maxBytes, recordOf } from "./record.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../../outbox/types.js").RecordKind} RecordKind */
/** @typedef {import("../../records/book.js").BookRecord} BookRecord */
/** @typedef {import("../../records/types.js").KindFacts} KindFacts */
/** @typedef {import("../../records/files.js").TakenFile} TakenFile */
/** @typedef {{
 *    root: HTMLElement, form: HTMLFormElement, ctx: Context, kind: RecordKind, facts: KindFacts, id: string,
 *    record: BookRecord | null, draftName: string, file: { taken: TakenFile | null },
 *    files: ReturnType<typeof createUnderWay>,
 *  }} Writing */

/** @type {import("../router.js").Screen} */
export default {
  name: "record-form",
  paths: ["/phone/records/:kind/new", "/phone/records/:kind/:id/edit"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const facts = kindNamed(params.kind);
    const record = params.id ? await recordOf(ctx, params.kind, params.id) : null;
    if (!facts?.writers.includes(ctx.vault?.account.role ?? "") || (params.id && !record?.data)) {
      ctx.go(params.id ? `/phone/records/${params.kind}/${params.id}` : "/phone/records", { replace: true });
      return;
    }
    const form = /** @type {HTMLFormElement} */ (root.querySelector("form"));
    const kind = /** @type {RecordKind} */ (params.kind);
    const draftName = nameOfDraft(kind, params, record);
    const draft = await usableDraft(ctx, draftName, !record);
    const id = record?.id ?? draft?.id ?? newId();
    /** @type {Writing} */
    const writing = { root, form, ctx, kind, facts, id, record, draftName, file: { taken: null }, files: createUnderWay() };
    await fillIn(writing, params, draft);
    sayKind(writing);
    if (draft) sayRestored(writing, draft);
    ctx.onLeave(async () => void (await writing.files.settled())); // and its draft names them
    const kept = keepDraft(form, { ctx, name: draftName, id, failed: () => show(root, "[data-slot=no-draft]", true) });
    startEvidence(writing);
    startFile(writing);
    startAssessmentTotals(form, ctx, facts);
    const where = record ? () => null : followPosition(ctx, (position) => fill(root, { position }));
    if (record) root.querySelector(".place-line")?.remove(); // a correction keeps the first place
    onSubmitOnce(form, () => submit(writing, kept, where));
  },
};

/** Words and ids only: it lies open on the phone. @param {string} kind @param {Record<string, string>} params @param {BookRecord | null} record */
function nameOfDraft(kind, params, record) {
  if (record) return `record-edit-${kind}-${record.id}`;
  return ["record-new", kind, params.centre ?? params.item].filter(Boolean).join("-");
}

/** @param {Writing} writing @param {Record<string, string>} params @param {import("../drafts.js").Draft | null} draft */
async function fillIn({ form, ctx, kind, facts, record }, params, draft) {
  putBoxes(form, kind);
  await offer(form, ctx, facts, { centre: params.centre, item: params.item, kept: record?.data ?? null });
  const usual = record ? valuesOfRecord(record.data ?? {}, facts.fields) : await putUsual(form, ctx, kind, facts, recordKinds().programme.fiscal_year);
  const held = draft?.values ?? usual;
  const evidence = new Set(boxesOf(form).map((box) => box.dataset.evidence));
  const typed = Object.fromEntries(Object.entries(held).filter(([name]) => !evidence.has(name))); // of those each line is a box
  prepareRows(form, held);
  putValues(form, typed);
  await showEvidence(form, ctx, held);
}

/** @param {Writing} writing */
function sayKind({ root, form, ctx, kind, facts, record }) {
  fill(root, { heading: record ? ctx.words("record.correct", { what: facts.title }) : facts.new });
  const back = record ? `/phone/records/${kind}/${record.id}` : `/phone/records/${kind}`;
  link(form, ".form-actions a", back);
  link(root, ".screen-back a", back);
  const label = root.querySelector(".form-actions [type=submit]")?.lastChild;
  if (record && label) label.textContent = ctx.words("visit.save_correction");
  if (record && kind === "document") show(root, "[data-file-field]", false); // its file is what it is
}

/** Photos and files for one field. @param {Writing} writing */
function startEvidence(writing) {
  const { form, ctx, draftName, id } = writing;
  for (const box of boxesOf(form)) {
    const name = box.dataset.evidence ?? "";
    box.querySelector("[data-evidence-photo]")?.addEventListener("click", async () => {
      const { centre_id } = await placeOf(form, ctx);
      if (!centre_id) return ctx.toast(ctx.words("camera.choose_centre"), "warn");
      await writing.files.settled();
      await ctx.vault?.putDraft(draftName, { id, savedAt: ctx.now(), values: valuesOf(form) });
      ctx.dirty(false);
      const query = new URLSearchParams({ kind: "centre", id: centre_id, draft: draftName, box: name });
      ctx.go(`/phone/photos/new?${query}`);
    });
    onFile(writing, /** @type {HTMLInputElement | null} */ (box.querySelector("[data-evidence-file]")), async (taken) => {
      const added = await attach(writing, taken, "other");
      addEvidence(box, ctx, added, (await ctx.outbox?.list()) ?? []);
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

/** The one file of a document; the screenshot of a post. @param {Writing} writing */
function startFile(writing) {
  const { form, ctx, file } = writing;
  const frame = /** @type {HTMLElement | null} */ (form.querySelector("[data-file-field]"));
  if (!frame) return;
  const name = frame.dataset.fileField ?? "";
  const place = /** @type {HTMLElement} */ (frame.querySelector("[data-file-words]"));
  if (name === "screenshot_id" && valueOf(form, name)) place.textContent = ctx.words("records.file_there");
  const input = /** @type {HTMLInputElement | null} */ (frame.querySelector("[data-file]"));
  onFile(writing, input, async (taken) => {
    if (name === "screenshot_id") setValue(form, name, await attach(writing, taken, "screenshot"));
    else {
      file.taken = taken;
      if (!valueOf(form, "title")) setValue(form, "title", taken.facts.file_name.replace(/\.\w{1,5}$/, ""));
    }
    place.textContent = taken.facts.file_name; // only now that it is kept
  });
}

/** @param {Writing} writing @param {HTMLInputElement | null} input @param {(taken: TakenFile) => Promise<void>} work */
function onFile({ ctx, files }, input, work) {
  input?.addEventListener("change", async () => {
    const [chosen] = input.files ?? [];
    if (!chosen) return;
    await files.run(async () => {
      try {
        await work(await takeFile(chosen, maxBytes()));
        return true;
      } catch (error) {
        if (!(/** @type {any} */ (error)?.code)) throw error;
        ctx.toast(wordsOf(ctx, error), "bad");
        return false;
      }
    });
    input.value = ""; // the same file may be chosen again after making room
  });
}

/** @param {Writing} writing @param {TakenFile} taken @param {string} wanted  a kind of document; the
 *  programme's last one, its "other", where it knows no such */
async function attach({ form, ctx, kind: of, id }, taken, wanted) {
  if (!ctx.outbox) throw new Error("nobody is signed in");
  const keys = recordKinds().programme.document_kinds.map(({ key }) => key);
  const kind = keys.includes(wanted) ? wanted : keys[keys.length - 1];
  const about = { kind, day: ctx.today(), place: await placeOf(form, ctx), subject: { kind: of, id } };
  return attachFile(ctx.outbox, taken, { ...about, circumstances: circumstances(ctx, null) });
}

/** Judge, then save. @param {Writing} writing @param {{ stop: () => Promise<void> }} kept @param {() => object | null} where */
async function submit(writing, kept, where) {
  const { form, ctx, kind, facts, id, record, file } = writing;
  if (!(await writing.files.settled())) return; // and why was told
  const { data, problems, places } = readRecord(form, facts.fields);
  const blank = Object.fromEntries(facts.fields.map((field) => [field.name, nothingOf(field)]));
  const place = record ? {} : await placeOf(form, ctx);
  const fresh = record ? {} : { ...blank, ...circumstances(ctx, where()) };
  const ofFile = record && kind === "document" ? fileOf(record.data) : file.taken?.facts;
  const draft = { ...record?.data, ...fresh, ...place, ...data, ...ofFile, id };
  const wrong = problems.length ? problems : checkRecord(kind, facts.fields, draft, { now: ctx.now(), programme: recordKinds().programme });
  if (wrong.length) {
    const named = wrong.map((one) => ({ ...one, field: ON_SCREEN[one.field] ?? boxNamed(one.field, places) }));
    showProblems(form, once(named), ctx.words);
    return;
  }
  let saved;
  try {
    saved = await saveOnce(id, (under) => save(writing, under, { ...draft, id: under }));
  } catch (error) {
    const { code, facts: why } = /** @type {any} */ (error);
    if (!code) throw error;
    showProblems(form, [{ field: "", code, facts: why ?? {} }], ctx.words);
    return;
  }
  await kept.stop();
  void ctx.outbox?.flush();
  ctx.go(`/phone/records/${kind}/${saved}`, { replace: true });
}

/** Where faults of what has no box of its own are told. @type {Record<string, string>} */
const ON_SCREEN = { file_sha256: "file_name", file_bytes: "file_name", file_type: "file_name" };

/** @param {Record<string, any> | null} data */
const fileOf = (data) => Object.fromEntries(["file_name", "file_sha256", "file_bytes", "file_type"].map((name) => [name, data?.[name] ?? null]));

/** A file that is missing is one fault, not three. @param {import("../../outbox/types.js").Problem[]} problems */
function once(problems) {
  const seen = new Set();
  return problems.filter(({ field, code }) => !seen.has(`${field} ${code}`) && seen.add(`${field} ${code}`));
}

/** A new record, a corrected one that nobody has yet, or a new version of one the office has.
 *  @param {Writing} writing @param {string} id @param {Record<string, any>} data */
async function save({ ctx, kind, record, file }, id, data) {
  const { outbox } = ctx;
  if (!outbox) throw new Error("nobody is signed in");
  if (!record && file.taken) await keepDocument(outbox, id, data, file.taken.bytes);
  else if (!record) await outbox.add({ kind, op: "create", id, data });
  else if (record.open) await outbox.replace(record.open.id, itemInPlace(record.open, data));
  else await outbox.add({ kind, op: "edit", id, base_version: record.version || null, data });
}

/** A draft, unless it was saved just before the browser was killed. @param {Context} ctx @param {string} name @param {boolean} isNew */
async function usableDraft(ctx, name, isNew) {
  const draft = await ctx.vault?.draft(name);
  if (!draft?.values) return null;
  if (isNew && (await ctx.outbox?.get(draft.id))) {
    await ctx.vault?.dropDraft(name);
    return null;
  }
  return /** @type {import("../drafts.js").Draft} */ (draft);
}

/** @param {Writing} writing @param {import("../drafts.js").Draft} draft */
function sayRestored({ root, ctx, draftName }, draft) {
  show(root, "[data-slot=restored]", true);
  fill(root, { "restored-when": ctx.words("visit.restored", { when: thaiMoment(draft.savedAt, ctx.locale) }) });
  root.querySelector("[data-anew]")?.addEventListener("click", async () => {
    if (!(await ctx.ask(ctx.words("visit.anew"), { yes: ctx.words("yes.discard") }))) return;
    await ctx.vault?.dropDraft(draftName);
    ctx.dirty(false);
    ctx.again();
  });
}
