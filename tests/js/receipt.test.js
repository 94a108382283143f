// @ts-check
/** The code a phone gives a visitor: sixty random bits, in letters nobody confuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newReceipt, showReceipt } from "../../static/src/js/shared/receipt.js";

test("a code is twelve characters of Crockford's base32 and never the same", () => {
  const codes = new Set(Array.from({ length: 500 }, newReceipt));
  assert.equal(codes.size, 500);
  for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{12}$/);
});

test("it is read out in groups of four", () => {
  assert.equal(showReceipt("7K3Q9XWD2M4P"), "7K3Q-9XWD-2M4P");
});
