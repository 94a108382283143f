// @ts-check
/** What becomes markup or a worker on our pages came from this server, or it does not pass. */
import assert from "node:assert/strict";
import test from "node:test";

/** @type {any} */
const page = globalThis;
page.location = new URL("https://lakthan.example/packets/check");
/** @type {{ name: string, rules: any }[]} */
const made = [];
page.trustedTypes = {
  createPolicy(/** @type {string} */ name, /** @type {any} */ rules) {
    made.push({ name, rules });
    return rules;
  },
};
const { markupOf, workerAt } = await import("../../static/src/js/shared/trusted.js");

/** @param {string} url @param {string} text @returns {any} */
const answer = (url, text) => ({ url, text: async () => text });

test("markup of this server passes, under the policy the page allows", async () => {
  assert.equal(await markupOf(answer("https://lakthan.example/phone", "<p>ก</p>")), "<p>ก</p>");
  assert.deepEqual(made.map(({ name }) => name), ["lakthan"]);
});

test("markup of another server is refused before it is read", async () => {
  for (const url of ["https://evil.example/x", "http://lakthan.example/x", "data:text/html,x"]) {
    const other = { url, text: () => assert.fail("was read") };
    await assert.rejects(markupOf(/** @type {any} */ (other)), TypeError);
  }
});

test("a worker of this server starts, one of another does not", () => {
  assert.equal(workerAt("/static/dist/check.js"), "/static/dist/check.js");
  for (const address of ["//evil.example/x.js", "https://lakthan.example.evil/x.js", "data:,x"]) {
    assert.throws(() => workerAt(address), TypeError);
  }
});

test("one policy is made, however often it is asked", () => {
  assert.equal(made.length, 1);
});

test("a map's own signs pass and every other element is refused", async () => {
  const { plainMarkup } = await import("../../static/src/js/web/map_trust.js");
  assert.equal(plainMarkup('<span aria-hidden="true">+</span>'), '<span aria-hidden="true">+</span>');
  assert.equal(plainMarkup("ศูนย์เรียนรู้ & สวน"), "ศูนย์เรียนรู้ & สวน");
  for (const markup of ["<img src=x onerror=alert(1)>", '<span aria-hidden="true"><b></span>', "a<b"]) {
    assert.equal(plainMarkup(markup), null);
  }
});
