import assert from "node:assert/strict";
import { test } from "node:test";
import { createUnderWay } from "../../static/src/js/phone/under_way.js";

test("one after the other, and all of it is waited for", async () => {
  const files = createUnderWay();
  const done = [];
  let release;
  const held = new Promise((resolve) => (release = resolve));
  void files.run(async () => {
    await held;
    done.push("first");
    return true;
  });
  void files.run(async () => {
    done.push("second");
    return true;
  });
  const settled = files.settled();
  assert.deepEqual(done, []);
  release();
  assert.equal(await settled, true);
  assert.deepEqual(done, ["first", "second"]);
});

test("who waits learns that one failed, and is not held up by it later", async () => {
  const files = createUnderWay();
  const refused = files.run(async () => false);
  const broken = files.run(async () => {
    throw new Error("no such store");
  });
  const kept = files.run(async () => true);
  assert.equal(await files.settled(), false);
  await assert.rejects(broken);
  assert.deepEqual([await refused, await kept], [false, true]);
  assert.equal(await files.settled(), true);
});
