// @ts-check
/**
 * Reading the form of any kind of record as app/records/forms.py reads it: texts trimmed, Thai
 * digits, Buddhist years; and the way back.  What cannot be read is a problem of its field; whether
 * what was read is acceptable, rules.js says.  A field without a box is left as it was.
 */
import { cleanText } from "../shared/text.js";
import { valueOf } from "../web/boxes.js";
import { readDateBox } from "../web/dates.js";
import { readCount } from "../web/numbers.js";

/** @typedef {import("../outbox/types.js").Problem} Problem */
/** @typedef {import("./types.js").Field} Field */

const BUDDHIST_OFFSET = 543;

/** @param {Field} field */
export const nothingOf = ({ type }) => (["choices", "refs", "rows"].includes(type) ? [] : null);

/** @param {HTMLFormElement} form @param {Field[]} fields
 *  @returns {{ data: Record<string, any>, problems: Problem[], places: Record<string, number[]> }}
 *    data without place and circumstances; places: of each row, the number its boxes carry */
export function readRecord(form, fields) {
  /** @type {Problem[]} */
  const problems = [];
  /** @type {Record<string, number[]>} */
  const places = {};
  /** @type {Record<string, any>} */
  const data = {};
  for (const field of fields) {
    if (field.type === "rows") {
      const rows = readRows(form, field, problems);
      places[field.name] = rows.map(({ place }) => place);
      if (hasRows(form, field.name)) data[field.name] = rows.map(({ row }) => row);
    } else if (hasBox(form, field)) data[field.name] = readField(form, field, field.name, problems);
  }
  return { data, problems, places };
}

/** A row's place among those that say something, as the number its boxes carry.
 *  @param {string} field `members-1-phone` @param {Record<string, number[]>} places */
export function boxNamed(field, places) {
  const [name, place, column] = field.split("-");
  return column && places[name] ? `${name}-${places[name][Number(place)]}-${column}` : field;
}

/** @param {HTMLFormElement} form @param {Field} field */
function hasBox(form, { name, type }) {
  if (type === "refs") return form.querySelector(`[data-evidence="${name}"]`) !== null;
  return form.elements.namedItem(type === "day" ? `${name}-day` : name) !== null;
}

/** @param {HTMLFormElement} form @param {string} name */
const hasRows = (form, name) => form.querySelector(`#${name}`) !== null;

/** @param {HTMLFormElement} form @param {Field} field @param {string} box @param {Problem[]} problems @returns {any} */
function readField(form, { type }, box, problems) {
  const typed = valueOf(form, box);
  switch (type) {
    case "day": {
      const day = readDateBox(form, box);
      if (day === null) problems.push({ field: box, code: "bad_date", facts: {} });
      return day ?? null;
    }
    case "whole": {
      if (!typed.trim()) return null;
      const number = readCount(typed);
      if (number === null) problems.push({ field: box, code: "not_a_number", facts: {} });
      return number;
    }
    case "choices":
    case "refs":
      return new FormData(form).getAll(box).map(String);
    case "choice":
    case "ref":
      return typed || null;
    default:
      return cleanText(typed, { lines: type === "lines" }) || null;
  }
}

/** Rows in which something was written. @param {HTMLFormElement} form @param {Field} field @param {Problem[]} problems */
function readRows(form, { name, columns }, problems) {
  return placesOf(Object.keys(Object.fromEntries(new FormData(form))), name)
    .map((place) => {
      /** @type {Problem[]} */
      const wrong = [];
      const row = Object.fromEntries(
        columns.map((column) => [column.name, readField(form, column, `${name}-${place}-${column.name}`, wrong)]),
      );
      const said = wrong.length > 0 || Object.values(row).some((value) => value !== null && value?.length !== 0);
      if (said) problems.push(...wrong);
      return { place, row, said };
    })
    .filter(({ said }) => said);
}

/** The numbers of the rows among names such as `members-3-phone`. @param {string[]} names @param {string} name */
export function placesOf(names, name) {
  const numbers = names.map((one) => new RegExp(`^${name}-(\\d+)-`).exec(one)?.[1]).filter((one) => one !== undefined);
  return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
}

/** What the form's boxes hold for a record, for `putValues`: the way back.
 *  @param {Record<string, any>} data @param {Field[]} fields @returns {import("../web/boxes.js").Values} */
export function valuesOfRecord(data, fields) {
  /** @type {import("../web/boxes.js").Values} */
  const values = { centre_id: [data.centre_id ?? ""], district_code: [data.district_code ?? ""] };
  for (const field of fields) {
    const value = data[field.name];
    if (field.type !== "rows") putField(values, field, field.name, value);
    else
      (value ?? []).forEach((/** @type {any} */ row, /** @type {number} */ place) => {
        for (const column of field.columns) putField(values, column, `${field.name}-${place}-${column.name}`, row[column.name]);
      });
  }
  return values;
}

/** @param {import("../web/boxes.js").Values} values @param {Field} field @param {string} box @param {any} value */
function putField(values, { type }, box, value) {
  if (type === "day") {
    const [year, month, day] = value ? String(value).split("-").map(Number) : [];
    values[`${box}-day`] = [day ? String(day) : ""];
    values[`${box}-month`] = [month ? String(month) : ""];
    values[`${box}-year`] = [year ? String(year + BUDDHIST_OFFSET) : ""];
  } else if (Array.isArray(value)) values[box] = value.map(String);
  else values[box] = [value === null || value === undefined ? "" : String(value)];
}
