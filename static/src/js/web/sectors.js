// @ts-check
/** The strip of sectors beside an order's members: counts them while they are typed.
 *
 *  <form> … <div data-sectors> <ol> <li data-sector="government"> … <b data-sector-count>0</b> </li> … </ol>
 *    <output data-sectors-out data-all="…" data-some="{n} of {total} …"></output> </div>
 *    <div data-row> <select name="members-0-sector"> or radios of that name … */

/** @param {ParentNode} root */
export function startSectors(root) {
  for (const strip of root.querySelectorAll("[data-sectors]")) {
    const form = strip.closest("form");
    if (!form) continue;
    const show = () => showSectors(form);
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    show();
  }
}

/** @param {Element} form */
function showSectors(form) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const row of form.querySelectorAll("[data-row]")) {
    const sector = chosen(row);
    if (sector) counts.set(sector, (counts.get(sector) ?? 0) + 1);
  }
  const cells = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-sector]"));
  let present = 0;
  for (const cell of cells) present += showCell(cell, counts.get(cell.dataset.sector ?? "") ?? 0);
  const out = /** @type {HTMLElement | null} */ (form.querySelector("[data-sectors-out]"));
  if (out) out.textContent = sentence(out, present, cells.length);
}

/** @param {Element} row */
function chosen(row) {
  const box = /** @type {HTMLSelectElement | HTMLInputElement | null} */ (
    row.querySelector('select[name$="-sector"], input[name$="-sector"]:checked')
  );
  return box?.value ?? "";
}

/** @param {HTMLElement} cell @param {number} count */
function showCell(cell, count) {
  cell.classList.toggle("sector--missing", !count);
  const number = cell.querySelector("[data-sector-count]");
  if (number) number.textContent = String(count);
  return count ? 1 : 0;
}

/** @param {HTMLElement} out @param {number} present @param {number} total */
function sentence(out, present, total) {
  const words = present === total ? out.dataset.all : out.dataset.some;
  return (words ?? "").replace("{n}", String(total - present)).replace("{total}", String(total));
}
