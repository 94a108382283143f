// A code is read out over the telephone and typed in the sun.
import assert from "node:assert/strict";
import { test } from "node:test";
import { codeIn, normalCode, showCode, withDash } from "../../static/src/js/phone/enrol_code.js";

test("a code may be typed small, spaced, with look-alikes and Thai digits", () => {
  for (const typed of ["7K3Q-9XWD", "7k3q9xwd", " 7K3Q 9XWD ", "๗K๓Q–๙XWD"]) {
    assert.equal(normalCode(typed), "7K3Q9XWD", typed);
  }
  assert.equal(normalCode("OIL0-0000"), "01100000");
});

test("what can be no code is told before it is sent", () => {
  for (const typed of ["", "7K3Q", "7K3Q-9XWDD", "7K3Q-9XW!", "7K3Q-9XWU"]) {
    assert.equal(normalCode(typed), null, typed);
  }
});

test("the square on the office's paper holds an address with the code behind it", () => {
  assert.equal(codeIn("https://lakthan.example/phone/enrol?openExternalBrowser=1#7K3Q-9XWD"), "7K3Q9XWD");
  assert.equal(codeIn("7K3Q-9XWD"), "7K3Q9XWD");
  assert.equal(codeIn("#7K3Q-9XWD"), "7K3Q9XWD");
  assert.equal(codeIn("https://elsewhere.example/menu"), null);
  assert.equal(codeIn("https://elsewhere.example/#%"), null);
  assert.equal(codeIn(""), null);
});

test("the dash appears while typing and never doubles", () => {
  assert.equal(withDash("7k3"), "7K3");
  assert.equal(withDash("7k3q"), "7K3Q");
  assert.equal(withDash("7k3q9"), "7K3Q-9");
  assert.equal(withDash("7K3Q-9XWD77"), "7K3Q-9XWD");
  assert.equal(showCode("7K3Q9XWD"), "7K3Q-9XWD");
});
