// @ts-check
/**
 * Striking a record out on the phone.  What nobody else has is thrown away; of what the office has
 * or may have, it is told, with the reason.
 */
import { sentenceOf } from "./entry_words.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../outbox/types.js").Entry} Entry */

/**
 * @param {Context} ctx
 * @param {{ kind: import("../outbox/types.js").Kind, id: string, version: number, entries: Entry[] }} record  entries oldest first
 * @param {{ form: HTMLFormElement, sentences: { discard: string, strike: string } }} how  `form` holds the box "reason"
 * @returns {Promise<boolean>} whether it is gone
 */
export async function strikeOut(ctx, { kind, id, version, entries }, { form, sentences }) {
  const { outbox, words } = ctx;
  const [first] = entries;
  if (!outbox) return false;
  if (first?.op === "create" && !first.maybeSent && ["waiting", "fixing"].includes(first.state)) {
    return throwAway(ctx, first.id, sentences.discard);
  }
  const box = /** @type {HTMLInputElement} */ (form.elements.namedItem("reason"));
  const reason = box.value.trim();
  if (!reason) {
    box.setAttribute("aria-invalid", "true");
    box.focus();
    ctx.toast(words("visit.reason"), "warn");
    return false;
  }
  if (!(await ctx.ask(sentences.strike, { yes: words("yes.strike") }))) return false;
  await outbox.add({ kind, op: "delete", id, base_version: version || null, data: { reason } });
  void outbox.flush();
  ctx.toast(words("visit.struck"));
  return true;
}

/** @param {Context} ctx @param {string} entryId @param {string} question */
async function throwAway(ctx, entryId, question) {
  const { outbox, words } = ctx;
  const yes = words("yes.discard");
  if (!(await ctx.ask(question, { yes }))) return false;
  try {
    await outbox?.discard(entryId);
  } catch (error) {
    const { code, facts } = /** @type {any} */ (error);
    if (code !== "has_children") {
      ctx.toast(sentenceOf(ctx, code, facts), "bad");
      return false;
    }
    const details = words("visit.discard.children", { num: facts.count });
    if (!(await ctx.ask(question, { details, yes }))) return false;
    await outbox?.discard(entryId, { children: true });
  }
  ctx.toast(words("visit.discarded"));
  return true;
}
