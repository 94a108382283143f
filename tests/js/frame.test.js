// @ts-check
/** What every page's script promises, apart from the page itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { thaiDay } from "../../static/src/js/web/dates.js";
import { fileSize, readCount } from "../../static/src/js/web/numbers.js";

test("a count may be typed with Thai digits and commas", () => {
  assert.equal(readCount("๑๒"), 12);
  assert.equal(readCount(" 1,200 "), 1200);
  assert.equal(readCount("-3"), -3);
});

test("what is no count is none, never a guess", () => {
  for (const typed of ["", "twelve", "1.5", "1e9", "0x10", "9999999999999"]) {
    assert.equal(readCount(typed), null, typed);
  }
});

test("today is today in Thailand, with its Buddhist year", () => {
  const newYear = new Date("2023-12-31T17:30:00Z"); // 00.30 on 1 January in Bangkok
  assert.deepEqual(thaiDay(0, newYear), { day: "1", month: "1", year: "2567" });
  assert.deepEqual(thaiDay(1, newYear), { day: "31", month: "12", year: "2566" });
});

test("sizes read as the server writes them", () => {
  const sizes = { 0: "0 B", 999: "999 B", 4300: "4.3 KB", 812400: "812 KB", 4300000: "4.3 MB" };
  for (const [size, text] of Object.entries(sizes)) assert.equal(fileSize(Number(size)), text);
});
