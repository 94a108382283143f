// @ts-check
/** Where the phone is, and what a picture is, without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBytes, keepPhoto, photoData } from "../../static/src/js/capture/photo.js";
import { mediaTypeOf } from "../../static/src/js/capture/picture.js";
import { positionOf, qualityOf, readFix, watchPosition } from "../../static/src/js/capture/position.js";

const NOW = Date.parse("2024-02-13T09:55:00+07:00");

/** A phone's geolocation, told what to find. */
function sky() {
  /** @type {any} */
  const heard = {};
  let now = NOW;
  return {
    now: () => now,
    wait: (/** @type {number} */ ms) => (now += ms),
    find: (/** @type {number} */ accuracy, lat = 19.15, lon = 100.27) =>
      heard.found({ coords: { latitude: lat, longitude: lon, accuracy }, timestamp: now }),
    fail: (/** @type {number} */ code) => heard.trouble({ code }),
    heard,
    geolocation: /** @type {any} */ ({
      watchPosition(/** @type {any} */ found, /** @type {any} */ trouble, /** @type {any} */ options) {
        Object.assign(heard, { found, trouble, options });
        return 7;
      },
      clearWatch: (/** @type {number} */ id) => (heard.cleared = id),
    }),
  };
}

test("the best fix of the last 20 seconds counts", () => {
  const over = sky();
  const watch = watchPosition(() => {}, over);
  over.find(800);
  over.find(12);
  over.find(40);
  assert.equal(watch.where().fix?.accuracyM, 12);
  over.wait(15_000);
  over.find(35);
  assert.equal(watch.where().fix?.accuracyM, 12);
  over.wait(6_000);
  assert.equal(watch.where().fix?.accuracyM, 35);
});

test("an old fix is better than none, and says its age", () => {
  const over = sky();
  const watch = watchPosition(() => {}, over);
  over.find(30);
  over.wait(90_000);
  const { fix } = watch.where();
  assert.equal(positionOf(fix, over.now())?.fix_age_s, 90);
});

test("accuracy in words: good within a plot, usable within a village, else poor", () => {
  assert.deepEqual([5, 20, 21, 100, 101, 5000].map(qualityOf), ["good", "good", "usable", "usable", "poor", "poor"]);
});

test("a phone that may not tell, or cannot, says which; there is never a made-up place", () => {
  const over = sky();
  /** @type {string[]} */
  const said = [];
  const watch = watchPosition(({ quality }) => said.push(quality), over);
  over.find(10, 0, 0);
  over.find(10, NaN, 100);
  over.find(10, 91, 100);
  assert.equal(watch.where().fix, null);
  over.fail(3);
  over.find(50);
  over.fail(1);
  assert.deepEqual(said, ["searching", "unavailable", "usable", "denied"]);
  assert.equal(watch.where().fix, null, "permission taken back");
  assert.equal(positionOf(null, NOW), null);
});

test("a browser without geolocation is told at once", () => {
  /** @type {string[]} */
  const said = [];
  const watch = watchPosition(({ quality }) => said.push(quality), { geolocation: /** @type {any} */ (null) });
  watch.stop();
  assert.deepEqual(said, ["unavailable"]);
});

test("it asks for the satellites, never for an old answer, and stops when told", () => {
  const over = sky();
  watchPosition(() => {}, over).stop();
  assert.deepEqual([over.heard.options.enableHighAccuracy, over.heard.options.maximumAge], [true, 0]);
  assert.equal(over.heard.cleared, 7);
});

test("a phone whose satellite clock counts from 1980 has a fix of now", () => {
  const coords = /** @type {any} */ ({ latitude: 19, longitude: 100, accuracy: 9 });
  assert.equal(readFix(coords, 315_964_800_000, NOW)?.at, NOW);
  assert.equal(readFix(coords, NOW + 60_000, NOW)?.at, NOW);
});

/** @param {string} text @returns {ArrayBuffer} */
const bytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
const JPEG = "\xff\xd8\xff\xe0 a picture";

test("a picture is known by its bytes, as the server knows it", () => {
  const heif = (/** @type {string[]} */ ...brands) =>
    `\0\0\0${String.fromCharCode(12 + 4 * brands.length)}ftyp${brands[0]}\0\0\0\0${brands.slice(1).join("")}`;
  const cases = [
    [JPEG, "image/jpeg"],
    ["\x89PNG\r\n\x1a\n…", "image/png"],
    ["RIFF\0\0\0\0WEBPVP8 ", "image/webp"],
    [heif("heic", "mif1"), "image/heic"],
    [heif("mif1", "avif"), "image/avif"],
    [heif("isom", "mp42"), null],
    ["GIF89a", null],
    ["<html>", null],
    ["", null],
  ];
  for (const [text, type] of cases) assert.equal(mediaTypeOf(bytes(String(text))), type, String(text));
});

test("an empty file and no picture are refused with their reason", () => {
  assert.throws(() => checkBytes(bytes("")), { code: "empty" });
  assert.throws(() => checkBytes(bytes("%PDF-1.7")), { code: "not_an_image" });
});

test("too large is told before it is read", async () => {
  const blob = /** @type {any} */ ({ size: 26, arrayBuffer: () => assert.fail("read") });
  const shot = { blob, subject: { kind: /** @type {const} */ ("visit"), id: "v" }, source: /** @type {const} */ ("picker"), circumstances: {} };
  await assert.rejects(keepPhoto(shot, { outbox: /** @type {any} */ ({}), maxBytes: 25, withPreview: false }), {
    code: "too_large",
    facts: { bytes: 26, most: 25 },
  });
});

test("a picture that only the cloud has is told so", async () => {
  const blob = /** @type {any} */ ({ size: 9, arrayBuffer: () => Promise.reject(new DOMException("", "NotReadableError")) });
  const shot = { blob, subject: { kind: /** @type {const} */ ("visit"), id: "v" }, source: /** @type {const} */ ("picker"), circumstances: {} };
  await assert.rejects(keepPhoto(shot, { outbox: /** @type {any} */ ({}), maxBytes: 25, withPreview: false }), { code: "unreadable" });
});

test("a photo of the camera says where; one out of the gallery does not say where the phone is now", () => {
  const circumstances = { captured_at: "2024-02-13T09:55:00.000+07:00", position: { lat: 19, lon: 100 } };
  const shot = { id: "p", subject: { kind: /** @type {const} */ ("centre"), id: "c" }, circumstances };
  assert.deepEqual(photoData({ ...shot, source: "camera" }), {
    id: "p",
    subject_kind: "centre",
    subject_id: "c",
    caption: null,
    source: "camera",
    file_name: null,
    ...circumstances,
  });
  assert.equal(photoData({ ...shot, source: "picker", fileName: "IMG_1.jpg" }).position, null);
});
