// @ts-check
/** The assessment's form: one part at a time, the total while answering, what is still missing.
 *  Without it all parts stand below one another, and the server reckons. */
import { gradeWithEvidence, missingEvidence, resultOf } from "../assessments/rules.js";
import { markupOf } from "../shared/trusted.js";

/** @typedef {import("../assessments/rules.js").Programme} Programme */
/** @typedef {import("../assessments/rules.js").Found} Found */
/** @typedef {import("../assessments/rules.js").Score} Score */
/** @typedef {import("../assessments/rules.js").Missing} Missing */
/** @typedef {{programme: Programme, found: Found, grades: Record<string, string>, strategies: Record<string, string>, above: Record<string, string>}} Facts */

/** @param {Document} root */
function startAssessments(root) {
  for (const form of root.querySelectorAll("form[data-assessment]")) {
    startForm(/** @type {HTMLFormElement} */ (form));
  }
}

/** @param {HTMLFormElement} form */
function startForm(form) {
  /** @type {Facts} */
  const facts = JSON.parse(form.dataset.assessment ?? "{}");
  /** @type {Record<string, string>} */
  const words = JSON.parse(form.dataset.words ?? "{}");
  const rows = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-criterion]")]);
  const show = () => showAll(form, rows, facts, words);
  startSuggestions(form);
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  startParts(form, words);
  startMoreEvidence(form, show, facts);
  show();
}

/** @param {HTMLElement} row @returns {Score} */
function scoreOf(row) {
  const chosen = /** @type {HTMLInputElement | null} */ (
    row.querySelector('input[type="radio"]:checked')
  );
  const ticked = /** @type {NodeListOf<HTMLInputElement>} */ (
    row.querySelectorAll("[data-picker] input:checked")
  );
  return {
    criterion: row.dataset.criterion ?? "",
    points: chosen ? Number(chosen.value) : null,
    note: row.querySelector("textarea")?.value ?? "",
    evidence: [...ticked].map((box) => box.value),
  };
}

/** @param {HTMLFormElement} form @param {HTMLElement[]} rows @param {Facts} facts
 *  @param {Record<string, string>} words */
function showAll(form, rows, facts, words) {
  const scores = rows.map(scoreOf);
  const result = resultOf(scores, facts.programme);
  const missing = missingEvidence(scores, facts.programme, facts.found);
  const grade = gradeWithEvidence(result.grade, missing, facts.programme);
  const answered = scores.filter((one) => one.points !== null).length;
  showBar(form, { answered, points: result.points, percent: result.percent, grade });
  showSides(form, result.sides, words);
  rows.forEach((row, place) => showRow(row, scores[place], missing, words));
  showMissing(form, rows, missing, words);
  suggest(form, grade, answered === rows.length, facts, words);
}

/** @param {HTMLElement} form @param {{answered: number, points: number, percent: number, grade: string}} now */
function showBar(form, now) {
  tell(form, "[data-answered]", now.answered);
  tell(form, "[data-points]", now.points);
  tell(form, "[data-percent]", now.percent);
  const bar = /** @type {HTMLProgressElement | null} */ (form.querySelector("[data-progress-bar]"));
  if (bar) bar.value = now.answered;
  for (const sign of /** @type {NodeListOf<HTMLElement>} */ (
    form.querySelectorAll("[data-grade-is]")
  )) {
    sign.hidden = sign.dataset.gradeIs !== now.grade || !now.answered;
  }
}

/** @param {HTMLElement} form @param {Record<string, number>} sides @param {Record<string, string>} words */
function showSides(form, sides, words) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-side]"))) {
    const rows = /** @type {HTMLElement[]} */ ([...part.querySelectorAll("[data-criterion]")]);
    const scores = rows.map(scoreOf);
    const done = scores.filter((one) => one.points !== null).length;
    tell(part, "[data-side-points]", scores.reduce((sum, one) => sum + (one.points ?? 0), 0));
    tell(part, "[data-side-percent]", sides[part.dataset.side ?? ""] ?? 0);
    const step = form.querySelector(`[data-step-to="${part.id}"]`);
    if (step) tell(step, "[data-side-answered]", `${done}/${rows.length}`);
    step?.classList.toggle("is-done", done === rows.length);
  }
}

/** @param {HTMLElement} row @param {Score} score @param {Missing[]} missing
 *  @param {Record<string, string>} words */
function showRow(row, score, missing, words) {
  const own = missing.filter((one) => one.criterion === score.criterion);
  const line = /** @type {HTMLElement | null} */ (row.querySelector("[data-missing]"));
  if (line) {
    line.hidden = !own.length;
    tell(line, "span", `${words.missing} ${own.map((one) => pieceOf(one, words)).join(", ")}`);
  }
  const chosen = /** @type {HTMLElement | null} */ (row.querySelector("[data-chosen]"));
  const many = (score.evidence ?? []).length;
  if (chosen) chosen.hidden = !many;
  if (chosen) chosen.textContent = String(many);
}

/** @param {HTMLElement} form @param {HTMLElement[]} rows @param {Missing[]} missing
 *  @param {Record<string, string>} words */
function showMissing(form, rows, missing, words) {
  const box = /** @type {HTMLElement | null} */ (form.querySelector("[data-missing-all]"));
  const list = box?.querySelector("ul");
  if (!box || !list) return;
  box.hidden = !missing.length;
  tell(box, "[data-missing-count]", new Set(missing.map((one) => one.criterion)).size);
  list.replaceChildren(
    ...rows.flatMap((row) => {
      const own = missing.filter((one) => one.criterion === row.dataset.criterion);
      if (!own.length) return [];
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${row.id}`;
      link.textContent = row.querySelector("[data-name]")?.textContent?.trim() ?? "";
      item.append(link, `: ${own.map((one) => pieceOf(one, words)).join(", ")}`);
      return [item];
    }),
  );
}

/** @param {Missing} one @param {Record<string, string>} words */
const pieceOf = (one, words) =>
  (words[one.what] ?? one.what).replace("{}", String(one.least - one.found));

/** What somebody has chosen themselves is never chosen for them. @param {HTMLElement} form */
function startSuggestions(form) {
  for (const name of ["strategies", "target_grade"]) {
    const boxes = /** @type {HTMLInputElement[]} */ ([
      ...form.querySelectorAll(`input[name="${name}"]`),
    ]);
    const own = boxes.some((box) => box.checked && box.value);
    for (const box of boxes) {
      if (own) box.dataset.own = "yes";
      box.addEventListener("change", () => boxes.forEach((one) => (one.dataset.own = "yes")));
    }
  }
}

/** Once all is answered: name the computed grade, and what is usual for it.
 *  @param {HTMLElement} form @param {string} grade @param {boolean} all @param {Facts} facts
 *  @param {Record<string, string>} words */
function suggest(form, grade, all, facts, words) {
  const computed = form.querySelector('input[name="proposed_grade"][value=""]');
  const face = computed?.parentElement?.querySelector(".choice__words");
  if (face) face.textContent = all ? `${words.computed}: ${facts.grades[grade]}` : words.computed;
  if (!all) return;
  tick(form, "strategies", facts.strategies[grade]);
  tick(form, "target_grade", facts.above[grade]);
}

/** @param {HTMLElement} form @param {string} name @param {string} value */
function tick(form, name, value) {
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (
    form.querySelectorAll(`input[name="${name}"]`)
  )) {
    if (!box.dataset.own) box.checked = box.value === value;
  }
}

/** One part at a time; a link to anything inside a part opens it.
 *  @param {HTMLFormElement} form @param {Record<string, string>} words */
function startParts(form, words) {
  const parts = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-part]")]);
  const next = /** @type {HTMLButtonElement | null} */ (form.querySelector("[data-next-part]"));
  const save = /** @type {HTMLButtonElement | null} */ (form.querySelector('[type="submit"]'));
  if (!next || !save) return;
  let here = 0;
  /** @param {number} place @param {boolean} [jump] */
  const open = (place, jump = true) => {
    here = place;
    parts.forEach((part, at) => (part.hidden = at !== place));
    for (const step of form.querySelectorAll("[data-step-to]")) {
      const current = step.getAttribute("data-step-to") === parts[place].id;
      step.toggleAttribute("aria-current", current);
      if (current) step.setAttribute("aria-current", "step");
      if (current && jump) step.scrollIntoView({ block: "nearest", inline: "center" });
    }
    const following = parts[place + 1];
    next.hidden = !following;
    save.hidden = Boolean(following);
    tell(next, "span", words.next.replace("{}", following?.dataset.title ?? ""));
    if (jump) parts[place].scrollIntoView({ block: "start" });
  };
  next.addEventListener("click", () => open(here + 1));
  form.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest?.('a[href^="#"]');
    if (!link) return;
    const goal = form.querySelector(`[id="${link.getAttribute("href")?.slice(1)}"]`);
    const place = parts.findIndex((part) => part === goal || part.contains(goal));
    if (place < 0) return;
    event.preventDefault();
    open(place);
    if (goal instanceof HTMLElement && goal !== parts[place]) {
      goal.scrollIntoView({ block: "center" });
      goal.focus();
    }
  });
  const wrong = parts.filter((part) => part.querySelector(".field--refused, .field__errors"));
  for (const part of wrong) {
    form.querySelector(`[data-step-to="${part.id}"]`)?.classList.add("is-refused");
  }
  open(wrong[0] ? parts.indexOf(wrong[0]) : 0, Boolean(wrong[0]));
}

/** Back from the photos' page: bring what is new there into every picker, ticks and all untouched.
 *  @param {HTMLFormElement} form @param {() => void} show @param {Facts} facts */
function startMoreEvidence(form, show, facts) {
  let away = false;
  form.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest?.("[data-more-evidence]")) away = true;
  });
  window.addEventListener("focus", async () => {
    if (!away) return;
    away = false;
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return; // no network: what is here stays
    const page = new DOMParser().parseFromString(await markupOf(answer), "text/html");
    const fresh = page.querySelector("form[data-assessment]");
    if (!(fresh instanceof HTMLFormElement)) return;
    takeOver(form, fresh);
    facts.found = JSON.parse(fresh.dataset.assessment ?? "{}").found ?? facts.found;
    show();
  });
}

/** @param {HTMLFormElement} form @param {HTMLFormElement} fresh */
function takeOver(form, fresh) {
  for (const picker of fresh.querySelectorAll("[data-picker]")) {
    const name = picker.getAttribute("data-picker");
    const mine = form.querySelector(`[data-picker="${name}"]`);
    if (!mine) continue;
    const ticked = new Set(
      [.../** @type {NodeListOf<HTMLInputElement>} */ (mine.querySelectorAll("input:checked"))].map(
        (box) => box.value,
      ),
    );
    const copy = /** @type {HTMLElement} */ (document.importNode(picker, true));
    for (const box of copy.querySelectorAll("input")) box.checked = ticked.has(box.value);
    mine.replaceWith(copy);
  }
}

/** @param {ParentNode} within @param {string} where @param {unknown} what */
function tell(within, where, what) {
  const place = within.querySelector(where);
  if (place) place.textContent = String(what);
}

startAssessments(document);
