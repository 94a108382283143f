// @ts-check
/** Boxes of a form by their name: what is in them, and putting something in as if it were typed. */

/** @typedef {Record<string, string[]>} Values  what each name holds; hidden and disabled boxes too */

/** @param {HTMLFormElement} form @param {string} name */
export function valueOf(form, name) {
  const box = form.elements.namedItem(name);
  return box && "value" in box ? String(box.value) : "";
}

/** @param {HTMLFormElement} form @param {string} name @param {string | number} value */
export function setValue(form, name, value) {
  const box = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
  if (!box) return;
  box.value = String(value);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Everything in a form, as typed, for putting it back another day. @param {HTMLFormElement} form @returns {Values} */
export function valuesOf(form) {
  /** @type {Values} */
  const values = {};
  for (const box of boxesOf(form)) {
    values[box.name] ??= [];
    if (!isTicked(box) || /** @type {HTMLInputElement} */ (box).checked) values[box.name].push(box.value);
  }
  return values;
}

/** Put back what `valuesOf` read; names the form no longer has are left out. @param {HTMLFormElement} form @param {Values} values */
export function putValues(form, values) {
  for (const box of boxesOf(form)) {
    const held = values[box.name];
    if (!held) continue;
    if (isTicked(box)) /** @type {HTMLInputElement} */ (box).checked = held.includes(box.value);
    else box.value = held[0] ?? "";
  }
}

/** @param {HTMLFormElement} form */
function boxesOf(form) {
  return [...form.elements].filter(
    (box) => /** @type {HTMLInputElement} */ (box).name && box.matches("input, select, textarea"),
  ).map((box) => /** @type {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} */ (box));
}

/** @param {Element} box */
function isTicked(box) {
  return box.matches("[type=checkbox], [type=radio]");
}
