// @ts-check
/** The form of any kind of record on the phone: its boxes, what its lists offer, its rows. */
import { setValue, valueOf } from "../web/boxes.js";
import { putDateBox } from "../web/dates.js";
import { choiceWords, officeOf, planItemsOf } from "../phone/record_kinds.js";
import { placesOf } from "./read.js";

/** @typedef {import("../phone/context.js").Context} Context */
/** @typedef {import("../web/boxes.js").Values} Values */
/** @typedef {import("./types.js").KindFacts} KindFacts */
/** @typedef {{ centre_id: string | null, district_code: string | null }} Place */
/** @typedef {{ id: string, code: string, name: string, status: string }} Centre */

/** Put the boxes of the kind into the form. @param {HTMLFormElement} form @param {string} kind */
export function putBoxes(form, kind) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`record-boxes-${kind}`));
  form.querySelector("[data-boxes]")?.replaceChildren(document.importNode(template.content, true));
}

/** Fill in what can be chosen from what the phone knows: centres, districts, the plan.
 *  @param {HTMLFormElement} form @param {Context} ctx @param {KindFacts} facts @param {{ centre?: string, item?: string, kept: Record<string, any> | null }} asked */
export async function offer(form, ctx, facts, { centre, item, kept }) {
  const all = /** @type {Centre[]} */ ((await ctx.section("centres")) ?? []);
  offerDistricts(form, ctx, all);
  offerCentres(form, ctx, facts, all, kept ? kept.centre_id : centre);
  for (const name of ["item_id", "plan_item_id"]) await offerPlan(form, ctx, name, kept?.[name] ?? item);
}

/** @param {HTMLFormElement} form @param {Context} ctx @param {KindFacts} facts @param {Centre[]} all @param {string | null | undefined} asked */
function offerCentres(form, ctx, facts, all, asked) {
  const box = /** @type {HTMLSelectElement | null} */ (form.elements.namedItem("centre_id"));
  if (!box) return;
  const own = ctx.vault?.account.centre_id;
  const open = all.filter((one) => one.status === "active" || one.id === asked);
  const choices = open.map((one) => new Option(`${one.code} ${one.name}`, one.id));
  if (!choices.length && own) choices.push(new Option(ctx.vault?.account.place ?? "", own));
  const district = facts.level === "either" && !own;
  if (district) choices.unshift(new Option(ctx.words("records.of_district"), ""));
  else if (choices.length !== 1) choices.unshift(new Option(ctx.words("visit.choose_centre"), ""));
  box.replaceChildren(...choices);
  setValue(form, "centre_id", asked ?? (choices.length === 1 || own ? (own ?? choices[0]?.value ?? "") : ""));
  const frame = /** @type {HTMLElement} */ (form.querySelector("[data-centre-box]"));
  frame.hidden = choices.length === 1;
}

/** An office of one district has nothing to choose. @param {HTMLFormElement} form @param {Context} ctx @param {Centre[]} all */
function offerDistricts(form, ctx, all) {
  const box = /** @type {HTMLSelectElement | null} */ (form.elements.namedItem("district_code"));
  if (!box) return;
  const area = ctx.vault?.account.area_code ?? "";
  const codes = area.length >= 4 ? [area.slice(0, 4)] : [...new Set(all.map((one) => one.code.slice(0, 4)))].sort();
  box.replaceChildren(...codes.map((code) => new Option(code, code)));
  const frame = /** @type {HTMLElement} */ (form.querySelector("[data-district-box]"));
  frame.hidden = codes.length < 2;
}

/** @param {HTMLFormElement} form @param {Context} ctx @param {string} name @param {string | undefined} asked */
async function offerPlan(form, ctx, name, asked) {
  const box = /** @type {HTMLSelectElement | null} */ (form.elements.namedItem(name));
  if (!box) return;
  const items = await planItemsOf(ctx);
  const options = items.map((one) => new Option(`${choiceWords(ctx, "five_p", one.side)}: ${one.title}`, one.id));
  const nothing = ctx.words(name === "item_id" ? "records.choose_item" : "records.no_item");
  box.replaceChildren(new Option(nothing, ""), ...options);
  if (asked && !items.some((one) => one.id === asked)) box.append(new Option(ctx.words("records.kept_item"), asked));
  setValue(form, name, asked ?? "");
  const frame = /** @type {HTMLElement | null} */ (form.querySelector(`[data-choose="${name}"]`));
  if (frame) frame.hidden = name === "plan_item_id" && !items.length && !asked;
  const centre = /** @type {HTMLElement | null} */ (form.querySelector("[data-centre-box]"));
  if (name === "item_id" && centre) centre.hidden = true; // a result is of its item's place
}

/** Where the record belongs. @param {HTMLFormElement} form @param {Context} ctx @returns {Promise<Place>} */
export async function placeOf(form, ctx) {
  const chosen = valueOf(form, "item_id");
  const item = chosen ? (await planItemsOf(ctx)).find((one) => one.id === chosen) : null;
  const centre_id = (item ? item.centre_id : valueOf(form, "centre_id")) || null;
  const district = item?.district_code ?? (valueOf(form, "district_code") || (ctx.vault?.account.area_code ?? "").slice(0, 4));
  return { centre_id, district_code: centre_id ? null : district || null };
}

/** What stands in the boxes of a new record. @param {HTMLFormElement} form @param {Context} ctx @param {string} kind @param {KindFacts} facts
 *  @param {number} fiscalYear @returns {Promise<Values>} what rows begin with */
export async function putUsual(form, ctx, kind, facts, fiscalYear) {
  if (!facts.fields.find((field) => field.name === facts.day)?.mayCome) putDateBox(form, facts.day, ctx.today());
  setValue(form, "fiscal_year", fiscalYear);
  if (kind === "assessment") setValue(form, "assessor", ctx.vault?.account.name ?? "");
  if (kind !== "network_order") return {};
  const district = valueOf(form, "district_code");
  const order = (await officeOf(ctx)).orders.find((one) => one.district_code === district);
  /** @type {Values} */
  const values = order ? { act: ["review"] } : {}; // where there is one, the next begins from it
  (order?.members ?? []).forEach((/** @type {Record<string, any>} */ member, /** @type {number} */ place) => {
    for (const [name, value] of Object.entries(member)) values[`members-${place}-${name}`] = [String(value ?? "")];
  });
  return values;
}

/** Make the rows that these values need. @param {HTMLFormElement} form @param {Values} values */
export function prepareRows(form, values) {
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-rows]"))) {
    const wanted = placesOf(Object.keys(values), group.id);
    if (!wanted.length) continue;
    for (const row of group.querySelectorAll("[data-row]")) row.remove();
    for (const place of wanted) addRow(group, place);
    group.dataset.next = String(wanted[wanted.length - 1] + 1);
  }
}

/** @param {HTMLElement} group @param {number} place */
function addRow(group, place) {
  const template = /** @type {HTMLTemplateElement} */ (group.querySelector("template[data-row-template]"));
  const row = document.importNode(template.content, true);
  for (const element of row.querySelectorAll("*")) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value?.includes("__n__")) element.setAttribute(name, value.replaceAll("__n__", String(place)));
    }
  }
  template.before(row);
}
