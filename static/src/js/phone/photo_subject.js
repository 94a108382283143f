// @ts-check
/** Photo subject: what the photos about to be taken belong to - a visit, a follow-up, a centre - and
 *  its name in words.  Opened without one (from the home screen), it is the account's own centre, or
 *  a centre to choose. */
import { joinVisit } from "./book.js";
import { fill } from "./parts.js";
import { thaiDay } from "./thai_day.js";
import { visitName } from "./visit_words.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../capture/photo.js").Subject} Subject */
/** @typedef {{ chosen: () => Subject | null, onChange: (call: () => void) => void }} PhotoSubject */

const KINDS = ["visit", "followup", "activity", "centre"];

/** @param {HTMLElement} root @param {Context} ctx @param {Record<string, string>} params @returns {Promise<PhotoSubject>} */
export async function subjectOf(root, ctx, { kind, id }) {
  const own = ctx.vault?.account.centre_id;
  const named = KINDS.includes(kind) && id ? { kind, id } : own ? { kind: "centre", id: own } : null;
  const subject = /** @type {Subject | null} */ (named);
  if (!subject) return chooseCentre(root, ctx);
  fill(root, { lead: await nameOf(ctx, subject) });
  return { chosen: () => subject, onChange() {} };
}

/** @param {Context} ctx @param {Subject} subject @returns {Promise<string>} */
async function nameOf(ctx, { kind, id }) {
  if (kind === "centre") {
    const centre = (await centresOf(ctx)).find((one) => one.id === id);
    return centre?.name ?? ctx.vault?.account.place ?? "";
  }
  if (kind === "followup") return ctx.words("camera.of_followup");
  if (kind === "activity") return ctx.words("camera.of_activity");
  const records = await ctx.section("records");
  const visit = joinVisit(id, (await ctx.outbox?.list()) ?? [], records?.visits ?? []);
  if (!visit) return ctx.words("camera.of_visit");
  return `${visitName(ctx, visit)} · ${thaiDay(visit.visitDate, ctx.locale)}`;
}

/** @param {HTMLElement} root @param {Context} ctx @returns {Promise<PhotoSubject>} */
async function chooseCentre(root, ctx) {
  const box = /** @type {HTMLSelectElement} */ (root.querySelector("[data-centre]"));
  const choices = (await centresOf(ctx)).map(({ id, code, name }) => new Option(`${code} ${name}`, id));
  box.replaceChildren(new Option(ctx.words("visit.choose_centre"), ""), ...choices);
  const field = /** @type {HTMLElement} */ (root.querySelector("[data-slot=choose]"));
  field.hidden = false;
  return {
    chosen: () => (box.value ? { kind: "centre", id: box.value } : null),
    onChange: (call) => box.addEventListener("change", call),
  };
}

/** @param {Context} ctx @returns {Promise<{ id: string, code: string, name: string }[]>} */
async function centresOf(ctx) {
  return (await ctx.section("centres")) ?? [];
}
