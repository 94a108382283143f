// @ts-check
/** Rows: "add a row" copies the <template> of a data-rows group; "remove" takes a row away.
 *
 *  <div data-rows data-next="2"> <div data-row>…</div> <template data-row-template>… name="x-__n__" …</template>
 *    <button type="button" data-add-row data-js-only>  … in a row: <button type="button" data-remove-row> */

/** @param {ParentNode} root */
export function startRows(root) {
  root.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const group = /** @type {HTMLElement | null} */ (target.closest?.("[data-rows]"));
    if (!group) return;
    if (target.closest("[data-add-row]")) add(group);
    if (target.closest("[data-remove-row]")) remove(group, target.closest("[data-row]"));
  });
}

/** @param {HTMLElement} group */
function add(group) {
  const template = /** @type {HTMLTemplateElement | null} */ (
    group.querySelector("template[data-row-template]")
  );
  if (!template) return;
  const next = Number(group.dataset.next ?? group.querySelectorAll("[data-row]").length);
  group.dataset.next = String(next + 1);
  const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  for (const element of row.querySelectorAll("*")) number(element, next);
  const first = /** @type {HTMLElement | null} */ (row.querySelector("input, select, textarea"));
  template.before(row);
  first?.focus();
}

/** @param {Element} element @param {number} at */
function number(element, at) {
  for (const name of ["name", "id", "for", "aria-describedby"]) {
    const value = element.getAttribute(name);
    if (value?.includes("__n__")) element.setAttribute(name, value.replaceAll("__n__", String(at)));
  }
}

/** @param {HTMLElement} group @param {Element | null} row */
function remove(group, row) {
  row?.remove();
  group.dispatchEvent(new Event("input", { bubbles: true }));
  /** @type {HTMLElement | null} */ (group.querySelector("[data-add-row]"))?.focus();
}
