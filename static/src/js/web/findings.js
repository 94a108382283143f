// @ts-check
/** The queue of questions by keyboard, and two pictures laid over one another.  Both pages work without. */

/** @param {Document} root */
export function startFindings(root) {
  const queue = root.querySelector("[data-finding-queue]");
  if (queue) root.addEventListener("keydown", (event) => onKey(event, queue));
  const pair = root.querySelector("[data-pair]");
  const overlay = root.querySelector("[data-overlay]");
  if (pair && overlay instanceof HTMLElement) startOverlay(pair, overlay);
}

/** @param {KeyboardEvent} event @param {Element} queue */
function onKey(event, queue) {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, dialog")) return;
  const rows = /** @type {HTMLElement[]} */ ([...queue.querySelectorAll("[data-finding-row]")]);
  const here = rows.findIndex((row) => row.contains(queue.ownerDocument.activeElement));
  // By the key's place too: a Thai keyboard types no J.
  const does = { KeyJ: () => go(rows, here + 1), KeyK: () => go(rows, here - 1), KeyN: () => note(rows[here]), KeyO: () => open(rows[here]) }[event.code];
  if (!does) return;
  event.preventDefault();
  does();
}

/** @param {HTMLElement[]} rows @param {number} place */
function go(rows, place) {
  const row = rows[Math.min(Math.max(place, 0), rows.length - 1)];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement | undefined} row */
function note(row) {
  const box = row?.querySelector("[data-finding-note]");
  if (!(box instanceof HTMLDetailsElement)) return;
  box.open = true;
  box.querySelector("textarea")?.focus();
}

/** @param {HTMLElement | undefined} row */
function open(row) {
  /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-finding-photo]"))?.click();
}

/** @param {Element} pair @param {HTMLElement} overlay */
function startOverlay(pair, overlay) {
  const stage = overlay.querySelector(".overlay__stage");
  const mix = overlay.querySelector("input");
  const [under, above] = [...pair.querySelectorAll("img")].map((one) => one.cloneNode());
  if (!stage || !mix || !(above instanceof HTMLImageElement) || !under) return;
  stage.append(under, above);
  const show = () => (above.style.opacity = `${mix.valueAsNumber / 100}`);
  mix.addEventListener("input", show);
  show();
  overlay.hidden = false;
}
