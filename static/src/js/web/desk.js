// @ts-check
/** The reviewer's desk by keyboard: the queue and the items of a report.  Both work without. */

/** @param {Document} root */
export function startDesk(root) {
  const desk = root.querySelector("[data-desk]");
  if (!desk) return;
  root.addEventListener("keydown", (event) => onKey(event, root));
  desk.addEventListener("change", () => count(root));
  count(root);
  // After an answer the page comes back at the next item.
  const here = location.hash.startsWith("#item-") && root.getElementById(location.hash.slice(1));
  if (here) go(/** @type {HTMLElement} */ (here));
}

/** @param {KeyboardEvent} event @param {Document} root */
function onKey(event, root) {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest("textarea, select, dialog, input:not([type=checkbox])")) return;
  const rows = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-desk-row]")]);
  const place = rows.findIndex((row) => row.contains(root.activeElement));
  const does = deed(event, root, rows, place);
  if (!does) return;
  event.preventDefault();
  does();
}

/**
 * What a key does, by its place: a Thai keyboard types no J.
 * @param {KeyboardEvent} event @param {Document} root @param {HTMLElement[]} rows @param {number} place
 * @returns {(() => void) | undefined}
 */
function deed(event, root, rows, place) {
  const row = rows[place];
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return () => help(root);
  if (event.shiftKey) return undefined;
  /** @type {Record<string, () => void>} */
  const known = {
    KeyJ: () => go(rows[Math.min(place + 1, rows.length - 1)]),
    KeyK: () => go(rows[Math.max(place - 1, 0)]),
    KeyO: () => press(row, "[data-desk-ok] button"),
    KeyR: () => reasons(row),
    KeyX: () => press(row, "[data-desk-tick]"),
    KeyA: () => decide(root),
  };
  // Enter belongs to what has the focus: only a row itself opens by it.
  if (event.code === "Enter" && row && row === root.activeElement) {
    return () => press(row, "[data-desk-open]");
  }
  return known[event.code];
}

/** @param {HTMLElement | undefined} row */
function go(row) {
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement | undefined} row @param {string} what */
function press(row, what) {
  /** @type {HTMLElement | null | undefined} */ (row?.querySelector(what))?.click();
}

/** @param {HTMLElement | undefined} row */
function reasons(row) {
  const box = row?.querySelector("[data-desk-return]");
  if (!(box instanceof HTMLDetailsElement)) return;
  box.open = true;
  box.querySelector("select")?.focus();
}

/** @param {Document} root */
function decide(root) {
  const button = root.querySelector("[data-desk-accept], [data-desk-decide]");
  if (button instanceof HTMLElement) button.click();
  else go(/** @type {HTMLElement | undefined} */ (root.getElementById("item-decide") ?? undefined));
}

/** @param {Document} root */
function help(root) {
  const keys = root.querySelector("[data-desk-keys]");
  if (keys instanceof HTMLDetailsElement) keys.open = !keys.open;
}

/** How many are ticked. @param {Document} root */
function count(root) {
  const told = root.querySelector("[data-desk-count]");
  if (!(told instanceof HTMLElement)) return;
  const ticked = root.querySelectorAll("[data-desk-tick]:checked").length;
  told.hidden = ticked === 0;
  told.textContent = `${ticked} ✓`;
}
