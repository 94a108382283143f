// The install help shows the pictures of the phone in hand; a wrong guess shows the wrong buttons.
import assert from "node:assert/strict";
import { test } from "node:test";
import { phoneLabel, platformOf } from "../../static/src/js/phone/platform.js";

const CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Mobile Safari/537.36";
const SAMSUNG = "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A135F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36";
const SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1";
const IPAD = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15";
const LINE_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/14.5.0";
const LINE_ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-A135F Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/122.0.6261.119 Mobile Safari/537.36 Line/14.3.1/IAB";
const INSTALLED_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";

for (const [userAgent, maxTouchPoints, platform] of [
  [CHROME, 5, "android"],
  [SAMSUNG, 5, "samsung"],
  [SAFARI, 5, "iphone"],
  [IPAD, 5, "iphone"],
  [IPAD, 0, "desk"],
  [LINE_IPHONE, 5, "chat-iphone"],
  [LINE_ANDROID, 5, "chat-android"],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/122.0.0.0", 0, "desk"],
]) {
  test(`pictures for ${platform}: ${userAgent.slice(13, 60)}`, () => {
    assert.equal(platformOf({ userAgent, maxTouchPoints }), platform);
  });
}

test("an installed iPhone application is not taken for a chat's browser", () => {
  assert.equal(platformOf({ userAgent: INSTALLED_IPHONE }), "chat-iphone");
  assert.equal(platformOf({ userAgent: INSTALLED_IPHONE }, { installed: true }), "iphone");
});

test("the office's list calls a phone what its owner calls it", () => {
  assert.equal(phoneLabel({ userAgent: CHROME }), "Android · Chrome");
  assert.equal(phoneLabel({ userAgent: CHROME }, "SM-A135F"), "SM-A135F · Chrome");
  assert.equal(phoneLabel({ userAgent: SAMSUNG }), "SAMSUNG SM-A135F · Samsung Internet");
  assert.equal(phoneLabel({ userAgent: LINE_ANDROID }), "SM-A135F · Chrome");
  assert.equal(phoneLabel({ userAgent: SAFARI }), "iPhone · Safari");
  assert.equal(phoneLabel({ userAgent: IPAD, maxTouchPoints: 5 }), "iPad · Safari");
  assert.equal(phoneLabel({ userAgent: CHROME }, "x".repeat(200)).length, 80);
});
