// @ts-check
/**
 * Reading the visitor book's form as app/visits/forms.py reads it: texts trimmed, Thai digits,
 * Buddhist years.  What cannot be read is a problem of its field; whether what was read is
 * acceptable, rules.js says.
 */
import { asciiDigits, cleanText } from "../shared/text.js";
import { valueOf } from "../web/boxes.js";
import { readDateBox } from "../web/dates.js";
import { readCount } from "../web/numbers.js";

/** @typedef {import("../outbox/types.js").Problem} Problem */

const COUNTS = ["n_male", "n_female", "n_child", "n_other"];
const CLOCK_TIME = /^(\d{1,2})[:.](\d{2})(?:น\.?)?$/;

/**
 * @param {HTMLFormElement} form
 * @returns {{ data: Record<string, any>, problems: Problem[] }} data without id and circumstances
 */
export function readVisit(form) {
  /** @type {Problem[]} */
  const problems = [];
  const refuse = (/** @type {string} */ field, /** @type {string} */ code) => problems.push({ field, code, facts: {} });

  const centre = chosen(form, "centre_id");
  if (!centre) refuse("centre_id", "required");
  const day = readDateBox(form, "visit_date");
  if (!day) refuse("visit_date", day === null ? "bad_date" : "required");
  const counts = COUNTS.map((name) => [name, readNumber(valueOf(form, name), () => refuse(name, "not_a_number"))]);
  const kind = chosen(form, "kind");
  if (!kind) refuse("kind", "required");

  const satisfaction = chosen(form, "satisfaction");
  return {
    data: {
      centre_id: centre,
      visit_date: day,
      time_in: clockTime(valueOf(form, "time_in")),
      time_out: clockTime(valueOf(form, "time_out")),
      kind,
      group_name: text(form, "group_name"),
      sector: chosen(form, "sector"),
      origin_subdistrict_code: chosen(form, "origin_subdistrict_code"),
      origin_text: text(form, "origin_text"),
      ...Object.fromEntries(counts),
      topics: allChosen(form, "topics"),
      trainer: text(form, "trainer"),
      satisfaction: satisfaction ? Number(satisfaction) : null,
      suggestion: text(form, "suggestion"),
      consent_followup: allChosen(form, "consent_followup").length > 0,
      consent_photo: allChosen(form, "consent_photo").length > 0,
      leader_name: text(form, "leader_name"),
      phone: text(form, "phone"),
    },
    problems,
  };
}

/** An empty box is nobody. @param {string} typed @param {() => void} refuse */
function readNumber(typed, refuse) {
  if (!typed.trim()) return 0;
  const count = readCount(typed);
  if (count === null) refuse();
  return count ?? 0;
}

/** @param {string} typed @returns {string | null} HH:MM, or as typed for the rules to refuse */
export function clockTime(typed) {
  const plain = asciiDigits(typed).replace(/\s/g, "");
  const match = CLOCK_TIME.exec(plain);
  return match ? `${match[1].padStart(2, "0")}:${match[2]}` : typed.trim() || null;
}

/** A box that is disabled says nothing: name and phone without consent. @param {HTMLFormElement} form @param {string} name */
function text(form, name) {
  const box = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
  if (!box || box.disabled) return null;
  return cleanText(box.value, { lines: box.matches("textarea") }) || null;
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
export function valuesOfVisit(data) {
  const [year, month, day] = String(data.visit_date).split("-").map(Number);
  /** @type {import("../web/boxes.js").Values} */
  const values = {
    "visit_date-day": [String(day)],
    "visit_date-month": [String(month)],
    "visit_date-year": [String(year + 543)],
  };
  for (const [name, value] of Object.entries(data)) {
    if (Array.isArray(value)) values[name] = value.map(String);
    else if (typeof value === "boolean") values[name] = value ? ["y"] : [];
    else values[name] = [value === null || value === undefined ? "" : String(value)];
  }
  return values;
}
