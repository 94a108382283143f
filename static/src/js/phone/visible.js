// @ts-check
/** Showing and hiding what a screen's template holds, and where its links lead. */

/** @param {HTMLElement} root @param {string} selector @param {boolean} visible */
export function show(root, selector, visible) {
  const found = /** @type {HTMLElement | null} */ (root.querySelector(selector));
  if (found) found.hidden = !visible;
}

/** @param {HTMLElement} root @param {string} selector @param {string} address */
export function link(root, selector, address) {
  root.querySelector(selector)?.setAttribute("href", address);
}
