// @ts-check
/** Two versions of one record: what differs, side by side, and the two ways out. */
import { itemInPlace } from "./book.js";
import { fieldLabel } from "./entry_words.js";
import { part } from "./parts.js";
import { kindNamed, valueWords } from "./record_kinds.js";
import { thaiDay, thaiMoment } from "./thai_day.js";
import { answerWords } from "./visit_words.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../outbox/types.js").Entry} Entry */

const CIRCUMSTANCES = new Set(["id", "captured_at", "device_id", "clock_skew_s", "position", "programme_version"]);
/** @type {Record<string, keyof import("./context.js").Programme>} */
const LISTS = {
  kind: "visit_kinds",
  sector: "visitor_sectors",
  topics: "topics",
  method: "followup_methods",
  used: "followup_uses",
  outcomes: "outcomes",
};

/** @param {Record<string, any>} mine @param {Record<string, any>} theirs @returns {string[]} the fields that differ */
export function differing(mine, theirs) {
  const fields = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return [...fields].filter((field) => !CIRCUMSTANCES.has(field) && !same(mine[field], theirs[field]));
}

/** Nothing, "" and [] are all no answer. @param {unknown} a @param {unknown} b */
function same(a, b) {
  const plain = (/** @type {any} */ value) => (value === "" || value === undefined || value?.length === 0 ? null : value);
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

/** @param {Context} ctx @param {Entry} entry */
export function conflictTable(ctx, entry) {
  const mine = entry.item?.data ?? {};
  const theirs = entry.current?.data ?? {};
  const fields = entry.op === "delete" ? [] : differing(mine, theirs);
  const table = part("conflict", {
    theirs: theirsWords(ctx, entry),
    rows: fields.map((field) =>
      part("conflict-row", {
        label: fieldLabel(ctx, entry, field) || field,
        mine: shown(ctx, entry.kind, field, mine[field]),
        theirs: shown(ctx, entry.kind, field, theirs[field]),
      }),
    ),
  });
  if (!fields.length) table.querySelector("table")?.remove();
  return table;
}

/** @param {Context} ctx @param {Entry} entry */
function theirsWords({ words, locale }, { current }) {
  const head = words("outbox.theirs");
  if (!current?.edited_by || !current.edited_at) return head;
  const when = thaiMoment(Date.parse(current.edited_at), locale, "table");
  return `${head} (${words("outbox.theirs_by", { who: current.edited_by, when })})`;
}

/** @param {Context} ctx @param {string} kind @param {string} field @param {any} value @returns {string} */
function shown(ctx, kind, field, value) {
  const told = kindNamed(kind)?.fields.find((one) => one.name === field);
  if (told) return valueWords(ctx, told, value) || ctx.words("outbox.nothing");
  if (value === null || value === undefined || value === "" || value?.length === 0) return ctx.words("outbox.nothing");
  if (typeof value === "boolean") return ctx.words(value ? "yes" : "no");
  const list = /** @type {any} */ (LISTS[field]);
  if (list) return [value].flat().map((key) => answerWords(ctx, list, key)).join(", ");
  return /^\d{4}-\d\d-\d\d$/.test(value) ? thaiDay(value, ctx.locale) : String(value);
}

/** Ours as a new version on top of theirs. @param {Context} ctx @param {Entry} entry */
export async function putMineOnTop(ctx, entry) {
  if (!entry.item) return;
  await ctx.outbox?.replace(entry.id, itemInPlace(entry, entry.item.data));
  ctx.toast(ctx.words("outbox.mine_sent"));
  await ctx.outbox?.flush();
}

/** @param {Context} ctx @param {Entry} entry */
export async function keepTheirs(ctx, entry) {
  if (!(await ctx.ask(ctx.words("outbox.keep_theirs"), { yes: ctx.words("yes.discard") }))) return;
  await ctx.outbox?.discard(entry.id);
  ctx.toast(ctx.words("outbox.discarded"), "info");
}
