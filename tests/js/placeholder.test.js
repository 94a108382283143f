// @ts-check
/** The blurred picture that stands in for one on its way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pixelsOf } from "../../static/src/js/web/placeholder.js";

const RED_LEFT_BLUE_RIGHT = "L#G;#h|AsRJ;oMn~jsa}fQfQfQfQ";

/** @param {string} hash @param {number} x @param {number} y */
function pixel(hash, x, y) {
  const pixels = pixelsOf(hash, 24, 18);
  assert.ok(pixels);
  return [...pixels.slice((y * 24 + x) * 4, (y * 24 + x) * 4 + 4)];
}

test("the colours lie where they lie in the picture", () => {
  const [red, , blue, opaque] = pixel(RED_LEFT_BLUE_RIGHT, 2, 9);
  assert.ok(red > 150 && blue < 90, `left: ${red}, ${blue}`);
  const [red2, , blue2] = pixel(RED_LEFT_BLUE_RIGHT, 21, 9);
  assert.ok(red2 < 90 && blue2 > 150, `right: ${red2}, ${blue2}`);
  assert.equal(opaque, 255);
});

test("what is no hash gives no picture", () => {
  for (const text of ["", "L", "nonsense", RED_LEFT_BLUE_RIGHT.slice(1), `"${"a".repeat(27)}`]) {
    assert.equal(pixelsOf(text, 4, 3), null);
  }
});
