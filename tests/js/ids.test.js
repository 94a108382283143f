// @ts-check
/** Identities made offline: always valid, always rising, whatever the clock says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIds, newId } from "../../static/src/js/shared/ids.js";
import { believable, isoWithOffset, likelyNow } from "../../static/src/js/shared/clock.js";

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const YEAR_2567 = Date.UTC(2567, 1, 13);
const TODAY = Date.UTC(2024, 1, 13, 3);

test("an id is a version 7 whatever year the clock says", () => {
  for (const now of [
    TODAY,
    YEAR_2567,
    0,
    Date.parse("0004-01-01T00:00:00Z"),
    -1,
    NaN,
    Infinity,
    2 ** 60,
    1.5,
  ]) {
    assert.match(createIds({ now: () => now })(), V7, String(now));
  }
});

test("an id carries the moment it was made", () => {
  const id = createIds({ now: () => TODAY })();
  assert.equal(parseInt(id.replace("-", "").slice(0, 12), 16), TODAY);
});

test("ten thousand ids of one millisecond all rise", () => {
  const next = createIds({ now: () => TODAY });
  const ids = Array.from({ length: 10_000 }, next);
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
});

test("ids go on rising when the clock is set back a little, and follow it when it is set back far", () => {
  let now = TODAY;
  const next = createIds({ now: () => now });
  const first = next();
  now -= 5_000;
  assert.ok(next() > first);
  now = YEAR_2567;
  const future = next();
  now = TODAY;
  assert.ok(next() < future);
});

test("no two ids are alike across tabs", () => {
  const ids = [createIds(), createIds(), newId].flatMap((next) =>
    Array.from({ length: 500 }, next),
  );
  assert.equal(new Set(ids).size, ids.length);
});

test("the time is the server's where the phone's clock cannot be right", () => {
  const contact = { nonce: "n", serverTime: TODAY, skewS: 0 };
  assert.equal(likelyNow(TODAY + 1000, contact), TODAY + 1000);
  assert.equal(likelyNow(0, contact), TODAY); // 1970, after a flat battery
  assert.equal(likelyNow(YEAR_2567, contact), TODAY - 3 * 3_600_000 < TODAY ? TODAY : 0);
  assert.equal(likelyNow(YEAR_2567 + 86_400_000, contact), Date.UTC(2024, 1, 14)); // a Buddhist year
  const off = { ...contact, skewS: (YEAR_2567 - TODAY) / 1000 };
  assert.equal(likelyNow(YEAR_2567 + 60_000, off), TODAY + 60_000);
});

test("the instant of a capture stays as the phone said it, unless no server could believe it", () => {
  const contact = { nonce: "n", serverTime: TODAY, skewS: 0 };
  assert.equal(
    believable("2031-01-01T00:00:00.000+07:00", contact),
    "2031-01-01T00:00:00.000+07:00",
  );
  assert.equal(
    believable("2567-02-14T09:00:00.000+07:00", contact),
    "2024-02-14T09:00:00.000+07:00",
  );
  assert.equal(believable("1970-01-01T07:00:05.000+07:00", contact), isoWithOffset(TODAY, 420));
  assert.equal(isoWithOffset(TODAY, 420), "2024-02-13T10:00:00.000+07:00");
  assert.equal(isoWithOffset(TODAY, -210), "2024-02-12T23:30:00.000-03:30");
});
