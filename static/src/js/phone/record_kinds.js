// @ts-check
/** The kinds of records as the shell's page of further screens tells them, and their words. */
import { sentBack } from "../records/book.js";
import { badge, linkRow, part } from "./parts.js";
import { thaiDay } from "./thai_day.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../records/book.js").BookRecord} BookRecord */
/** @typedef {import("../records/types.js").KindFacts} KindFacts */
/** @typedef {import("../records/types.js").Field} Field */
/** @typedef {import("../outbox/types.js").RecordKind} RecordKind */
/** @typedef {{ id: string, centre_id: string | null, district_code: string, fiscal_year: number, side: string,
 *    title: string, dropped: boolean, done_percent: number | null }} PlanItem */

/** @type {import("../records/types.js").RecordKinds | null} */
let told = null;

/** @returns {import("../records/types.js").RecordKinds} */
export function recordKinds() {
  told ??= JSON.parse(document.getElementById("record-kinds")?.textContent ?? "null");
  if (!told) throw new Error("the kinds of records are not here");
  return told;
}

/** @param {string} name @returns {KindFacts | null} */
export const kindNamed = (name) => (Object.hasOwn(recordKinds().kinds, name) ? recordKinds().kinds[name] : null);

/** What the office told of records of any kind. @param {Context} ctx @returns {Promise<import("../records/book.js").Listed[]>} */
export async function listedOf(ctx) {
  const [records, rounds] = [await ctx.section("records"), await ctx.section("rounds")];
  return [...sentBack(recordKinds().kinds, rounds), ...(records?.entries ?? [])];
}

/** The kinds that the account writes, in the page's order. @param {Context} ctx @returns {[string, KindFacts][]} */
export function kindsWritten(ctx) {
  const role = ctx.vault?.account.role ?? "";
  const written = Object.entries(recordKinds().kinds).filter(([, facts]) => facts.writers.includes(role));
  return written.sort(([, a], [, b]) => a.order - b.order);
}

/** @param {Context} ctx @returns {Promise<{ plan_items: PlanItem[], assessments: any[], orders: any[] }>} */
export async function officeOf(ctx) {
  return (await ctx.section("office")) ?? { plan_items: [], assessments: [], orders: [] };
}

/** @param {Context} ctx @returns {Promise<{ id: string, code: string, name: string, status: string, place: string }[]>} */
export async function centresOf(ctx) {
  return (await ctx.section("centres")) ?? [];
}

/** Plan items as the office told them and as they were written here. @param {Context} ctx @returns {Promise<PlanItem[]>} */
export async function planItemsOf(ctx) {
  const [{ plan_items: told }, entries] = [await officeOf(ctx), (await ctx.outbox?.list()) ?? []];
  const written = entries.filter((entry) => entry.kind === "plan_item" && entry.op === "create" && entry.item);
  const own = written
    .filter((entry) => !told.some((one) => one.id === entry.recordId))
    .map(({ recordId, item }) => ({ .../** @type {any} */ (item?.data), id: recordId, dropped: false, done_percent: null }));
  return [...own, ...told].filter((one) => !one.dropped);
}

/** What to call a record: its title or number, else what it is about.
 *  @param {Context} ctx @param {BookRecord} record @param {{ id: string, name: string }[]} centres */
export function recordName(ctx, record, centres) {
  const facts = kindNamed(record.kind);
  const centre = centres.find((one) => one.id === record.centreId)?.name;
  if (record.kind === "assessment") return centre ?? facts?.title ?? "";
  if (record.kind === "plan_result") return record.data?.result ?? facts?.title ?? "";
  return record.called || facts?.title || "";
}

/** A record as a row of a list. @param {Context} ctx @param {BookRecord} record @param {{ id: string, name: string }[]} centres */
export function recordRow(ctx, record, centres) {
  const centre = centres.length > 1 ? centres.find((one) => one.id === record.centreId)?.name : null;
  const name = recordName(ctx, record, centres);
  return linkRow({
    href: `/phone/records/${record.kind}/${record.id}`,
    title: name,
    text: [thaiDay(record.day, ctx.locale), centre === name ? null : centre].filter(Boolean).join(" · "),
    icon: kindNamed(record.kind)?.icon ?? "file",
    side: record.deleted ? badge("struck") : record.state === "received" ? null : badge(record.state),
  });
}

/** Only what was answered, under the words of the form. @param {Context} ctx @param {BookRecord} record
 *  @param {{ id: string, name: string }[]} centres @param {PlanItem[]} items @returns {HTMLElement[]} */
export function recordFacts(ctx, record, centres, items) {
  const facts = kindNamed(record.kind);
  const data = record.data ?? { centre_id: record.centreId };
  const centre = centres.find((one) => one.id === data.centre_id)?.name;
  const lines = (facts?.fields ?? [])
    .filter((field) => !HIDDEN.has(field.name) && data[field.name] !== undefined)
    .map((field) => [facts?.labels[field.name] ?? field.name, valueWords(ctx, field, data[field.name], items)]);
  return [[facts?.labels.centre_id ?? "", centre], ...lines]
    .filter(([, value]) => value)
    .map(([label, value]) => part("entry", { label, value }));
}

const HIDDEN = new Set(["screenshot_id", "subject_kind", "subject_id", "file_sha256", "file_type", "file_bytes", "carried_from"]);

/** A field's value in words; empty where nothing was said.
 *  @param {Context} ctx @param {Field} field @param {any} value @param {PlanItem[]} [items] @returns {string} */
export function valueWords(ctx, field, value, items = []) {
  if (value === null || value === undefined || value === "" || value?.length === 0) return "";
  switch (field.type) {
    case "day":
      return thaiDay(value, ctx.locale);
    case "choice":
    case "choices":
      return [value].flat().map((key) => choiceWords(ctx, field.offered, key)).join(", ");
    case "rows":
      return rowsWords(ctx, field, value);
    case "refs":
      return ctx.words("records.evidence", { num: value.length });
    case "ref":
      return items.find((one) => one.id === value)?.title ?? "";
    case "whole":
      return field.name === "fiscal_year" ? String(value) : value.toLocaleString("en-US");
  }
  return String(value);
}

/** @param {Context} ctx @param {string} offered @param {string} key @returns {string} */
export function choiceWords(ctx, offered, key) {
  const list = /** @type {any[]} */ (offered.split(".").reduce((found, name) => found?.[name], /** @type {any} */ (recordKinds().programme)) ?? []);
  return list.find((one) => one.key === key)?.[ctx.locale] ?? key;
}

/** Rows by their first words; scores as how many there are. @param {Context} ctx @param {Field} field @param {any[]} rows */
function rowsWords(ctx, field, rows) {
  if (field.columns.some((column) => column.name === "points")) {
    const given = rows.reduce((sum, row) => sum + (row.points ?? 0), 0);
    return ctx.words("records.points", { points: given, num: rows.length });
  }
  return rows.map((row) => field.columns.slice(0, 3).map((column) => valueWords(ctx, column, row[column.name])).filter(Boolean).join(" · ")).join("; ");
}
