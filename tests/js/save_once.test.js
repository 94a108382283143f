import assert from "node:assert/strict";
import { test } from "node:test";
import { saveOnce } from "../../static/src/js/phone/save_once.js";

const exists = Object.assign(new Error("exists"), { code: "exists" });

test("a form is saved under the id it was opened with", async () => {
  const saved = [];
  assert.equal(await saveOnce("one", async (id) => saved.push(id)), "one");
  assert.deepEqual(saved, ["one"]);
});

test("a form that was open in two tabs becomes two records", async () => {
  const kept = new Set(["one"]);
  const own = await saveOnce("one", async (id) => {
    if (kept.has(id)) throw exists;
    kept.add(id);
  });
  assert.notEqual(own, "one");
  assert.deepEqual([...kept], ["one", own]);
});

test("a phone that is full says so", async () => {
  const full = Object.assign(new Error("full"), { code: "no_room" });
  await assert.rejects(saveOnce("one", async () => Promise.reject(full)), full);
});
