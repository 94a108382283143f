// @ts-check
/** Prints: a button with data-print prints the page.  Where no script runs, the browser's menu does. */

/** @param {Document} root */
export function startPrints(root) {
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest?.("[data-print]");
    if (button) root.defaultView?.print();
  });
}
