// @ts-check
/** A visit's facts as lines of a list.  Only what was answered; name and phone only as "given". */
import { maskName, maskPhone } from "./masks.js";
import { part } from "./parts.js";
import { answerWords } from "./visit_words.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./book.js").BookVisit} BookVisit */

/** @param {Context} ctx @param {BookVisit} visit @param {any[] | null} centres @returns {HTMLElement[]} */
export function visitFacts(ctx, visit, centres) {
  const { words } = ctx;
  const data = visit.data;
  const centre = centres?.find((one) => one.id === visit.centreId);
  /** @type {[string, string | null | undefined][]} */
  const lines = [
    ["centre_id", centre ? `${centre.code} ${centre.name}` : null],
    ["kind", answerWords(ctx, "visit_kinds", visit.kind)],
  ];
  if (data) {
    const { n_male: m, n_female: f, n_other: o, n_child: n } = data;
    lines.push(
      ["people", words("people.split", { m, f, o: o ?? 0, n: n ?? 0 })],
      ["sector", answerWords(ctx, "visitor_sectors", data.sector)],
      ["topics", (data.topics ?? []).map((/** @type {string} */ key) => answerWords(ctx, "topics", key)).join(", ")],
      ["origin_subdistrict_code", [areaWords(data.origin_subdistrict_code), data.origin_text].filter(Boolean).join(" ")],
      ["time_in", data.time_in],
      ["time_out", data.time_out],
      ["trainer", data.trainer],
      ["satisfaction", data.satisfaction ? words("n_of_5", { n: data.satisfaction }) : null],
      ["suggestion", data.suggestion],
      ["consent_followup", words(data.consent_followup ? "yes.agreed" : "no")],
      ["consent_photo", words(data.consent_photo ? "yes.agreed" : "no")],
      ["leader_name", data.leader_name && maskName(data.leader_name)],
      ["phone", data.phone && maskPhone(data.phone)],
    );
  }
  return lines
    .filter(([, value]) => value)
    .map(([field, value]) => part("entry", { label: words(`field.${field}`), value }));
}

/** The place's name as the visit's form offers it. @param {string | null} code */
function areaWords(code) {
  const form = /** @type {HTMLTemplateElement | null} */ (document.getElementById("screen-visit-form"));
  const option = code && form?.content.querySelector(`option[value="${CSS.escape(code)}"]`);
  return option ? option.textContent : code;
}
