// @ts-check
/**
 * Drafts: a half-filled form outlives the browser.
 *
 * Promise: every change is written; while one write is under way the next waits and takes all
 * that came meanwhile, so a phone that dies is at most one box behind.  What is put back is what was
 * typed, letter by letter, not what it may have meant.
 */
import { putValues, valuesOf } from "../web/boxes.js";
import { settling } from "./listen.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {{ id: string, savedAt: number, values: import("../web/boxes.js").Values }} Draft */

/**
 * Keep a form's draft up to date from now on.
 * @param {HTMLFormElement} form
 * @param {{ ctx: Context, name: string, id: string, failed: (code: string) => void }} how
 *   `name` lies open on the phone: words and ids only.  `failed` is told once.
 * @returns {{ stop: () => Promise<void> }} after `stop` nothing more is written, and the draft is gone
 */
export function keepDraft(form, { ctx, name, id, failed }) {
  const { vault } = ctx;
  let stopped = false;
  let told = false;
  const save = settling(
    async () => {
      if (stopped || !vault) return;
      await vault.putDraft(name, { id, savedAt: ctx.now(), values: valuesOf(form) });
    },
    (error) => {
      if (!told) failed(/** @type {any} */ (error)?.code ?? "not_kept");
      told = true;
    },
  );
  const changed = () => {
    ctx.dirty(true);
    void save();
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  ctx.onLeave(() => ctx.dirty(false));
  return {
    async stop() {
      stopped = true;
      await save(); // after what is under way
      await vault?.dropDraft(name);
      ctx.dirty(false);
    },
  };
}

/** Put a draft back into its form. @param {HTMLFormElement} form @param {Draft} draft */
export function restore(form, draft) {
  putValues(form, draft.values);
}
