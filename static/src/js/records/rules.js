// @ts-check
/** What a record of any kind may be, judged by its fields.  Pure.  Twin of app/records/{draft,rules}.py
 *  and of the kinds' own checks: both judge every case of tests/contract/records.json alike. */
import { bangkokDay } from "../shared/days.js";
import { CAPTURE_FIELDS, createReader, Malformed, readOrTell } from "../shared/decode.js";
import { normalPhone } from "../shared/text.js";
import { checkChoices, checkDay, checkPosition, checkText, refuse } from "../visits/rules.js";

/** @typedef {import("../outbox/types.js").Problem} Problem */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Lists} Lists */
/** @typedef {{ now: number | Date | string, programme: Lists }} By */

const FIRST_DAY = "2019-10-01";
const LAST_DAY_YEARS = 5;
const MOST_ROWS = 100;
const MOST_REFS = 40;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The record as the server would read it. @param {Field[]} fields @param {any} data
 *  @throws {import("../shared/decode.js").Malformed} */
export function readRecordData(fields, data) {
  const names = [...fields.map((field) => field.name), "id", "centre_id", "district_code", ...CAPTURE_FIELDS];
  const read = createReader(data, names);
  /** @type {Record<string, any>} */
  const found = {
    id: read.id("id"),
    centre_id: read.idOrNull("centre_id"),
    district_code: read.text("district_code"),
  };
  for (const field of fields) found[field.name] = readValue(read, field, data[field.name] ?? null);
  return { ...found, ...read.capture() };
}

/** @param {ReturnType<typeof createReader>} read @param {Field} field @param {any} sent @returns {any} */
function readValue(read, { name, type, columns }, sent) {
  if (type === "lines") return read.text(name, { lines: true });
  if (type === "day") return read.dayOrNull(name);
  if (type === "whole") return read.whole(name);
  if (type === "choices") return read.words(name);
  if (type === "ref") return read.idOrNull(name);
  if (type === "refs") return readRefs(name, sent);
  if (type === "rows") return readRows(name, columns, sent);
  return read.text(name);
}

/** @param {string} name @param {any} sent @returns {string[]} */
function readRefs(name, sent) {
  if (sent === null) return [];
  if (!Array.isArray(sent) || sent.length > MOST_REFS) throw new Malformed(name, `list of at most ${MOST_REFS} UUIDs`);
  for (const one of sent) if (typeof one !== "string" || !UUID.test(one)) throw new Malformed(name, "UUID");
  return [...new Set(sent.map((one) => one.toLowerCase()))];
}

/** @param {string} name @param {Field[]} columns @param {any} sent @returns {Record<string, any>[]} */
function readRows(name, columns, sent) {
  if (sent === null) return [];
  if (!Array.isArray(sent) || sent.length > MOST_ROWS) throw new Malformed(name, `list of at most ${MOST_ROWS}`);
  const known = columns.map((column) => column.name);
  return sent.map((row, place) => {
    const read = createReader(row, known, `${name}[${place}].`);
    return Object.fromEntries(columns.map((column) => [column.name, readValue(read, column, row[column.name] ?? null)]));
  });
}

/** Every reason to refuse a record, in form order; of one that cannot be read, the first.
 *  @param {string} kind @param {Field[]} fields @param {unknown} data as it would be sent @param {By} by
 *  @returns {Problem[]} empty: acceptable */
export function checkRecord(kind, fields, data, by) {
  return readOrTell(() => {
    const draft = readRecordData(fields, data);
    return [
      ...(draft.centre_id || draft.district_code ? [] : refuse("centre_id", "required")),
      ...fields.flatMap((field) => checkValue(field, draft[field.name], by)),
      ...checkPosition(draft.position),
      ...(CHECKS[kind]?.(draft, by.programme) ?? []),
    ];
  });
}

/** @param {Field} field @param {any} value @param {By} by @param {string} [within] @returns {Problem[]} */
function checkValue(field, value, by, within = "") {
  const name = within + field.name;
  if (value === null || value === "" || value?.length === 0) return field.needed ? refuse(name, "required") : [];
  switch (field.type) {
    case "rows":
      return checkRows(field, value, by);
    case "choice":
      return checkChoices(name, [value], choicesOf(by.programme, field.offered));
    case "choices":
      return checkChoices(name, value, choicesOf(by.programme, field.offered));
    case "text":
    case "lines":
      return checkText(name, value, field.longest);
    case "link": {
      const bad = checkText(name, value, field.longest);
      return bad.length || isLink(value) ? bad : refuse(name, "not_a_link");
    }
    case "whole":
      return checkNumber(name, value, field);
    case "day":
      return field.mayCome ? checkFuture(name, value, by.now) : checkDay(name, value, by.now);
  }
  return [];
}

/** What a field offers; `assessment.criteria` reaches into a part of the programme.
 *  @param {any} programme @param {string} offered @returns {{ key: string }[]} */
export const choicesOf = (programme, offered) => offered.split(".").reduce((found, name) => found[name], programme);

/** @param {Field} field @param {Record<string, any>[]} rows @param {By} by */
function checkRows(field, rows, by) {
  return rows.flatMap((row, place) =>
    field.columns.flatMap((column) => checkValue(column, row[column.name], by, `${field.name}-${place}-`)),
  );
}

/** @param {string} name @param {number} value @param {Field} field */
function checkNumber(name, value, { least, most }) {
  if (value >= least && value <= most) return [];
  return least === 0 && value < 0 ? refuse(name, "negative") : refuse(name, "out_of_range", { min: least, max: most });
}

/** @param {string} name @param {string} day @param {By["now"]} now */
function checkFuture(name, day, now) {
  if (day < FIRST_DAY) return refuse(name, "too_old", { first: FIRST_DAY });
  const last = Number(bangkokDay(new Date(now).getTime()).slice(0, 4)) + LAST_DAY_YEARS;
  return Number(day.slice(0, 4)) > last ? refuse(name, "too_far_ahead", { years: LAST_DAY_YEARS }) : [];
}

/** @param {string} address */
function isLink(address) {
  const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#:[\]]*)(?::[^/?#]*)?(?:[/?#]|$)/i.exec(address)?.[1] ?? "";
  return host.includes(".") && !address.includes(" ");
}

/** What the fields of a kind alone cannot tell. @type {Record<string, (told: any, programme: Lists) => Problem[]>} */
const CHECKS = {
  activity(told) {
    const total = (told.n_male ?? 0) + (told.n_female ?? 0);
    return [
      ...before(told, "held_on", "ended_on"),
      ...((told.n_youth ?? 0) > total ? refuse("n_youth", "more_than_total", { total }) : []),
    ];
  },
  document(told) {
    return [
      ...((told.subject_kind === null) !== (told.subject_id === null) ? refuse("subject_id", "required") : []),
      ...(told.subject_kind && !SUBJECT_KINDS.includes(told.subject_kind) ? refuse("subject_kind", "not_a_choice") : []),
      ...(told.file_sha256 && !/^[0-9a-f]{64}$/.test(told.file_sha256) ? refuse("file_sha256", "not_a_choice") : []),
    ];
  },
  network_order: (told) =>
    told.members.flatMap((/** @type {any} */ member, /** @type {number} */ place) =>
      member.phone && !normalPhone(member.phone) ? refuse(`members-${place}-phone`, "phone_invalid") : [],
    ),
  assessment: checkScores,
  plan_item: (told) => before(told, "starts_on", "ends_on"),
  post(told) {
    const numbers = [told.views, told.likes, told.shares];
    return [
      ...(told.url || told.screenshot_id ? [] : refuse("url", "link_or_screenshot")),
      ...(numbers.some((number) => number !== null) && !told.read_on ? refuse("read_on", "required") : []),
      ...before(told, "posted_on", "read_on"),
    ];
  },
};

const SUBJECT_KINDS = ["visit", "followup", "activity", "network_order", "assessment", "plan_item", "plan_result", "post"];

/** @param {Record<string, any>} told @param {string} first @param {string} last */
function before(told, first, last) {
  return told[first] && told[last] && told[last] < told[first] ? refuse(last, "ends_before_start") : [];
}

/** Every criterion once, with points that its sentences know. @param {Record<string, any>} told @param {Lists} programme */
function checkScores({ scores }, { assessment }) {
  const offered = new Map(
    assessment.criteria.map((one) => [one.key, (one.anchors.length ? one.anchors : assessment.anchors).map(({ points }) => points)]),
  );
  const seen = new Set();
  const problems = scores.flatMap((/** @type {any} */ row, /** @type {number} */ place) => {
    const known = offered.get(row.criterion);
    const again = seen.has(row.criterion);
    seen.add(row.criterion);
    return [
      ...(again ? refuse(`scores-${place}-criterion`, "repeated") : []),
      ...(known && row.points !== null && !known.includes(row.points) ? refuse(`scores-${place}-points`, "not_a_choice") : []),
    ];
  });
  const missing = [...offered.keys()].filter((key) => !seen.has(key)).length;
  return missing ? [...problems, ...refuse("scores", "criteria_missing", { count: missing })] : problems;
}
