// @ts-check
/** The phone adds an assessment up as the server does: the same file runs in pytest (tests/assessments). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  gradeWithEvidence,
  missingEvidence,
  resultOf,
} from "../../static/src/js/assessments/rules.js";

const file = JSON.parse(
  readFileSync(new URL("../contract/assessment_cases.json", import.meta.url), "utf8"),
);

for (const one of file.cases) {
  test(`the phone agrees with the contract, assessment: ${one.name}`, () => {
    const form = file.forms[one.form];
    const result = resultOf(one.scores, form);
    const missing = missingEvidence(one.scores, form, one.found);
    assert.deepEqual(result, one.result);
    assert.deepEqual(
      missing.map(({ criterion, what, least, found }) => [criterion, what, least, found]),
      one.missing,
    );
    assert.equal(gradeWithEvidence(result.grade, missing, form), one.grade);
  });
}
