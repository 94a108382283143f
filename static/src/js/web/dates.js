// @ts-check
/** Date boxes: "today" and "yesterday" fill day, month and Buddhist year, on a Thai clock. */

const BUDDHIST_OFFSET = 543;

/** @param {number} daysAgo @param {Date} [instant] @returns {{day: string, month: string, year: string}} */
export function thaiDay(daysAgo, instant = new Date()) {
  const then = new Date(instant.getTime() - daysAgo * 86_400_000);
  const parts = new Intl.DateTimeFormat("en-GB-u-ca-gregory-nu-latn", {
    timeZone: "Asia/Bangkok",
    year: "numeric",
    month: "numeric",
    day: "numeric",
  }).formatToParts(then);
  /** @param {string} type */
  const part = (type) => Number(parts.find((one) => one.type === type)?.value);
  return {
    day: String(part("day")),
    month: String(part("month")),
    year: String(part("year") + BUDDHIST_OFFSET),
  };
}

/** @param {ParentNode} root */
export function startDateBoxes(root) {
  root.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest?.("[data-days-ago]"));
    const box = button?.closest("[data-date-box]");
    if (button && box) fill(box, thaiDay(Number(button.dataset.daysAgo)));
  });
}

/** @param {Element} box @param {Record<string, string>} day */
function fill(box, day) {
  for (const [name, value] of Object.entries(day)) {
    const part = /** @type {HTMLInputElement | null} */ (
      box.querySelector(`[data-date-part="${name}"]`)
    );
    if (!part) continue;
    part.value = value;
    part.dispatchEvent(new Event("input", { bubbles: true }));
    part.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
