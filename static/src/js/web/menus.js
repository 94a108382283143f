// @ts-check
/** Menus made of <details>: close on Escape, and on a tap elsewhere. */

const MENUS = ".me, .nav__more";

/** @param {Document} root */
export function startMenus(root) {
  root.addEventListener("click", (event) => {
    const inside = /** @type {Element} */ (event.target).closest?.(MENUS);
    for (const menu of opened(root)) if (menu !== inside) menu.open = false;
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of opened(root)) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

/** @param {ParentNode} root @returns {HTMLDetailsElement[]} */
function opened(root) {
  return [...root.querySelectorAll(MENUS)]
    .map((menu) => /** @type {HTMLDetailsElement} */ (menu))
    .filter((menu) => menu.open);
}
