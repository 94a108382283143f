// The phone says of a distance what the server will say of the photo taken there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bandOf, distanceM, distanceWords } from "../../static/src/js/phone/distance.js";
import { maskName, maskPhone, showPhone } from "../../static/src/js/phone/masks.js";
import { createWords } from "../../static/src/js/phone/words.js";

const CENTRE = { lat: 19.15, lon: 100.27, radius_m: 200 };

test("a distance is that of the ellipsoid to within half a percent", () => {
  const pong = distanceM(CENTRE, { lat: 19.25, lon: 100.35 }); // geodesic: 13903.6 m
  assert.ok(Math.abs(pong - 13_904) < 70, String(pong));
  assert.equal(distanceM(CENTRE, CENTRE), 0);
});

test("a band gives the benefit of the fix's own error", () => {
  const east = (/** @type {number} */ metres, accuracy_m = 0) => ({ lat: 19.15, lon: 100.27 + metres / 105_150, accuracy_m });
  assert.equal(bandOf(null, CENTRE), "unknown");
  assert.equal(bandOf(east(150), CENTRE), "inside");
  assert.equal(bandOf(east(260), CENTRE), "near");
  assert.equal(bandOf(east(260, 80), CENTRE), "inside");
  assert.equal(bandOf(east(990), CENTRE), "near");
  assert.equal(bandOf(east(1_100), CENTRE), "far");
});

test("metres below a kilometre, kilometres above", () => {
  const words = createWords({ "distance.m": "%(metres)s m", "distance.km": "%(kilometres)s km" });
  assert.equal(distanceWords(183.4, words), "183 m");
  assert.equal(distanceWords(1234, words), "1.2 km");
  assert.equal(distanceWords(23_456, words), "23 km");
});

test("names and numbers are hidden as on the server's pages", () => {
  assert.equal(maskPhone("0812345678"), "08x-xxx-xx78");
  assert.equal(maskPhone("054445544;ext=12"), "0-5xxx-xx44");
  assert.equal(showPhone("0812345678"), "081-234-5678");
  assert.equal(showPhone("054445544;ext=12"), "0-5444-5544 ต่อ 12");
  assert.equal(maskName("สมชาย"), "ส***");
  assert.equal(maskName("เอมอร"), "เอ***");
  assert.equal(maskName(""), "");
});
