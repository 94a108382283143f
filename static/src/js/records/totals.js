// @ts-check
/** Points and grade of an assessment while it is filled in, and what the last one gave. */
import { resultOf } from "../assessments/rules.js";
import { valueOf } from "../web/boxes.js";
import { choiceWords, officeOf, recordKinds } from "../phone/record_kinds.js";
import { readRecord } from "./read.js";

/** @typedef {import("../phone/context.js").Context} Context */
/** @typedef {import("./types.js").KindFacts} KindFacts */

/** @param {HTMLFormElement} form @param {Context} ctx @param {KindFacts} facts */
export function startAssessmentTotals(form, ctx, facts) {
  const total = /** @type {HTMLElement | null} */ (form.querySelector("[data-assessment-total]"));
  if (!total) return;
  const programme = recordKinds().programme;
  let chosen = valueOf(form, "proposed_grade"); // as it was chosen by a person
  const scores = facts.fields.filter((field) => field.name === "scores");
  const say = () => {
    const { data } = readRecord(form, scores);
    const told = data.scores.filter((/** @type {any} */ row) => row.points !== null).length;
    const result = resultOf(data.scores, programme);
    for (const tag of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-side]"))) {
      tag.textContent = `${result.sides[tag.dataset.side ?? ""]}%`;
    }
    const grade = choiceWords(ctx, "grades", result.grade);
    total.textContent = ctx.words("records.total", { points: result.points, most: result.most, percent: result.percent, grade, n: told, of: programme.assessment.criteria.length });
    if (!chosen && told === programme.assessment.criteria.length) propose(form, result.grade);
  };
  form.addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.name === "proposed_grade") chosen = box.value;
    say();
  });
  say();
  void sayLast(form, ctx);
  form.addEventListener("change", (event) => {
    if (/** @type {HTMLInputElement} */ (event.target).name === "centre_id") void sayLast(form, ctx);
  });
}

/** @param {HTMLFormElement} form @param {string} grade */
function propose(form, grade) {
  for (const box of form.querySelectorAll("input[name=proposed_grade]")) {
    /** @type {HTMLInputElement} */ (box).checked = /** @type {HTMLInputElement} */ (box).value === grade;
  }
}

/** The sentence that was chosen last time is marked. @param {HTMLFormElement} form @param {Context} ctx */
async function sayLast(form, ctx) {
  const centre = valueOf(form, "centre_id");
  const last = (await officeOf(ctx)).assessments.find((one) => one.centre_id === centre);
  for (const frame of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-criterion]"))) {
    const points = last?.points[frame.dataset.criterion ?? ""];
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (frame.querySelectorAll("input[type=radio]"))) {
      const before = points !== undefined && Number(box.value) === points;
      box.parentElement?.classList.toggle("choice--before", before);
      box.parentElement?.setAttribute("title", before ? ctx.words("records.last_time") : "");
    }
  }
}
