// @ts-check
/**
 * Evidence: photos taken and files chosen for one field of a form, as ids in hidden boxes, so that
 * the draft keeps them with everything else.  What is chosen is in the outbox at once.
 */
import { part } from "../phone/parts.js";

/** @typedef {import("../phone/context.js").Context} Context */
/** @typedef {import("../outbox/types.js").Entry} Entry */

/** Every field that takes evidence shows what it has. @param {HTMLFormElement} form @param {Context} ctx
 *  @param {import("../web/boxes.js").Values} values  what the fields held, by name */
export async function showEvidence(form, ctx, values) {
  const entries = (await ctx.outbox?.list()) ?? [];
  for (const box of boxesOf(form)) {
    for (const id of values[box.dataset.evidence ?? ""] ?? []) addEvidence(box, ctx, id, entries);
  }
}

/** @param {HTMLFormElement} form @returns {HTMLElement[]} */
export const boxesOf = (form) => [...form.querySelectorAll("[data-evidence]")].map((one) => /** @type {HTMLElement} */ (one));

/** One more piece. @param {HTMLElement} box @param {Context} ctx @param {string} id @param {Entry[]} entries */
export function addEvidence(box, ctx, id, entries) {
  const list = /** @type {HTMLElement} */ (box.querySelector("[data-evidence-list]"));
  if (!id || list.querySelector(`input[value="${CSS.escape(id)}"]`)) return;
  const entry = entries.find((one) => one.recordId === id && one.op === "create");
  const isFile = entry?.kind === "document";
  const line = part("evidence-line", {
    symbol: part(`icon-${isFile ? "file" : "photo"}`),
    words: entry?.item?.data.caption || entry?.item?.data.title || ctx.words(isFile ? "outbox.kind.document" : "outbox.kind.photo"),
  });
  const input = /** @type {HTMLInputElement} */ (line.querySelector("input"));
  input.name = box.dataset.evidence ?? "";
  input.value = id;
  list.append(line);
  line.querySelector("[data-take-away]")?.addEventListener("click", () => {
    line.remove();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
