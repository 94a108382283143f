// @ts-check
/**
 * Reading the follow-ups' form as app/followups/forms.py reads it: texts trimmed, Thai digits,
 * Buddhist years.  What cannot be read is a problem of its field; whether what was read is
 * acceptable, rules.js says.
 */
import { asciiDigits, cleanText } from "../shared/text.js";
import { valueOf } from "../web/boxes.js";
import { readDateBox } from "../web/dates.js";
import { readCount } from "../web/numbers.js";

/** @typedef {import("../outbox/types.js").Problem} Problem */

const AMOUNTS = ["baht_saved_month", "baht_earned_month", "passed_on_to"];
const DAYS = ["followed_on", "next_due_on"];
const BUDDHIST_OFFSET = 543;

/**
 * @param {HTMLFormElement} form
 * @returns {{ data: Record<string, any>, problems: Problem[] }} data without ids and circumstances
 */
export function readFollowup(form) {
  /** @type {Problem[]} */
  const problems = [];
  const refuse = (/** @type {string} */ field, /** @type {string} */ code) => problems.push({ field, code, facts: {} });
  const day = readDateBox(form, "followed_on");
  if (!day) refuse("followed_on", day === null ? "bad_date" : "required");
  for (const name of ["method", "used"]) if (!chosen(form, name)) refuse(name, "required");
  const number = (/** @type {string} */ name, read = readCount) =>
    readNumber(valueOf(form, name), read, () => refuse(name, "not_a_number"));
  const people = ["n_followed", "n_used"].map((name) => [name, number(name) ?? 0]);
  const amounts = AMOUNTS.map((name) => [name, number(name)]);
  const rai = number("plot_rai", readDecimal);
  const next = readDateBox(form, "next_due_on");
  if (next === null) refuse("next_due_on", "bad_date");
  return {
    data: {
      followed_on: day,
      method: chosen(form, "method"),
      used: chosen(form, "used"),
      ...Object.fromEntries(people),
      step_months: Number(chosen(form, "step_months")) || null,
      topics: allChosen(form, "topics"),
      outcomes: allChosen(form, "outcomes"),
      plot_rai: rai === null ? null : Math.round(rai * 100) / 100,
      ...Object.fromEntries(amounts),
      reason: text(form, "reason"),
      next_step: text(form, "next_step"),
      next_due_on: next ?? null,
    },
    problems,
  };
}

/** @param {string} typed @param {(typed: string) => number | null} read @param {() => void} refuse */
function readNumber(typed, read, refuse) {
  if (!typed.trim()) return null;
  const number = read(typed);
  if (number === null) refuse();
  return number;
}

/** `2.5`, `๒.๕`, `1,250.50`; null when it is no number. @param {string} typed @returns {number | null} */
export function readDecimal(typed) {
  const plain = asciiDigits(typed).replace(/[\s,]/g, "").replace("\u2212", "-");
  return /^-?(?:\d+\.?\d*|\.\d+)$/.test(plain) && plain.length <= 20 ? Number(plain) : null;
}

/** @param {HTMLFormElement} form @param {string} name */
function text(form, name) {
  return cleanText(valueOf(form, name), { lines: true }) || null;
}

/** @param {HTMLFormElement} form @param {string} name */
function chosen(form, name) {
  return valueOf(form, name) || null;
}

/** @param {HTMLFormElement} form @param {string} name @returns {string[]} */
function allChosen(form, name) {
  return new FormData(form).getAll(name).map(String);
}

/**
 * What the form's boxes hold for a record, for `putValues`: the way back.
 * @param {Record<string, any>} data @returns {import("../web/boxes.js").Values}
 */
export function valuesOfFollowup(data) {
  /** @type {import("../web/boxes.js").Values} */
  const values = {};
  for (const [name, value] of Object.entries(data)) {
    values[name] = Array.isArray(value) ? value.map(String) : [value === null || value === undefined ? "" : String(value)];
  }
  for (const name of DAYS) {
    const [year, month, day] = data[name] ? String(data[name]).split("-").map(Number) : [];
    values[`${name}-day`] = [day ? String(day) : ""];
    values[`${name}-month`] = [month ? String(month) : ""];
    values[`${name}-year`] = [year ? String(year + BUDDHIST_OFFSET) : ""];
  }
  return values;
}
