// @ts-check
/**
 * Parts: pieces of markup the server put into the page as <template id="part-NAME">, and filling
 * them.  Text goes in as text, so nothing a person typed can become markup.
 */

/**
 * A fresh copy of a part: its first element.
 * @param {string} name @param {Record<string, Filling>} [slots] @returns {HTMLElement}
 */
export function part(name, slots) {
  const template = document.getElementById(`part-${name}`);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`no part ${name}`);
  const piece = /** @type {HTMLElement} */ (
    document.importNode(template.content, true).firstElementChild
  );
  piece.dataset.piece = name;
  return slots ? fill(piece, slots) : piece;
}

/** @typedef {string | number | Node | Node[] | null | undefined} Filling */

/**
 * Fill every [data-slot=NAME] within `piece` (and itself), but not those of pieces put into it:
 * words, or nodes.  null hides the slot.
 * @template {HTMLElement | DocumentFragment} T
 * @param {T} piece @param {Record<string, Filling>} slots @returns {T}
 */
export function fill(piece, slots) {
  for (const [name, value] of Object.entries(slots)) {
    for (const slot of slotsOf(piece, name)) put(slot, value);
  }
  return piece;
}

/** @param {HTMLElement} slot @param {Filling} value */
function put(slot, value) {
  slot.hidden = value === null || value === undefined;
  if (slot.hidden) slot.replaceChildren();
  else if (Array.isArray(value)) slot.replaceChildren(...value);
  else slot.replaceChildren(value instanceof Node ? value : String(value));
}

/** @param {HTMLElement | DocumentFragment} piece @param {string} name @returns {HTMLElement[]} */
function slotsOf(piece, name) {
  const within = /** @type {NodeListOf<HTMLElement>} */ (
    piece.querySelectorAll(`[data-slot="${name}"]`)
  );
  const itself = piece instanceof HTMLElement && piece.dataset.slot === name ? [piece] : [];
  const owner = piece instanceof HTMLElement ? piece.closest("[data-piece]") : null;
  return [...itself, ...[...within].filter((found) => found.closest("[data-piece]") === owner)];
}

/** The first [data-slot=NAME]. @param {HTMLElement} piece @param {string} name @returns {HTMLElement} */
export function slot(piece, name) {
  const [found] = slotsOf(piece, name);
  if (!found) throw new Error(`no slot ${name}`);
  return found;
}

/** One line-drawn icon; those of ICONS in templates/phone/_parts.html. @param {string} name */
export function icon(name) {
  return part(`icon-${name}`);
}

/**
 * A state as icon, words and colour; the states of BADGES in templates/phone/_parts.html.
 * @param {string} state @param {string} [label]  other words than the state's own
 */
export function badge(state, label) {
  const piece = part(`badge-${state}`);
  const words = piece.querySelector("span");
  if (label && words) words.textContent = label;
  return piece;
}

/**
 * A row to press, as high as a thumb.
 * @param {{ href: string, title: string, text?: string, icon?: string, side?: Node | null }} row
 */
export function linkRow({ href, title, text, icon: symbol = "book", side = null }) {
  const row = part("link-row", { title, text: text ?? null, symbol: icon(symbol), side });
  row.querySelector("a")?.setAttribute("href", href);
  return row;
}
