// @ts-check
/**
 * A visit to write or to correct, on the same form as the server's page.
 *
 * Promises: the draft is kept at every change and put back; a double tap saves one visit, for its id
 * is made when the form opens; the screen is left only after the outbox has the visit, read back.
 */
import { newId } from "../../shared/ids.js";
import { newReceipt } from "../../shared/receipt.js";
import { startVisitForm } from "../../visits/form.js";
import { readVisit, valuesOfVisit } from "../../visits/read.js";
import { checkVisit } from "../../visits/rules.js";
import { putValues, setValue, valueOf } from "../../web/boxes.js";
import { putDateBox, readDateBox } from "../../web/dates.js";
import { startTotals } from "../../web/totals.js";
import { itemInPlace, joinVisit } from "../book.js";
import { keepDraft, restore } from "../drafts.js";
import { clearProblems, showProblems } from "../form_errors.js";
import { fill } from "../parts.js";
import { onSubmitOnce, saveOnce } from "../save_once.js";
import { thaiDay, thaiMoment } from "../thai_day.js";
import { circumstances, followPosition } from "../circumstances.js";

const LAST_CENTRE = "visit-last-centre";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../book.js").BookVisit} BookVisit */

/** @type {import("../router.js").Screen} */
export default {
  name: "visit-form",
  paths: ["/phone/visits/new", "/visits/new", "/phone/visits/:id/edit"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const form = /** @type {HTMLFormElement} */ (root.querySelector("form"));
    const visit = params.id ? await visitOf(ctx, params.id) : null;
    if (params.id && !visit?.data) {
      ctx.go(`/phone/visits/${params.id}`, { replace: true });
      return;
    }
    const name = visit ? `visit-edit-${visit.id}` : "visit-new";
    const centres = await fillCentres(form, ctx, params.centre, visit);
    if (!centres) ctx.toast(ctx.words("visit.no_centres"), "warn");
    if (visit) putValues(form, valuesOfVisit(visit.data ?? {}));
    else putDateBox(form, "visit_date", ctx.today());
    const draft = await usableDraft(ctx, name);
    if (draft) restore(form, draft);
    wake(form, root, ctx, visit);
    if (draft) sayRestored(root, ctx, name, draft);
    const id = visit?.id ?? draft?.id ?? newId();
    const kept = keepDraft(form, {
      ctx,
      name,
      id,
      failed: () => unhide(root, "no-draft"),
    });
    const where = visit ? () => null : followPosition(ctx, (position) => fill(root, { position }));
    if (visit) root.querySelector(".place-line")?.remove(); // a correction keeps the first place
    onSubmitOnce(form, () => submit({ form, ctx, id, visit, kept, where }));
  },
};

/** @param {Context} ctx @param {string} id @returns {Promise<BookVisit | null>} */
async function visitOf(ctx, id) {
  const records = await ctx.section("records");
  return joinVisit(id, (await ctx.outbox?.list()) ?? [], records?.visits ?? []);
}

/** Judge, then save.
 *  @param {{ form: HTMLFormElement, ctx: Context, id: string, visit: BookVisit | null,
 *    kept: { stop: () => Promise<void> }, where: () => object | null }} what */
async function submit({ form, ctx, id, visit, kept, where }) {
  const { data, problems } = readVisit(form);
  const draft = visit
    ? { ...visit.data, ...data, id }
    : { id, ...data, ...circumstances(ctx, where()) };
  const wrong = problems.length
    ? problems
    : checkVisit(draft, { now: ctx.now(), programme: ctx.programme });
  if (wrong.length) {
    refuse(form, wrong, ctx);
    return;
  }
  let saved;
  try {
    saved = await saveOnce(id, (under) => save(ctx, under, { ...draft, id: under }, visit));
  } catch (error) {
    const { code, facts = {} } = /** @type {any} */ (error);
    if (!code) throw error;
    refuse(form, [{ field: "", code, facts }], ctx);
    return;
  }
  await kept.stop();
  if (!visit) await ctx.vault?.putDraft(LAST_CENTRE, { centre_id: draft.centre_id });
  void ctx.outbox?.flush();
  ctx.go(`/phone/visits/${saved}`, { replace: true });
}

/** A new visit, a corrected one that nobody has yet, or a new version of one the office has.
 *  @param {Context} ctx @param {string} id @param {Record<string, any>} data @param {BookVisit | null} visit */
async function save(ctx, id, data, visit) {
  const { outbox } = ctx;
  if (!outbox) throw new Error("nobody is signed in");
  const agreed = data.consent_followup || data.consent_photo;
  const receipt_code = agreed ? (visit?.receipt ?? newReceipt()) : null;
  if (!visit) await outbox.add({ kind: "visit", op: "create", id, data, receipt_code });
  else if (visit.open) await outbox.replace(visit.open.id, { ...itemInPlace(visit.open, data), receipt_code });
  else await outbox.add({ kind: "visit", op: "edit", id, base_version: visit.version, data, receipt_code });
}

/** @param {HTMLFormElement} form @param {import("../../outbox/types.js").Problem[]} problems @param {Context} ctx */
function refuse(form, problems, ctx) {
  // What is wrong must be seen: the counts are hidden while one person is chosen.
  if (problems.some((problem) => problem.field.startsWith("n_"))) {
    const group = /** @type {HTMLElement | null} */ (form.querySelector("[data-who-is=group][aria-checked=false]"));
    group?.click();
  }
  showProblems(form, problems, ctx.words);
}

/** The scripts of the form's parts; they look at what the boxes hold.
 *  @param {HTMLFormElement} form @param {HTMLElement} root @param {Context} ctx @param {BookVisit | null} visit */
function wake(form, root, ctx, visit) {
  startVisitForm(form);
  startTotals(form);
  if (visit) {
    form.querySelector(".form-actions a")?.setAttribute("href", `/phone/visits/${visit.id}`);
    fill(root, { heading: ctx.words("visit.correct") });
    for (const fold of form.querySelectorAll("details")) fold.open = true;
  }
  const day = /** @type {HTMLElement} */ (form.querySelector("[data-day-words]"));
  const sayDay = () => {
    const chosen = readDateBox(form, "visit_date");
    day.textContent = !chosen ? "…" : chosen === ctx.today() ? ctx.words("visit.today") : thaiDay(chosen, ctx.locale);
  };
  form.addEventListener("input", sayDay);
  form.addEventListener("change", sayDay);
  sayDay();
}

/** Centres of the phone's own area; with one there is nothing to choose.
 *  @param {HTMLFormElement} form @param {Context} ctx @param {string | undefined} asked @param {BookVisit | null} visit */
async function fillCentres(form, ctx, asked, visit) {
  const box = /** @type {HTMLSelectElement} */ (form.elements.namedItem("centre_id"));
  const all = /** @type {any[]} */ ((await ctx.section("centres")) ?? []);
  const own = ctx.vault?.account.centre_id;
  const open = all.filter((one) => one.status === "active" || one.id === visit?.centreId);
  /** @type {{ id: string, code?: string, name: string }[]} */
  const offered = visit ? open.filter((one) => one.id === visit.centreId) : open;
  if (!offered.length && (visit || own)) {
    // Signed in and no signal since: the account alone says where a volunteer writes.
    offered.push({ id: visit?.centreId ?? own ?? "", name: ctx.vault?.account.place ?? "" });
  }
  const choices = offered.map((one) => new Option([one.code, one.name].filter(Boolean).join(" "), one.id));
  if (offered.length !== 1) choices.unshift(new Option(ctx.words("visit.choose_centre"), ""));
  box.replaceChildren(...choices);
  const last = await ctx.vault?.draft(LAST_CENTRE);
  const usual = [asked, own, last?.centre_id].find((id) => offered.some((one) => one.id === id));
  if (usual) setValue(form, "centre_id", usual);
  const frame = /** @type {HTMLElement} */ (form.querySelector("[data-centre-box]"));
  frame.hidden = offered.length === 1;
  return offered.length;
}

/** A draft, unless its visit was saved just before the browser was killed. @param {Context} ctx @param {string} name */
async function usableDraft(ctx, name) {
  const draft = await ctx.vault?.draft(name);
  if (!draft?.values) return null;
  if (name === "visit-new" && (await ctx.outbox?.get(draft.id))) {
    await ctx.vault?.dropDraft(name);
    return null;
  }
  return /** @type {import("../drafts.js").Draft} */ (draft);
}

/** @param {HTMLElement} root @param {Context} ctx @param {string} name @param {import("../drafts.js").Draft} draft */
function sayRestored(root, ctx, name, draft) {
  unhide(root, "restored");
  const when = thaiMoment(draft.savedAt, ctx.locale);
  fill(root, { "restored-when": ctx.words("visit.restored", { when }) });
  root.querySelector("[data-anew]")?.addEventListener("click", async () => {
    if (!(await ctx.ask(ctx.words("visit.anew"), { yes: ctx.words("yes.discard") }))) return;
    await ctx.vault?.dropDraft(name);
    ctx.dirty(false);
    ctx.again();
  });
}

/** @param {HTMLElement} root @param {string} name */
function unhide(root, name) {
  const found = /** @type {HTMLElement | null} */ (root.querySelector(`[data-slot="${name}"]`));
  if (found) found.hidden = false;
}
