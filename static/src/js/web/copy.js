// @ts-check
/** Copies: a button with data-copy="ID" copies that element's words and says so. */

/** @param {Document} root */
export function startCopies(root) {
  for (const place of root.querySelectorAll("[data-address-here]")) {
    place.textContent = location.href; // with the part after #, which the server never sees
  }
  for (const link of root.querySelectorAll("a[data-keeps-hash]")) {
    /** @type {HTMLAnchorElement} */ (link).hash = location.hash;
  }
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest?.("[data-copy]");
    if (button instanceof HTMLElement) void copy(root, button);
  });
}

/** @param {Document} root @param {HTMLElement} button */
async function copy(root, button) {
  const place = root.getElementById(button.dataset.copy ?? "");
  if (!place || !(await toClipboard(root, place))) return;
  const words = button.querySelector("span") ?? button;
  words.textContent = button.dataset.copied ?? words.textContent;
  button.setAttribute("aria-live", "polite");
}

/** @param {Document} root @param {HTMLElement} place @returns {Promise<boolean>} */
async function toClipboard(root, place) {
  try {
    await navigator.clipboard.writeText(place.textContent?.trim() ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(place); // chat browsers know only the old way
    return root.execCommand("copy");
  }
}
