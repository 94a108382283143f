// @ts-check
/** An outbox entry in words: what it is, and why it is where it is. */
import { answerWords, visitName } from "./visit_words.js";
import { labelsOf } from "./form_errors.js";
import { thaiDay } from "./thai_day.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../outbox/types.js").Entry} Entry */

/** The sentence of a code, with a plain one where there is none. @param {Context} ctx @param {string | null} code @param {Record<string, any>} [facts] */
export function sentenceOf({ words }, code, facts = {}) {
  if (!code) return words("refused");
  const sentence = words(code, facts);
  return sentence === code ? words("outbox.why.code", { code }) : sentence;
}

/** Why an entry needs fixing: a sentence for each field, else one for the whole. @param {Context} ctx @param {Entry} entry @returns {string[]} */
export function fieldProblems(ctx, entry) {
  const { words } = ctx;
  if (entry.code === "conflict") return [words("outbox.why.conflict")];
  if (entry.code === "malformed") return [words("outbox.why.malformed")];
  if (!entry.problems.length) return [sentenceOf(ctx, entry.code)];
  return entry.problems.map(({ field, code, facts }) => {
    const sentence = sentenceOf(ctx, code, facts);
    const label = fieldLabel(ctx, entry, field);
    return label ? words("outbox.why.field", { field: label, sentence }) : sentence;
  });
}

/** The words over a field: those of its form, else of the list of fields. @param {Context} ctx @param {Entry} entry @param {string} field */
export function fieldLabel({ words }, entry, field) {
  const boxes = /** @type {HTMLTemplateElement | null} */ (document.getElementById(`record-boxes-${entry.kind}`));
  if (boxes) return labelsOf(boxes.content)[field.replace(/-\d+-/, "-0-")] ?? "";
  const known = words(`field.${field}`);
  if (known !== `field.${field}`) return known;
  const screen = entry.kind === "followup" ? "screen-followup-form" : "screen-visit-form";
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById(screen));
  return template ? (labelsOf(template.content)[field] ?? "") : "";
}

/** What an entry is, in two lines.  `subjects` finds the visit that a photo or a follow-up belongs to.
 *  @param {Context} ctx @param {Entry} entry @param {(id: string | null) => { groupName: string | null, nTotal: number, visitDate: string } | null} subjects
 *  @returns {{ title: string, text: string, icon: string, href: string | null }} */
export function entryWords(ctx, entry, subjects) {
  const { words, locale } = ctx;
  const visit = subjects(entry.kind === "visit" ? entry.recordId : entry.subjectId);
  const name = visit ? visitName(ctx, visit) : "";
  const day = visit ? thaiDay(visit.visitDate, locale) : "";
  const kind = words(`outbox.kind.${entry.kind}`);
  const what = entry.kind === "visit" ? name || kind : entry.kind === "photo" && name ? words("outbox.photo_of", { what: name }) : kind;
  const title = entry.op === "create" ? what : words(`outbox.op.${entry.op}`, { what });
  return { title, text: detail(ctx, entry, name, day), icon: ICONS[entry.kind] ?? "file", href: hrefOf(entry) };
}

/** @type {Record<string, string>} */
const ICONS = {
  visit: "book",
  followup: "followup",
  photo: "photo",
  contact_seen: "eye",
  activity: "leaf",
  post: "send",
  document: "file",
};

/** @param {Context} ctx @param {Entry} entry @param {string} name @param {string} day */
function detail(ctx, entry, name, day) {
  const data = entry.item?.data ?? {};
  if (entry.kind === "visit") {
    const kind = answerWords(ctx, "visit_kinds", data.kind);
    return [day, kind].filter(Boolean).join(" · ");
  }
  if (entry.kind === "followup") {
    return [name, answerWords(ctx, "followup_uses", data.used)].filter(Boolean).join(" · ");
  }
  if (entry.kind === "photo") return data.caption ?? "";
  if (!name) return data.title ?? data.order_no ?? data.result ?? "";
  return name;
}

/** Where an entry can be looked at on this phone. @param {Entry} entry */
function hrefOf(entry) {
  if (entry.kind === "visit") return `/phone/visits/${entry.recordId}`;
  if (entry.kind === "photo" && entry.item?.data.subject_kind === "visit") return `/phone/visits/${entry.subjectId}`;
  if (entry.kind === "followup") return `/phone/followups/${entry.recordId}`;
  if (entry.kind === "photo" && entry.item?.data.subject_kind === "activity") return `/phone/records/activity/${entry.subjectId}`;
  return entry.kind === "photo" || entry.kind === "contact_seen" ? null : `/phone/records/${entry.kind}/${entry.recordId}`;
}
