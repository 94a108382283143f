// @ts-check
/** Points, grades and missing evidence of an assessment.  Pure.  Twin of app/assessments/rules.py and
 *  evidence_rules.py: both judge every case of tests/contract/assessment_cases.json alike. */

/** @typedef {{points: number}} Anchor */
/** @typedef {{what: string, least: number}} Wanted */
/** @typedef {{key: string, side: string, anchors: Anchor[], wants: Wanted[]}} Criterion */
/** @typedef {{key: string, from_percent: number, each_side_percent: number, evidence_needed: boolean}} Grade */
/** What the programme says of assessing, spelled as the programme file does.
 *  @typedef {{five_p: {key: string}[], grades: Grade[], assessment: {anchors: Anchor[], criteria: Criterion[]}}} Programme */
/** @typedef {{criterion: string, points: number | null, note?: string | null, evidence?: string[]}} Score */
/** Ids of photos and documents there are, and what the centre's year adds up to.
 *  @typedef {{photos: Iterable<string>, documents: Iterable<string>, counts: Record<string, number>}} Found */
/** @typedef {{criterion: string, what: string, least: number, found: number}} Missing */

const ASKED_FROM = 2; // the place of the sentence from which on evidence is asked for

/** @param {Programme["assessment"]} form @param {Criterion} criterion */
export const anchorsOf = (form, criterion) =>
  criterion.anchors.length ? criterion.anchors : form.anchors;

/** Add up the points; a criterion without points counts as none.
 *  @param {Score[]} scores @param {Programme} programme */
export function resultOf(scores, programme) {
  const given = new Map(scores.map((row) => [row.criterion, row.points ?? 0]));
  /** @type {Record<string, number>} */
  const most = Object.fromEntries(programme.five_p.map((side) => [side.key, 0]));
  const got = { ...most };
  for (const criterion of programme.assessment.criteria) {
    const points = anchorsOf(programme.assessment, criterion).map((anchor) => anchor.points);
    most[criterion.side] += Math.max(...points);
    got[criterion.side] += given.get(criterion.key) ?? 0;
  }
  const sides = Object.fromEntries(
    Object.keys(most).map((key) => [key, percentOf(got[key], most[key])]),
  );
  const points = sum(Object.values(got));
  const total = sum(Object.values(most));
  const percent = percentOf(points, total);
  const weakest = Math.min(...Object.keys(most).filter((key) => most[key]).map((key) => sides[key]));
  const reached = programme.grades.find(
    (grade) => percent >= grade.from_percent && weakest >= grade.each_side_percent,
  );
  const last = programme.grades[programme.grades.length - 1];
  return { points, most: total, percent, sides, grade: (reached ?? last).key };
}

/** Every piece of evidence that is asked for and not there, in the form's order.
 *  @param {Score[]} scores @param {Programme} programme @param {Found} found @returns {Missing[]} */
export function missingEvidence(scores, programme, found) {
  const form = programme.assessment;
  const rows = new Map(scores.map((row) => [row.criterion, row]));
  const ids = { photos: new Set(found.photos), documents: new Set(found.documents) };
  return form.criteria.flatMap((criterion) => {
    const row = rows.get(criterion.key);
    if (!row || (row.points ?? 0) < askedFrom(form, criterion)) return [];
    return criterion.wants
      .map(({ what, least }) => ({
        criterion: criterion.key,
        what,
        least,
        found: countOf(what, row, ids, found.counts),
      }))
      .filter((one) => one.found < one.least);
  });
}

/** From how many points on the criterion asks for its evidence.
 *  @param {Programme["assessment"]} form @param {Criterion} criterion */
export function askedFrom(form, criterion) {
  const anchors = anchorsOf(form, criterion);
  return anchors[Math.min(ASKED_FROM, anchors.length - 1)].points;
}

/** The grade that the points give, or the next below that can do without what is missing.
 *  @param {string} grade @param {unknown[]} missing @param {Programme} programme */
export function gradeWithEvidence(grade, missing, programme) {
  const place = programme.grades.findIndex((one) => one.key === grade);
  if (!missing.length || place < 0) return grade;
  const found = programme.grades.slice(place).find((one) => !one.evidence_needed);
  return (found ?? programme.grades[programme.grades.length - 1]).key;
}

/** @param {string} what @param {Score} row @param {{photos: Set<string>, documents: Set<string>}} ids
 *  @param {Record<string, number>} counts */
function countOf(what, row, ids, counts) {
  const note = row.note ?? "";
  if (what === "photos" || what === "documents") {
    return (row.evidence ?? []).filter((id) => ids[what].has(id)).length;
  }
  if (what === "link") return note.split(/https?:\/\//).length - 1;
  if (what === "note") return note.trim() ? 1 : 0;
  return counts[what] ?? 0;
}

/** One decimal, a half rounded up, in whole numbers: as the server reckons.
 *  @param {number} part @param {number} whole */
const percentOf = (part, whole) =>
  whole ? Math.floor((2_000 * part + whole) / (2 * whole)) / 10 : 0;

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
