// @ts-check
/** What the outbox promises the person who pressed "save". */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { createPhone, dump, followup, photo, states, visit, stopAll } from "./bench/phone.js";
import { handClock } from "./bench/clock.js";
import { createServer } from "./bench/server.js";
import { utf8 } from "../../static/src/js/shared/bytes.js";
import { itemSha256, sha256Hex } from "../../static/src/js/shared/canonical.js";

afterEach(stopAll);

test("what was saved is there, word for word and byte for byte", async () => {
  const { outbox } = await createPhone();
  const one = visit({ group_name: "โรงเรียนบ้านควร" });
  const picture = photo({ of: one, preview: 90_000 });
  await outbox.add(one);
  const entry = await outbox.add(picture.item, picture.attachments);

  assert.equal((await outbox.get(one.id))?.item?.data.group_name, "โรงเรียนบ้านควร");
  assert.equal(entry.state, "waiting");
  assert.equal(entry.subjectId, one.id);
  assert.equal(entry.bytesTotal, 2_590_000);
  for (const [role, kept] of [
    ["original", picture.attachments[0]],
    ["preview", picture.attachments[1]],
  ]) {
    const blob = await outbox.attachment(picture.id, /** @type {any} */ (role));
    const told = entry.item?.attachments?.find((each) => each.role === role);
    assert.equal(await sha256Hex(/** @type {any} */ (await blob?.arrayBuffer())), told?.sha256);
    assert.equal(told?.bytes, /** @type {any} */ (kept).bytes.byteLength);
    assert.equal(blob?.type, "image/jpeg");
  }
  assert.ok((await dump()).all.chunks.every((row) => row.data instanceof ArrayBuffer));
});

test("every item carries its hash's signature over the server's newest nonce", async () => {
  const { outbox, vault } = await createPhone();
  await vault.noteContact({ nonce: "nonce-9", server_time: "2024-02-13T03:00:00Z" });
  const { item } = await outbox.add(visit());
  assert.deepEqual(Object.keys(item?.captured ?? {}).sort(), ["key_id", "nonce", "signature"]);
  assert.equal(item?.captured?.nonce, "nonce-9");
  const { all } = await dump();
  const text = `lakthan-capture-1\nvisit\n${item?.id}\n${await itemSha256(/** @type {any} */ (item))}\nnonce-9`;
  const how = { name: "ECDSA", hash: "SHA-256" };
  const signature = Buffer.from(item?.captured?.signature ?? "", "base64url");
  assert.ok(
    await crypto.subtle.verify(how, all.accounts[0].signing.publicKey, signature, utf8(text)),
  );
});

test("a disk that garbles what it was given is found out before anyone is told it is saved", async () => {
  const { outbox } = await createPhone();
  const picture = photo({ size: 1_100_000 });
  const put = IDBObjectStore.prototype.put;
  try {
    IDBObjectStore.prototype.put = function (value, key) {
      if (value.attachment_id && value.index === 1) new Uint8Array(value.data)[5] ^= 1;
      return put.call(this, value, key);
    };
    await assert.rejects(outbox.add(picture.item, picture.attachments), { code: "not_kept" });
  } finally {
    IDBObjectStore.prototype.put = put;
  }
});

test("a full phone says so, keeps what it has, and lets received originals go first", async () => {
  const { outbox } = await createPhone();
  const sent = photo({ size: 2_000_000, preview: 1_000 });
  await outbox.add(sent.item, sent.attachments);
  await outbox.flush();
  const waiting = photo({ size: 1_000 });
  await outbox.add(waiting.item, waiting.attachments);

  const put = IDBObjectStore.prototype.put;
  let room = true;
  try {
    IDBObjectStore.prototype.put = function (value, key) {
      if (!room && value.attachment_id) throw new DOMException("full", "QuotaExceededError");
      return put.call(this, value, key);
    };
    room = false;
    const large = photo();
    await assert.rejects(outbox.add(large.item, large.attachments), { code: "no_room" });
    assert.equal(await outbox.get(large.id), null);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.equal(await outbox.attachment(sent.id, "original"), null);
  assert.equal((await outbox.attachment(sent.id))?.size, 1_000); // its preview stays
  assert.equal((await outbox.attachment(waiting.id, "original"))?.size, 1_000);
  await outbox.add(visit()); // words still fit
});

test("two taps on save are one entry; the same id with other words is refused", async () => {
  const { outbox } = await createPhone();
  const one = visit();
  await Promise.all([outbox.add(one), outbox.add(one)]);
  await outbox.add(one);
  assert.equal((await outbox.list()).length, 1);
  await assert.rejects(outbox.add({ ...one, data: { ...one.data, n_male: 5 } }), {
    code: "exists",
  });
  assert.equal((await outbox.get(one.id))?.item?.data.n_male, 1);
});

test("a photo without bytes is no photo", async () => {
  const { outbox } = await createPhone();
  const { item, attachments } = photo();
  const empty = [{ ...attachments[0], bytes: new ArrayBuffer(0) }];
  await assert.rejects(outbox.add(item, empty), { code: "empty" });
  assert.deepEqual(await outbox.list(), []);
});

test("a phone whose clock says 2567 or 1970 sends instants the server believes", async () => {
  for (const [year, expected] of [
    [2567, "2024-02-13T03:00"],
    [1970, "2024-02-13T03:00"],
  ]) {
    const clock = handClock(Date.UTC(Number(year), 1, 13, 3));
    const { outbox, vault } = await createPhone({ clock, server: createServer() });
    await vault.noteContact({ nonce: "n", server_time: "2024-02-13T03:00:00Z" });
    const said = new Date(clock.now()).toISOString().replace("Z", "+00:00");
    const { item } = await outbox.add(visit({ captured_at: said }));
    assert.ok(item?.data.captured_at.startsWith(expected), item?.data.captured_at);
    assert.ok(Math.abs(item?.data.clock_skew_s) <= 2 ** 31 - 1);
  }
});

test("a correction of what never left goes into it; of what may have left, after it", async () => {
  const { outbox, server } = await createPhone();
  const one = visit();
  await outbox.add(one);
  assert.equal(await outbox.replace(one.id, { ...one, data: { ...one.data, n_male: 2 } }), one.id);
  await outbox.add({ ...one, op: "edit", base_version: 1, data: { ...one.data, n_male: 3 } });
  assert.equal((await outbox.list()).length, 1);

  server.fault = async (asked, go) => {
    await go(); // the server commits, and the answer is lost
    throw new TypeError("cut");
  };
  await outbox.flush();
  assert.equal((await outbox.get(one.id))?.maybeSent, true);
  const carrier = await outbox.replace(one.id, { ...one, data: { ...one.data, n_male: 4 } });
  assert.notEqual(carrier, one.id);
  assert.equal(await outbox.replace(one.id, { ...one, data: { ...one.data, n_male: 5 } }), carrier);
  const edit = await outbox.get(carrier);
  assert.deepEqual([edit?.op, edit?.item?.base_version, edit?.item?.data.n_male], ["edit", 1, 5]);

  server.fault = null;
  await outbox.flush();
  assert.deepEqual(await states(outbox), { [carrier]: "received", [one.id]: "received" });
  const sent = [...server.records.values()].map(({ item }) => [item.op, item.data.n_male]);
  assert.deepEqual(sent, [
    ["create", 3],
    ["edit", 5],
  ]);
  await assert.rejects(outbox.replace(one.id, one), { code: "already_sent" });
});

test("an edit of what was received builds on the version of its receipt", async () => {
  const { outbox, server } = await createPhone();
  const one = visit();
  await outbox.add(one);
  await outbox.flush();
  const { item } = await outbox.add({ ...one, op: "edit", data: { ...one.data, n_male: 9 } });
  assert.equal(item?.base_version, 1);
  await outbox.flush();
  assert.equal(server.received, 2);
});

test("a conflict is resolved by an edit of the version it met", async () => {
  const { outbox, server } = await createPhone();
  const one = visit();
  server.rule = (item) =>
    item.base_version === 3
      ? null
      : { status: "conflict", code: "stale_version", current: { version: 3, data: {} } };
  const { id } = await outbox.add({ ...one, op: "edit", base_version: 2 });
  await outbox.flush();
  const parked = await outbox.get(id);
  assert.deepEqual(
    [parked?.state, parked?.code, parked?.current?.version],
    ["fixing", "conflict", 3],
  );
  assert.equal(await outbox.replace(id, { ...one, op: "edit", base_version: null }), id);
  await outbox.flush();
  assert.equal((await outbox.get(id))?.state, "received");
});

test("a caption may change while the photo's bytes wait", async () => {
  const { outbox, server } = await createPhone();
  const { id, item, attachments } = photo({ size: 3_000 });
  await outbox.add(item, attachments);
  await outbox.replace(id, { ...item, data: { ...item.data, caption: "ก่อนส่ง" } });
  assert.equal((await outbox.list()).length, 1);
  server.fault = (asked, go) =>
    asked.method === "PATCH" ? Promise.reject(new TypeError("cut")) : go();
  await outbox.flush();
  const { id: edit } = await outbox.add({
    kind: "photo",
    op: "edit",
    id,
    base_version: 1,
    data: { caption: "ระหว่างส่ง" },
  });
  await outbox.flush();
  assert.deepEqual(await states(outbox), { [edit]: "received", [id]: "waiting" });
  server.fault = null;
  await outbox.flush();
  assert.equal((await outbox.get(id))?.state, "received");
  assert.deepEqual(
    [...server.records.values()].map((kept) => kept.item.data.caption),
    ["ก่อนส่ง", "ระหว่างส่ง"],
  );
});

test("discarding asks about what hangs on it, and never takes back what was sent", async () => {
  const { outbox } = await createPhone();
  const [one, sent] = [visit(), visit()];
  const picture = photo({ of: one, size: 3_000 });
  await outbox.add(sent);
  await outbox.flush();
  await outbox.add(one);
  await outbox.add(followup(one.id));
  await outbox.add(picture.item, picture.attachments);

  await assert.rejects(outbox.discard(sent.id), { code: "already_sent" });
  await assert.rejects(outbox.discard(one.id), (/** @type {any} */ error) => {
    assert.deepEqual([error.code, error.facts], ["has_children", { count: 2 }]);
    return true;
  });
  await outbox.discard(one.id, { children: true });
  await outbox.discard(one.id); // twice is harmless
  assert.deepEqual(await states(outbox), { [sent.id]: "received" });
  assert.deepEqual((await dump()).all.chunks, []);
});

test("what may have reached the server is discarded there too, with the reason", async () => {
  const { outbox, server } = await createPhone();
  const one = visit();
  await outbox.add(one);
  server.fault = async (_asked, go) => {
    await go();
    throw new TypeError("cut");
  };
  await outbox.flush();
  await assert.rejects(outbox.discard(one.id), { code: "already_sent" });
  await outbox.discard(one.id, { reason: "ลงซ้ำ" });
  server.fault = null;
  await outbox.flush();
  const [, deletion] = [...server.records.values()];
  assert.deepEqual(
    [deletion.item.op, deletion.item.id, deletion.item.data],
    ["delete", one.id, { reason: "ลงซ้ำ" }],
  );
  assert.equal(await outbox.get(one.id), null);
});
