// @ts-check
/** Date boxes: "today" and "yesterday" fill day, month and Buddhist year, on a Thai clock;
 *  and what the three boxes hold, as a day. */
import { setValue, valueOf } from "./boxes.js";
import { readDay } from "../shared/days.js";
import { readCount } from "./numbers.js";

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

const FIRST_YEAR = "1900"; // as app/web/date_field.py: an older year is a slip of the finger

/**
 * The day in a form's date box, as app/web/date_field.py reads it.
 * @param {HTMLFormElement} form @param {string} name
 * @returns {string | null | undefined} "2024-02-13"; null when it is no day, undefined when empty
 */
export function readDateBox(form, name) {
  const typed = ["year", "month", "day"].map((part) => valueOf(form, `${name}-${part}`).trim());
  if (!typed.some(Boolean)) return undefined;
  const [year, month, day] = typed.map((part) => String(readCount(part) ?? ""));
  const found = readDay(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
  return found && found >= FIRST_YEAR ? found : null;
}

/** Show a day in a form's date box. @param {HTMLFormElement} form @param {string} name @param {string} day "2024-02-13" */
export function putDateBox(form, name, day) {
  const [year, month, date] = day.split("-").map(Number);
  setValue(form, `${name}-day`, date);
  setValue(form, `${name}-month`, month);
  setValue(form, `${name}-year`, year + BUDDHIST_OFFSET);
}
