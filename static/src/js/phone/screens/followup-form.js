// @ts-check
/**
 * A follow-up to write or to correct, on the same form as the server's page.
 *
 * Promises: the draft is kept at every change and put back; a double tap saves one check, for its
 * id is made when the form opens; the screen is left only after the outbox has it, read back.
 */
import { newId } from "../../shared/ids.js";
import { startFollowupForm } from "../../followups/form.js";
import { readFollowup, valuesOfFollowup } from "../../followups/read.js";
import { checkFollowup } from "../../followups/rules.js";
import { putValues, setValue } from "../../web/boxes.js";
import { putDateBox } from "../../web/dates.js";
import { itemInPlace } from "../book.js";
import { circumstances } from "../circumstances.js";
import { maskedContact, revealContact } from "../contact_line.js";
import { keepDraft, restore } from "../drafts.js";
import { sentenceOf } from "../entry_words.js";
import { joinFollowup } from "../followup_book.js";
import { followedName } from "../followup_words.js";
import { showProblems } from "../form_errors.js";
import { fill } from "../parts.js";
import { onSubmitOnce, saveOnce } from "../save_once.js";
import { thaiDay, thaiMoment } from "../thai_day.js";
import { show } from "../visible.js";
import { visitToFollow } from "../visit_to_follow.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../followup_book.js").BookFollowup} BookFollowup */
/** @typedef {import("../visit_to_follow.js").VisitToFollow} VisitToFollow */

/** @type {import("../router.js").Screen} */
export default {
  name: "followup-form",
  paths: ["/phone/followups/new", "/followups/new", "/phone/followups/:id/edit"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const form = /** @type {HTMLFormElement} */ (root.querySelector("form"));
    const followup = params.id ? await followupOf(ctx, params.id) : null;
    const visit = await visitToFollow(ctx, followup?.visitId ?? params.visit);
    if (!visit || (params.id && !followup?.data)) {
      ctx.go(params.id ? `/phone/followups/${params.id}` : "/phone/followups", { replace: true });
      if (!params.id) ctx.toast(ctx.words("followup.unknown_visit"), "warn");
      return;
    }
    showVisit(root, ctx, visit, Boolean(followup));
    fillIn(form, ctx, visit, followup);
    const name = followup ? `followup-edit-${followup.id}` : `followup-new-${visit.id}`;
    const draft = await usableDraft(ctx, name, !followup);
    if (draft) restore(form, draft);
    startFollowupForm(form);
    if (draft) sayRestored(root, ctx, name, draft);
    const id = followup?.id ?? draft?.id ?? newId();
    const kept = keepDraft(form, { ctx, name, id, failed: () => unhide(root, "no-draft") });
    onSubmitOnce(form, () => submit({ form, ctx, id, visit, followup, kept }));
  },
};

/** @param {Context} ctx @param {string} id @returns {Promise<BookFollowup | null>} */
async function followupOf(ctx, id) {
  const records = await ctx.section("records");
  return joinFollowup(id, (await ctx.outbox?.list()) ?? [], records?.followups ?? []);
}

/** What the server's page fills in too: the day, the check that is due, everybody who came.
 *  @param {HTMLFormElement} form @param {Context} ctx @param {VisitToFollow} visit @param {BookFollowup | null} followup */
function fillIn(form, ctx, visit, followup) {
  if (followup) {
    putValues(form, valuesOfFollowup(followup.data ?? {}));
    return;
  }
  putDateBox(form, "followed_on", ctx.today());
  setValue(form, "step_months", visit.stepMonths ?? "");
  setValue(form, "n_followed", visit.nTotal);
}

/** @param {HTMLElement} root @param {Context} ctx @param {VisitToFollow} visit @param {boolean} correcting */
function showVisit(root, ctx, visit, correcting) {
  const { words, locale } = ctx;
  const hidden = maskedContact(visit);
  fill(root, {
    who: followedName(ctx, visit),
    "visit-day": visit.visitDate ? thaiDay(visit.visitDate, locale, "long") : words("unknown"),
    people: visit.nTotal,
    contact: hidden || words("followups.no_phone"),
    ...(correcting && { heading: words("followup.correct") }),
  });
  if (correcting) {
    const label = root.querySelector(".form-actions [type=submit]")?.lastChild;
    if (label) label.textContent = words("visit.save_correction");
  }
  show(root, "[data-slot=no-consent]", visit.consent === false);
  const reveal = /** @type {HTMLButtonElement} */ (root.querySelector("[data-reveal]"));
  reveal.hidden = !hidden || correcting;
  reveal.addEventListener("click", () => void look(root, ctx, visit, reveal));
}

/** Name and number, once the look is noted. @param {HTMLElement} root @param {Context} ctx @param {VisitToFollow} visit @param {HTMLButtonElement} reveal */
async function look(root, ctx, visit, reveal) {
  reveal.disabled = true; // a second tap is not a second look
  try {
    const line = await revealContact(ctx, visit);
    fill(root, { contact: line });
    reveal.hidden = true;
    unhide(root, "noted");
    line.querySelector("a")?.focus();
  } catch (error) {
    const { code, facts } = /** @type {any} */ (error);
    if (!code) throw error;
    ctx.toast(sentenceOf(ctx, code, facts), "bad");
    reveal.disabled = false;
  }
}

/** Judge, then save.
 *  @param {{ form: HTMLFormElement, ctx: Context, id: string, visit: VisitToFollow,
 *    followup: BookFollowup | null, kept: { stop: () => Promise<void> } }} what */
async function submit({ form, ctx, id, visit, followup, kept }) {
  const { data, problems } = readFollowup(form);
  const draft = followup
    ? { ...followup.data, ...data, id }
    : { id, visit_id: visit.id, ...data, ...circumstances(ctx, null) };
  const facts = {
    visit_date: visit.visitDate,
    n_total: visit.nTotal,
    consent_followup: visit.consent !== false, // not told: the office knows and will say
  };
  const wrong = problems.length
    ? problems
    : checkFollowup(draft, { now: ctx.now(), programme: ctx.programme, visit: facts });
  if (wrong.length) {
    showProblems(form, wrong, ctx.words);
    return;
  }
  let saved;
  try {
    saved = await saveOnce(id, (under) => save(ctx, under, { ...draft, id: under }, followup));
  } catch (error) {
    const { code, facts: why } = /** @type {any} */ (error);
    if (!code) throw error;
    showProblems(form, [{ field: "", code, facts: why ?? {} }], ctx.words);
    return;
  }
  await kept.stop();
  void ctx.outbox?.flush();
  ctx.go(`/phone/followups/${saved}`, { replace: true });
}

/** A new check, a corrected one that nobody has yet, or a new version of one the office has.
 *  @param {Context} ctx @param {string} id @param {Record<string, any>} data @param {BookFollowup | null} followup */
async function save(ctx, id, data, followup) {
  const { outbox } = ctx;
  if (!outbox) throw new Error("nobody is signed in");
  if (!followup) await outbox.add({ kind: "followup", op: "create", id, data });
  else if (followup.open) await outbox.replace(followup.open.id, itemInPlace(followup.open, data));
  else await outbox.add({ kind: "followup", op: "edit", id, base_version: followup.version || null, data });
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

/** @param {HTMLElement} root @param {Context} ctx @param {string} name @param {import("../drafts.js").Draft} draft */
function sayRestored(root, ctx, name, draft) {
  unhide(root, "restored");
  fill(root, { "restored-when": ctx.words("visit.restored", { when: thaiMoment(draft.savedAt, ctx.locale) }) });
  root.querySelector("[data-anew]")?.addEventListener("click", async () => {
    if (!(await ctx.ask(ctx.words("visit.anew"), { yes: ctx.words("yes.discard") }))) return;
    await ctx.vault?.dropDraft(name);
    ctx.dirty(false);
    ctx.again();
  });
}

/** @param {HTMLElement} root @param {string} name */
function unhide(root, name) {
  show(root, `[data-slot="${name}"]`, true);
}
