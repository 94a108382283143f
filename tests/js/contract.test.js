// @ts-check
/** The phone judges, spells and reads as the server does: the same files run in pytest
 *  (tests/visits, tests/followups, tests/contract). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkFollowup, nextDue } from "../../static/src/js/followups/rules.js";
import { canonicalJson, itemSha256 } from "../../static/src/js/shared/canonical.js";
import { cleanText, holdsIdNumber, normalPhone } from "../../static/src/js/shared/text.js";
import {
  bangkokDay,
  daysAfter,
  monthsAfter,
  quarterOf,
  readDay,
} from "../../static/src/js/shared/days.js";
import { checkVisit } from "../../static/src/js/visits/rules.js";

const load = (name) =>
  JSON.parse(readFileSync(new URL(`../contract/${name}`, import.meta.url), "utf8"));
const { facts, programme: keys } = load("phone_facts.json");
const programme = /** @type {any} */ (
  Object.fromEntries(
    Object.entries(keys).map(([name, list]) => {
      const isKeys = Array.isArray(list) && typeof list[0] === "string";
      return [name, isKeys ? list.map((key) => ({ key, th: key, en: key })) : list];
    }),
  )
);

const judges = {
  visit: ({ ordinary, now }, { visit }) =>
    checkVisit({ ...ordinary, ...visit }, { now, programme }),
  followup: ({ ordinary, now, visit_facts }, { followup, visit }) =>
    checkFollowup(
      { ...ordinary, ...followup },
      { now, programme, visit: { ...visit_facts, ...visit } },
    ),
};

for (const [kind, judge] of Object.entries(judges)) {
  const file = load(`${kind}_cases.json`);
  for (const one of file.cases) {
    test(`the phone agrees with the contract, ${kind}: ${one.name}`, () => {
      const found = judge(file, one);
      if (one.malformed) {
        const [field, expected] = one.malformed;
        assert.deepEqual(found, [{ field, code: "malformed", facts: { expected } }]);
        return;
      }
      assert.deepEqual(
        found.map(({ field, code }) => [field, code]),
        one.problems,
      );
      const told = facts[kind][one.name] ?? one.problems.map(() => ({}));
      assert.deepEqual(
        found.map((problem) => problem.facts),
        told,
      );
    });
  }
}

const canonical = load("canonical_cases.json");
for (const { name, value, canonical: spelling } of canonical.cases) {
  test(`one spelling: ${name}`, () => assert.equal(canonicalJson(value), spelling));
}

test("an item has the hash the server gives it", async () => {
  for (const { item, item_sha256 } of canonical.items)
    assert.equal(await itemSha256(item), item_sha256);
});

test("what JSON cannot say has no spelling", () => {
  for (const value of [NaN, Infinity, 1n, () => 1, Symbol("s"), "\ud83d", { a: ["\udc00x"] }]) {
    assert.throws(() => canonicalJson(value), TypeError);
  }
});

test("text, phone numbers and ID numbers are read as on the server", () => {
  const { texts, phones, id_numbers } = load("text_cases.json");
  for (const { text, clean, lines } of texts) {
    assert.equal(cleanText(text), clean);
    assert.equal(cleanText(text, { lines: true }), lines);
  }
  for (const { typed, normal } of phones) assert.equal(normalPhone(typed), normal, typed);
  for (const { text, holds } of id_numbers) assert.equal(holdsIdNumber(text), holds, text);
});

test("what is no record is malformed, never a crash", () => {
  for (const item of [null, [], "visit", 1]) {
    const [problem] = checkVisit(item, { now: 0, programme });
    assert.deepEqual(problem, {
      field: "record",
      code: "malformed",
      facts: { expected: "object" },
    });
  }
});

test("days are Bangkok's, quarters are fiscal, months end where they end", () => {
  assert.equal(bangkokDay(Date.parse("2023-12-31T17:30:00Z")), "2024-01-01");
  assert.equal(readDay("๒๕๖๗-๐๒-๒๙"), "2024-02-29");
  for (const none of ["2566-02-29", "2024-13-01", "2024-2-1", "", null, 20240101]) {
    assert.equal(readDay(none), null);
  }
  assert.equal(monthsAfter("2024-01-31", 1), "2024-02-29");
  assert.equal(monthsAfter("2023-11-30", 3), "2024-02-29");
  assert.equal(daysAfter("2024-02-28", 2), "2024-03-01");
  const quarters = {
    "2023-10-01": "2567Q1",
    "2023-12-31": "2567Q1",
    "2024-01-01": "2567Q2",
    "2024-09-30": "2567Q4",
  };
  for (const [day, quarter] of Object.entries(quarters)) assert.equal(quarterOf(day), quarter);
});

test("the next check is the programme's next step, or the day asked for, or none", () => {
  const months = [1, 3, 6];
  const by = { followedOn: "2024-02-13", stepMonths: 1, askedFor: null, months };
  assert.equal(nextDue("2024-01-10", by), "2024-04-10");
  assert.equal(nextDue("2024-01-10", { ...by, stepMonths: null }), "2024-04-10");
  assert.equal(nextDue("2024-01-10", { ...by, stepMonths: 6 }), null);
  assert.equal(nextDue("2024-01-10", { ...by, askedFor: "2024-03-01" }), "2024-03-01");
});
