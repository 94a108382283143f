// @ts-check
/** Totals: the sum of the boxes marked data-count="yes" within each data-total. */
import { readCount } from "./numbers.js";

/** @param {ParentNode} root */
export function startTotals(root) {
  for (const group of root.querySelectorAll("[data-total]")) {
    const show = () => showTotal(group);
    group.addEventListener("input", show);
    show();
  }
}

/** @param {Element} group */
function showTotal(group) {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (
    group.querySelectorAll('[data-count="yes"]')
  );
  const total = [...boxes].reduce((sum, box) => sum + Math.max(readCount(box.value) ?? 0, 0), 0);
  const out = group.querySelector("[data-total-out]");
  if (out) out.textContent = total.toLocaleString("en-US");
}
