// @ts-check
/** What the outbox keeps, how long, what it tells of it, and how it gets out in need. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { bytes, createPhone, followup, photo, visit, stopAll } from "./bench/phone.js";
import { handClock, until } from "./bench/clock.js";
import { createServer } from "./bench/server.js";
import { sha256Hex } from "../../static/src/js/shared/canonical.js";
import { newId } from "../../static/src/js/shared/ids.js";
import { withDb } from "../../static/src/js/vault/db.js";
import { setMeta, signOutHere } from "../../static/src/js/vault/vault.js";
import { rescueFile } from "../../static/src/js/outbox/rescue.js";

afterEach(stopAll);
const DAY_MS = 86_400_000;

test("the summary counts without opening anything", async () => {
  const { outbox } = await createPhone();
  const one = visit();
  const picture = photo({ size: 5_000 });
  await outbox.add(one);
  await outbox.add(picture.item, picture.attachments);
  const open = crypto.subtle.decrypt;
  try {
    crypto.subtle.decrypt = () => assert.fail("opened");
    const { oldest, ...counts } = await outbox.summary();
    assert.deepEqual(counts, {
      ...{ waiting: 2, sending: 0, pending: 0, fixing: 0, received: 0 },
      ...{ photosUnsent: 1, bytesWaiting: 5_000, bytesSent: 0 },
    });
    assert.equal(oldest, Date.parse("2024-02-13T03:00:00Z"));
  } finally {
    crypto.subtle.decrypt = open;
  }
});

test("the cookie repeats how much waits, from the first save to the last receipt", async () => {
  const { outbox, cookies } = await createPhone();
  await outbox.add(visit());
  await outbox.add(visit());
  assert.match(cookies.jar, /^lakthan_unsent=[0-9a-f-]{36}\.2$/);
  await outbox.flush();
  assert.match(cookies.jar, /\.0$/);
});

test("a received original stays fourteen days by the server's clock, its preview longer", async () => {
  const clock = handClock();
  let serverNow = clock.now();
  const server = createServer({ now: () => serverNow });
  const { outbox } = await createPhone({ clock, server });
  const picture = photo({ size: 3_000, preview: 500 });
  const unsent = photo({ size: 4_000 });
  await outbox.add(picture.item, picture.attachments);
  await outbox.flush();
  server.rule = (item) => (item.id === unsent.id ? { status: "invalid", code: "invalid" } : null);
  await outbox.add(unsent.item, unsent.attachments);

  const look = async () => {
    await outbox.add(visit());
    await outbox.flush();
    return Promise.all(
      ["original", "preview"].map((role) =>
        outbox.attachment(picture.id, /** @type {any} */ (role)),
      ),
    );
  };
  clock.set(Date.UTC(2567, 1, 13)); // this phone's clock decides nothing
  assert.ok((await look()).every(Boolean));
  serverNow += 13 * DAY_MS;
  assert.ok((await look()).every(Boolean));
  serverNow += DAY_MS;
  assert.deepEqual(
    (await look()).map((blob) => blob?.size ?? null),
    [null, 500],
  );
  serverNow += 90 * DAY_MS;
  await look();
  assert.equal(await outbox.get(picture.id), null);
  assert.equal((await outbox.attachment(unsent.id, "original"))?.size, 4_000); // unsent is never pruned
});

test("the rescue file holds what waits, as it lies here, also when nobody is signed in", async () => {
  const { outbox, vault } = await createPhone();
  const sent = visit();
  await outbox.add(sent);
  await outbox.flush();
  const one = visit({ leader_name: "นางคำปัน" });
  const picture = photo({ of: one, size: 1_300_000, preview: 700 });
  await outbox.add(one);
  await outbox.add(picture.item, picture.attachments);

  const { account, deviceId, installId } = vault;
  const here = await read(await outbox.rescue());
  await signOutHere();
  const file = await rescueFile(account.id, { now: 0, appVersion: "1" });
  const away = await read(/** @type {Blob} */ (file));
  assert.deepEqual(
    away.map(({ header }) => header.kind),
    here.map(({ header }) => header.kind),
  );
  const [first, ...frames] = away;
  assert.deepEqual(first.header, {
    ...{ kind: "rescue", device_id: deviceId, account_id: account.id, install_id: installId },
    ...{ made_at: "1970-01-01T00:00:00.000Z", app_version: "1", items: 2, chunks: 3, bytes: 0 },
  });
  assert.ok(!Buffer.from(await /** @type {Blob} */ (file).arrayBuffer()).includes("คำปัน"));

  const back = (await createPhone({ keep: true })).vault;
  const [word, , ...chunks] = frames;
  const item = JSON.parse(await open(back, word, `item:${account.id}:${one.id}`)).item;
  assert.equal(item.data.leader_name, "นางคำปัน");
  assert.equal(item.captured.key_id.length, 36);
  for (const chunk of chunks) {
    const { attachment_id, index, count, size_bytes, sha256, role } = chunk.header;
    const of = picture.attachments.find((each) => each.id === attachment_id);
    assert.deepEqual(
      [role, size_bytes, count],
      [of?.role, of?.bytes.byteLength, role === "original" ? 2 : 1],
    );
    assert.equal(sha256, await sha256Hex(/** @type {any} */ (of).bytes));
    const plain = await open(
      back,
      chunk,
      `chunk:${account.id}:${attachment_id}:${index}`,
      "latin1",
    );
    assert.equal(
      plain,
      Buffer.from(/** @type {any} */ (of).bytes)
        .subarray(index * 2 ** 20, (index + 1) * 2 ** 20)
        .toString("latin1"),
    );
  }
});

test("with nothing waiting there is nothing to rescue", async () => {
  const { outbox, vault } = await createPhone();
  assert.equal((await outbox.rescue()).size, 0);
  assert.equal(await rescueFile(vault.account.id, { now: 0, appVersion: "" }), null);
});

/** @param {Blob} blob */
async function read(blob) {
  const all = Buffer.from(await blob.arrayBuffer());
  assert.equal(all.subarray(0, 17).toString(), "LAKTHAN-RESCUE-1\n");
  const frames = [];
  for (let at = 17; at < all.length;) {
    const length = all.readUInt32BE(at);
    const header = JSON.parse(all.subarray(at + 4, at + 4 + length).toString());
    const payload = all.subarray(at + 4 + length, at + 4 + length + header.bytes);
    frames.push({ header, payload });
    at += 4 + length + header.bytes;
  }
  return frames;
}

/** @param {any} vault @param {{payload: Buffer}} frame @param {string} ad @param {BufferEncoding} [as] */
async function open(vault, { payload }, ad, as = "utf8") {
  const sealed = {
    iv: new Uint8Array(payload.subarray(0, 12)),
    data: new Uint8Array(payload.subarray(12)).buffer,
  };
  return Buffer.from(await vault.unseal(sealed, ad)).toString(as);
}

test("large photos wait for a free line when the owner asked for it, until told to go", async () => {
  let costly = true;
  const { outbox, server } = await createPhone({
    online: { isOnline: () => true, costly: () => costly },
  });
  await setMeta("data_saver", true);
  const pictures = [
    photo({ size: 3_000, preview: 300 }),
    photo({ size: 4_000, preview: 400 }),
    photo({ size: 5_000 }),
  ];
  for (const { item, attachments } of pictures) await outbox.add(item, attachments);
  await outbox.flush();
  assert.equal(server.blobs.size, 2); // the previews
  assert.ok(
    (await outbox.list()).every(
      ({ state, note }) => state === "waiting" && note === "waits_for_wifi",
    ),
  );

  await outbox.flush({ originals: true });
  assert.equal((await outbox.summary()).received, 3);
  const more = photo({ size: 3_000 });
  await outbox.add(more.item, more.attachments);
  await outbox.flush();
  assert.equal((await outbox.get(more.id))?.state, "waiting"); // "send now" was for then
  costly = false;
  await outbox.flush();
  assert.equal((await outbox.get(more.id))?.state, "received");
});

test("started, it sends by itself, and tells the province every quarter of an hour", async () => {
  const { outbox, server, clock } = await createPhone();
  outbox.start();
  await until(() => server.count("/heartbeat") === 1);
  const one = visit();
  await outbox.add(one);
  await until(async () => (await outbox.get(one.id))?.state === "received");
  await outbox.flush();
  const before = server.count("/heartbeat");
  clock.pass(15 * 60_000);
  await until(() => server.count("/heartbeat") > before);
  const beats = server.asked
    .filter(({ path }) => path.includes("heartbeat"))
    .map(({ body }) => JSON.parse(body));
  assert.equal(beats[0].beat, null);
  assert.ok(beats.slice(1).every(({ beat }) => beat));
  const { device_time: _then, beat: _beat, ...said } = beats[0];
  assert.deepEqual(said, {
    ...{ unsent_records: 0, unsent_photos: 0, unsent_bytes: 0, oldest_unsent_at: null },
    ...{ storage_left_bytes: 1_000_000, storage_persisted: false, app_version: "test" },
  });
});

test("a copied storage is noticed by its heartbeat", async () => {
  const { outbox, server, told } = await createPhone();
  await outbox.add(visit());
  await outbox.flush();
  server.beats.set("token-a", ["the other phone's", "also"]);
  await outbox.add(visit());
  await outbox.flush();
  assert.ok(told.some(({ name }) => name === "forked"));
});

test("an entry of another key is shown as unreadable and not thrown away", async () => {
  const { outbox, vault } = await createPhone();
  const one = visit();
  await outbox.add(one);
  const key = [vault.account.id, one.id];
  await withDb(async (db) => {
    const row = await db.get("items", key);
    await db.put("items", { ...row, sealed: { iv: row.sealed.iv, data: bytes(64) } });
  });
  await outbox.flush();
  const entry = await outbox.get(one.id);
  assert.deepEqual([entry?.state, entry?.code, entry?.item], ["fixing", "unreadable", null]);
  assert.equal((await read(await outbox.rescue())).length, 2);
});

test("a round that is due sooner goes first, parents before children, deletions last", async () => {
  const { outbox, vault, server } = await createPhone();
  await vault.putPulled("rounds", [
    { key: "a", quarter: "2567Q2", due_on: "2024-03-15" },
    { key: "b", quarter: "2567Q1", due_on: "2024-02-25" },
  ]);
  const [late, soon] = [visit({ visit_date: "2024-01-10" }), visit({ visit_date: "2023-12-10" })];
  const check = followup(late.id);
  const gone = newId();
  await outbox.add({
    kind: "visit",
    op: "delete",
    id: gone,
    base_version: 1,
    data: { reason: "ซ้ำ" },
  });
  const picture = photo({ of: late, size: 100 });
  await outbox.add(picture.item, picture.attachments);
  for (const item of [check, late, soon]) await outbox.add(item);
  await outbox.flush();
  const order = JSON.parse(server.asked[0].body).items.map(({ id }) => id);
  assert.deepEqual(order, [soon.id, late.id, check.id, picture.id, gone]);
});
