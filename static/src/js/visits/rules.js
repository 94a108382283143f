// @ts-check
/** What an entry of the visitor book may be.  Pure.  Twin of app/visits/rules.py and draft.py: both
 *  judge every case of tests/contract/visit_cases.json alike. */
import { CAPTURE_FIELDS, createReader, readOrTell } from "../shared/decode.js";
import { bangkokDay } from "../shared/days.js";
import { codePoints, holdsIdNumber, normalPhone } from "../shared/text.js";

/** @typedef {import("../outbox/types.js").Problem} Problem */
/** @typedef {{key: string}} Choice */
/** The moment of judging: epoch ms, a Date or ISO text. @typedef {number | Date | string} Moment */

const CLOCK_SKEW_MS = 10 * 60_000; // cheap phones drift; more than this is a wrong date
const FIRST_DAY = "2019-10-01"; // fiscal year 2563, when the first plots were dug
const MOST_PEOPLE = 10_000;
/** Code points. @type {Record<string, number>} */
const TEXT_MAX = {
  group_name: 200,
  origin_text: 120,
  trainer: 120,
  suggestion: 2_000,
  leader_name: 120,
  reason: 300,
};
const COUNTS = /** @type {const} */ (["n_male", "n_female", "n_other", "n_child"]);
const FIELDS = [
  ...["id", "centre_id", "visit_date", "time_in", "time_out", "kind", "group_name", "sector"],
  ...["origin_subdistrict_code", "origin_text", ...COUNTS, "topics", "trainer", "satisfaction"],
  ...["suggestion", "consent_followup", "consent_photo", "leader_name", "phone", ...CAPTURE_FIELDS],
];

/** @typedef {ReturnType<typeof readVisitData>} VisitDraft */

/** The entry as the server would store it. @param {unknown} data
 *  @throws {import("../shared/decode.js").Malformed} */
export function readVisitData(data) {
  const read = createReader(data, FIELDS);
  const phone = (/** @type {string | null} */ typed) => typed && (normalPhone(typed) ?? typed);
  return {
    id: read.id("id"),
    centre_id: read.id("centre_id"),
    visit_date: read.day("visit_date"),
    time_in: read.text("time_in"),
    time_out: read.text("time_out"),
    kind: read.word("kind"),
    group_name: read.text("group_name"),
    sector: read.text("sector"),
    origin_subdistrict_code: read.text("origin_subdistrict_code"),
    origin_text: read.text("origin_text"),
    n_male: read.count("n_male"),
    n_female: read.count("n_female"),
    n_other: read.count("n_other"),
    n_child: read.count("n_child"),
    topics: read.words("topics"),
    trainer: read.text("trainer"),
    satisfaction: read.whole("satisfaction"),
    suggestion: read.text("suggestion", { lines: true }),
    consent_followup: read.flag("consent_followup"),
    consent_photo: read.flag("consent_photo"),
    leader_name: read.text("leader_name"),
    phone: phone(read.text("phone")),
    ...read.capture(),
  };
}

/** Every reason to refuse an entry, in form order; of one that cannot be read, the first.
 *  @param {unknown} data as it would be sent
 *  @param {{now: Moment, programme: {visit_kinds: Choice[], visitor_sectors: Choice[], topics: Choice[]}}} by
 *  @returns {Problem[]} empty: acceptable */
export function checkVisit(data, { now, programme }) {
  return readOrTell(() => {
    const draft = readVisitData(data);
    return [
      ...checkDay("visit_date", draft.visit_date, now),
      ...checkTimes(draft),
      ...checkChoice("kind", draft.kind, programme.visit_kinds),
      ...checkText("group_name", draft.group_name),
      ...checkChoice("sector", draft.sector, programme.visitor_sectors),
      ...checkText("origin_text", draft.origin_text),
      ...checkCounts(draft),
      ...checkChoices("topics", draft.topics, programme.topics),
      ...checkText("trainer", draft.trainer),
      ...checkSatisfaction(draft),
      ...checkText("suggestion", draft.suggestion),
      ...checkContact(draft),
      ...checkPosition(draft.position),
    ];
  });
}

/** @param {string} field @param {string} code @param {Record<string, any>} [facts] @returns {Problem[]} */
export const refuse = (field, code, facts = {}) => [{ field, code, facts }];

/** Days to come in Bangkok (a phone may run ahead a little), and days before the centres.
 *  @param {string} field @param {string} day @param {Moment} now */
export function checkDay(field, day, now) {
  if (day > bangkokDay(new Date(now).getTime() + CLOCK_SKEW_MS)) return refuse(field, "in_future");
  return day < FIRST_DAY ? refuse(field, "too_old", { first: FIRST_DAY }) : [];
}

/** @param {string} field @param {string | null} key @param {Choice[]} choices */
export const checkChoice = (field, key, choices) =>
  key === null || choices.some((choice) => choice.key === key) ? [] : refuse(field, "not_a_choice");

/** @param {string} field @param {string[]} keys @param {Choice[]} choices */
export function checkChoices(field, keys, choices) {
  const known = new Set(choices.map((choice) => choice.key));
  if (keys.some((key) => !known.has(key))) return refuse(field, "not_a_choice");
  return new Set(keys).size < keys.length ? refuse(field, "repeated") : [];
}

/** @param {string} field @param {string | null} text @param {number} [longest] code points */
export function checkText(field, text, longest = TEXT_MAX[field]) {
  if (text && codePoints(text) > longest) return refuse(field, "too_long", { max: longest });
  return text && holdsIdNumber(text) ? refuse(field, "national_id_refused") : [];
}

/** Why something is struck out. @param {string | null} reason */
export const checkReason = (reason) =>
  reason ? checkText("reason", reason) : refuse("reason", "required");

/** @param {VisitDraft["position"]} spot */
export function checkPosition(spot) {
  if (!spot) return [];
  const { lat, lon } = spot;
  const onEarth = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && !(lat === 0 && lon === 0);
  const sane = Math.min(spot.accuracy_m ?? 0, spot.fix_age_s ?? 0) >= 0;
  return onEarth && sane ? [] : refuse("position", "bad_position");
}

/** @param {VisitDraft} draft */
function checkTimes({ time_in, time_out }) {
  const times = Object.entries({ time_in, time_out });
  const isTime = (/** @type {string} */ text) => /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/.test(text);
  const bad = times
    .filter(([, text]) => text && !isTime(text))
    .map(([field]) => refuse(field, "bad_time"));
  if (bad.length || !time_in || !time_out || time_in <= time_out) return bad.flat();
  return refuse("time_out", "ends_before_start");
}

/** @param {VisitDraft} draft */
function checkCounts(draft) {
  const negative = COUNTS.filter((field) => draft[field] < 0);
  const tooMany = COUNTS.filter((field) => draft[field] > MOST_PEOPLE);
  if (negative.length || tooMany.length) {
    return [
      ...negative.flatMap((field) => refuse(field, "negative")),
      ...tooMany.flatMap((field) => refuse(field, "too_many", { max: MOST_PEOPLE })),
    ];
  }
  const total = draft.n_male + draft.n_female + draft.n_other;
  if (total === 0) return refuse("n_male", "nobody");
  return draft.n_child > total ? refuse("n_child", "more_than_total", { total }) : [];
}

/** @param {VisitDraft} draft */
function checkSatisfaction({ satisfaction }) {
  if (satisfaction === null || (satisfaction >= 1 && satisfaction <= 5)) return [];
  return refuse("satisfaction", "out_of_range", { min: 1, max: 5 });
}

/** Contact details need consent; consent to be followed up needs somebody. @param {VisitDraft} draft */
function checkContact({ consent_followup, leader_name, phone, group_name }) {
  if (!consent_followup) {
    const given = Object.entries({ leader_name, phone }).filter(([, text]) => text);
    return given.flatMap(([field]) => refuse(field, "consent_needed"));
  }
  if (!(leader_name || phone || group_name)) return refuse("leader_name", "nobody_to_contact");
  return [...checkText("leader_name", leader_name), ...checkPhone(phone)];
}

/** @param {string | null} phone */
function checkPhone(phone) {
  if (!phone || normalPhone(phone)) return [];
  return refuse("phone", holdsIdNumber(phone) ? "national_id_refused" : "phone_invalid");
}
