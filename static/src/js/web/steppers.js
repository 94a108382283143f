// @ts-check
/** Steppers: − and + beside a number box.  The box stays an ordinary box. */
import { readCount } from "./numbers.js";

/** @param {ParentNode} root */
export function startSteppers(root) {
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest?.("[data-step]");
    if (button) step(/** @type {HTMLElement} */ (button));
  });
}

/** @param {HTMLElement} button */
function step(button) {
  const box = /** @type {HTMLElement} */ (button.closest("[data-stepper]"));
  const input = box.querySelector("input");
  if (!input) return;
  const { min = "0", max = "9999" } = box.dataset;
  const wanted = (readCount(input.value) ?? 0) + Number(button.dataset.step);
  input.value = String(Math.min(Math.max(wanted, Number(min)), Number(max)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
