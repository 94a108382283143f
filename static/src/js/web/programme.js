// @ts-check
/** The programme's editor: line numbers follow what is typed, and a fault leads to its line. */

const text = /** @type {HTMLTextAreaElement | null} */ (document.querySelector("[data-code-text]"));
const numbers = document.querySelector("[data-numbers]");

if (text && numbers) {
  text.addEventListener("input", () => number(text, numbers));
  number(text, numbers);
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest?.("a[data-line]");
    if (!(link instanceof HTMLElement)) return;
    event.preventDefault();
    goTo(text, Number(link.dataset.line));
  });
}

/** @param {HTMLTextAreaElement} text @param {Element} numbers */
function number(text, numbers) {
  const lines = text.value.split("\n").length;
  text.rows = lines + 1;
  while (numbers.childElementCount > lines) numbers.lastElementChild?.remove();
  while (numbers.childElementCount < lines) {
    const item = document.createElement("li");
    const line = numbers.childElementCount + 1;
    item.id = `line-${line}`;
    item.textContent = String(line);
    numbers.append(item);
  }
}

/** Select the line and bring it into sight.
 *  @param {HTMLTextAreaElement} text @param {number} line */
function goTo(text, line) {
  const rows = text.value.split("\n");
  const start = rows.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0);
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, start + (rows[line - 1]?.length ?? 0));
  document.getElementById(`line-${line}`)?.scrollIntoView({ block: "center" });
}
