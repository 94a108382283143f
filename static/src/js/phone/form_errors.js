// @ts-check
/**
 * Form errors: the same sentences in the same places as on the server's page (the macros of
 * templates/_macros/fields.html), so that nobody learns two ways of being told.
 */
import { part } from "./parts.js";

/** @typedef {import("../outbox/types.js").Problem} Problem */
/** @typedef {import("./words.js").Words} Words */

/**
 * Put each problem's sentence under its field and a list of them on top, which takes the focus.
 * @param {HTMLFormElement} form @param {Problem[]} problems @param {Words} words
 */
export function showProblems(form, problems, words) {
  clearProblems(form);
  if (!problems.length) return;
  /** @type {Map<string, HTMLElement>} */
  const links = new Map();
  const lines = [];
  for (const { field, code, facts } of problems) {
    const sentence = words(code, facts);
    const box = /** @type {HTMLElement | null} */ (field && form.querySelector(`#${CSS.escape(field)}`));
    const frame = /** @type {HTMLElement | null} */ (box && box.closest(".field"));
    if (!box || !frame) lines.push(part("error-line", { sentence }));
    else {
      tell(frame, box, sentence);
      if (!links.has(field)) links.set(field, linkTo(frame, field));
    }
  }
  const summary = part("error-summary", {
    title: words("form.to_fix", { num: links.size + lines.length }),
    list: [...lines, ...links.values()],
  });
  form.prepend(summary);
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "center" });
}

/** @param {HTMLFormElement} form */
export function clearProblems(form) {
  for (const old of form.querySelectorAll("[data-error-summary], .field__errors")) old.remove();
  for (const frame of form.querySelectorAll(".field--refused")) frame.classList.remove("field--refused");
  for (const box of form.querySelectorAll("[aria-invalid=true]")) box.removeAttribute("aria-invalid");
  for (const box of form.querySelectorAll("[aria-describedby$=-errors]")) {
    const kept = (box.getAttribute("aria-describedby") ?? "").split(" ").slice(0, -1).join(" ");
    if (kept) box.setAttribute("aria-describedby", kept);
    else box.removeAttribute("aria-describedby");
  }
}

/** @param {HTMLElement} frame @param {HTMLElement} box @param {string} sentence */
function tell(frame, box, sentence) {
  const id = `${box.id}-errors`;
  let list = frame.querySelector(`#${CSS.escape(id)}`);
  if (!list) {
    list = part("field-errors");
    list.id = id;
    frame.append(list);
    const told = box.getAttribute("aria-describedby");
    box.setAttribute("aria-describedby", told ? `${told} ${id}` : id);
  }
  list.append(part("field-error", { sentence }));
  frame.classList.add("field--refused");
  for (const input of box.matches("fieldset") ? box.querySelectorAll(".date-box__part > :is(input, select)") : [box]) {
    input.setAttribute("aria-invalid", "true");
  }
  for (let fold = frame.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    fold.open = true;
  }
}

/** @param {HTMLElement} frame @param {string} field */
function linkTo(frame, field) {
  const item = part("error-link", { label: labelOf(frame) });
  item.querySelector("a")?.setAttribute("href", `#${field}`);
  return item;
}

/** @param {HTMLElement} frame */
function labelOf(frame) {
  const label = /** @type {HTMLElement | undefined} */ (frame.querySelector(".field__label")?.cloneNode(true));
  label?.querySelector(".field__optional")?.remove();
  return label?.textContent?.trim() ?? "";
}

/** The words over a form's fields, for telling of a problem where the form is not. @param {ParentNode} form */
export function labelsOf(form) {
  /** @type {Record<string, string>} */
  const labels = {};
  for (const frame of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(".field"))) {
    const name = frame.id || /** @type {HTMLElement | null} */ (frame.querySelector("input, select, textarea"))?.id;
    if (name) labels[name] = labelOf(frame);
  }
  return labels;
}
