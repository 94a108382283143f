// @ts-check
/** What the shell says of kinds of records, as types.  No code; imported by JSDoc only. */

/** @typedef {"text" | "lines" | "day" | "choice" | "choices" | "whole" | "link" | "ref" | "refs" | "rows"} FieldType */

/** One field (app/records/fields.py: facts_for_phone).
 *  @typedef {{
 *    name: string, type: FieldType, needed: boolean, longest: number, least: number, most: number,
 *    offered: string, mayCome: boolean, columns: Field[],
 *  }} Field */

/** @typedef {{ key: string, th: string, en: string }} Choice */

/** One kind: its fields and its words in the page's language.
 *  @typedef {{
 *    fields: Field[], level: "centre" | "district" | "either", day: string, writers: string[], order: number, icon: string,
 *    called: string, title: string, many: string, new: string, labels: Record<string, string>,
 *  }} KindFacts */

/** The programme's lists as its file spells them.
 *  @typedef {import("../assessments/rules.js").Programme & { fiscal_year: number } & Record<string, any>} Lists */

/** @typedef {{ kinds: Record<string, KindFacts>, programme: Lists }} RecordKinds */

export {};
