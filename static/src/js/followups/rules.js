// @ts-check
/** What a follow-up may be, and when the next one is due.  Pure.  Twin of app/followups/rules.py and
 *  draft.py: both judge every case of tests/contract/followup_cases.json alike. */
import { CAPTURE_FIELDS, createReader, readOrTell } from "../shared/decode.js";
import { monthsAfter } from "../shared/days.js";
import {
  checkChoice,
  checkChoices,
  checkDay,
  checkPosition,
  checkText,
  refuse,
} from "../visits/rules.js";

/** @typedef {import("../outbox/types.js").Problem} Problem */
/** @typedef {import("../visits/rules.js").Choice} Choice */
/** @typedef {{visit_date: string, n_total: number, consent_followup: boolean}} VisitFacts */

const MOST_BAHT = 10_000_000; // a month; more is a typing slip
const MOST_RAI = 10_000;
const MOST_PEOPLE = 10_000;
const TEXT_MAX = 2_000; // code points
const MOST_MONTHS_AHEAD = 36;
const MET = "activity"; // the one method that needs no contact details, hence no consent to be called
const FIELDS = [
  ...["id", "visit_id", "followed_on", "method", "used", "n_followed", "n_used", "step_months"],
  ...["topics", "outcomes", "plot_rai", "baht_saved_month", "baht_earned_month", "passed_on_to"],
  ...["reason", "next_step", "next_due_on", ...CAPTURE_FIELDS],
];

/** @typedef {ReturnType<typeof readFollowupData>} FollowupDraft */

/** The check as the server would store it. @param {unknown} data
 *  @throws {import("../shared/decode.js").Malformed} */
export function readFollowupData(data) {
  const read = createReader(data, FIELDS);
  return {
    id: read.id("id"),
    visit_id: read.id("visit_id"),
    followed_on: read.day("followed_on"),
    method: read.word("method"),
    used: read.word("used"),
    n_followed: read.count("n_followed"),
    n_used: read.count("n_used"),
    step_months: read.whole("step_months"),
    topics: read.words("topics"),
    outcomes: read.words("outcomes"),
    plot_rai: read.hundredths("plot_rai"),
    baht_saved_month: read.whole("baht_saved_month"),
    baht_earned_month: read.whole("baht_earned_month"),
    passed_on_to: read.whole("passed_on_to"),
    reason: read.text("reason", { lines: true }),
    next_step: read.text("next_step", { lines: true }),
    next_due_on: read.dayOrNull("next_due_on"),
    ...read.capture(),
  };
}

/** Every reason to refuse a check, in form order; of one that cannot be read, the first.
 *  @param {unknown} data as it would be sent
 *  @param {{now: import("../visits/rules.js").Moment, visit: VisitFacts, programme: {
 *    followup_months: number[], followup_methods: Choice[], followup_uses: Choice[],
 *    topics: Choice[], outcomes: Choice[]}}} by
 *  @returns {Problem[]} empty: acceptable */
export function checkFollowup(data, { now, visit, programme }) {
  return readOrTell(() => {
    const draft = readFollowupData(data);
    return [
      ...checkStep(draft, programme.followup_months),
      ...checkFollowedOn(draft, visit, now),
      ...checkChoice("method", draft.method, programme.followup_methods),
      ...(visit.consent_followup || draft.method === MET ? [] : refuse("method", "consent_needed")),
      ...checkChoice("used", draft.used, programme.followup_uses),
      ...checkPeople(draft, visit),
      ...checkChoices("topics", draft.topics, programme.topics),
      ...checkChoices("outcomes", draft.outcomes, programme.outcomes),
      ...checkAmount("plot_rai", draft.plot_rai, MOST_RAI),
      ...checkAmount("baht_saved_month", draft.baht_saved_month, MOST_BAHT),
      ...checkAmount("baht_earned_month", draft.baht_earned_month, MOST_BAHT),
      ...checkAmount("passed_on_to", draft.passed_on_to, MOST_PEOPLE),
      ...(draft.used === "not_yet" && !draft.reason
        ? refuse("reason", "required")
        : checkText("reason", draft.reason, TEXT_MAX)),
      ...checkText("next_step", draft.next_step, TEXT_MAX),
      ...checkNextDue(draft),
      ...checkPosition(draft.position),
    ];
  });
}

/** When to follow up next: the day asked for, else the programme's next step, else never.
 *  @param {string} visitDate @param {{followedOn: string, stepMonths: number | null, askedFor: string | null,
 *  months: number[]}} by @returns {string | null} */
export function nextDue(visitDate, { followedOn, stepMonths, askedFor, months }) {
  if (askedFor) return askedFor;
  const passed = (/** @type {number} */ step) =>
    stepMonths === null ? monthsAfter(visitDate, step) <= followedOn : step <= stepMonths;
  const step = months.find((one) => !passed(one));
  return step === undefined ? null : monthsAfter(visitDate, step);
}

/** @param {FollowupDraft} draft @param {number[]} months */
const checkStep = ({ step_months }, months) =>
  step_months === null || months.includes(step_months) ? [] : refuse("step_months", "not_a_choice");

/** @param {FollowupDraft} draft @param {VisitFacts} visit @param {import("../visits/rules.js").Moment} now */
function checkFollowedOn({ followed_on }, visit, now) {
  const problems = checkDay("followed_on", followed_on, now);
  if (problems.length || followed_on >= visit.visit_date) return problems;
  return refuse("followed_on", "before_visit", { visit: visit.visit_date });
}

/** @param {FollowupDraft} draft @param {VisitFacts} visit */
function checkPeople({ n_followed, n_used, used }, visit) {
  const negative = Object.entries({ n_followed, n_used }).filter(([, count]) => count < 0);
  if (negative.length) return negative.flatMap(([field]) => refuse(field, "negative"));
  if (n_followed > visit.n_total) {
    return refuse("n_followed", "more_than_total", { total: visit.n_total });
  }
  if ((used === "unreachable") !== (n_followed === 0)) {
    return refuse("n_followed", n_followed === 0 ? "nobody" : "not_reached");
  }
  if (n_used > n_followed) return refuse("n_used", "more_than_total", { total: n_followed });
  const contradicts = (used === "used" && n_used === 0) || (used === "not_yet" && n_used > 0);
  return contradicts ? refuse("n_used", "contradicts_answer") : [];
}

/** @param {string} field @param {number | null} amount @param {number} most */
const checkAmount = (field, amount, most) =>
  amount === null || (amount >= 0 && amount <= most)
    ? []
    : refuse(field, "out_of_range", { min: 0, max: most });

/** @param {FollowupDraft} draft */
function checkNextDue({ next_due_on, followed_on }) {
  if (next_due_on === null) return [];
  if (next_due_on <= followed_on) return refuse("next_due_on", "not_after");
  const last = monthsAfter(followed_on, MOST_MONTHS_AHEAD);
  return next_due_on > last ? refuse("next_due_on", "too_far_ahead") : [];
}
