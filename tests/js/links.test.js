// @ts-check
/** The page's script and the server cut the same off a link and tell the same channel from it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { channelOf, cleanLink } from "../../static/src/js/web/links.js";

const cases = JSON.parse(
  readFileSync(new URL("../contract/link_cases.json", import.meta.url), "utf8"),
);
/** @type {[string, string[]][]} */
const CHANNELS = [
  ["facebook", ["facebook.com", "fb.com"]],
  ["x", ["x.com", "twitter.com", "t.co"]],
  ["tiktok", ["tiktok.com"]],
  ["youtube", ["youtube.com", "youtu.be"]],
];

for (const { name, typed, link, channel } of cases) {
  test(`a link: ${name}`, () => {
    assert.equal(cleanLink(typed), link);
    assert.equal(channelOf(link, CHANNELS), channel);
    assert.equal(cleanLink(link), link); // cleaning twice changes nothing
  });
}
