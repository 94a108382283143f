// @ts-check
/** What the sender promises: nothing lost, nothing twice, nothing stuck behind something else. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  createPhone,
  emptyStorage,
  fakeLocks,
  followup,
  states,
  visit,
  stopAll,
} from "./bench/phone.js";
import { handClock, until } from "./bench/clock.js";
import { createServer, problem } from "./bench/server.js";
import { openVault } from "../../static/src/js/vault/vault.js";
import { isDue } from "../../static/src/js/outbox/order.js";
import { waitMs } from "../../static/src/js/outbox/backoff.js";

afterEach(stopAll);
const sent = (server) =>
  server.asked
    .filter(({ path }) => path.endsWith("/records"))
    .map(({ body }) => JSON.parse(body).items);

test("what was saved is received, once, with a receipt that was checked", async () => {
  const { outbox, server } = await createPhone();
  const [one, two] = [visit(), visit()];
  await outbox.add(one);
  await outbox.add(two);
  await outbox.flush();
  const entry = await outbox.get(one.id);
  assert.deepEqual([entry?.state, entry?.verified, entry?.receipt?.id], ["received", true, one.id]);
  assert.equal(entry?.receivedAt, Date.parse("2024-02-13T03:00:00Z"));
  await outbox.flush();
  assert.equal(sent(server).length, 1);
});

test("a follow-up that comes before its visit waits at the server, and is received when it came", async () => {
  const { outbox, server, clock } = await createPhone();
  const one = visit();
  const check = followup(one.id);
  await outbox.add(check);
  await outbox.flush();
  const held = await outbox.get(check.id);
  assert.deepEqual([held?.state, held?.code], ["pending", "waits_for_parent"]);
  await outbox.add(one);
  await outbox.flush();
  assert.deepEqual(await states(outbox), { [one.id]: "received", [check.id]: "received" });
  clock.pass(1);
  assert.equal(server.received, 2);
});

test("parked with its reason, a bad item stops none of the others", async () => {
  const { outbox, server } = await createPhone();
  const items = Array.from({ length: 5 }, () => visit());
  const problems = [{ field: "n_child", code: "more_than_total", facts: { total: 1 } }];
  const verdicts = {
    [items[1].id]: { status: "invalid", code: "invalid", problems },
    [items[2].id]: { status: "refused", code: "round_sealed" },
    [items[3].id]: { status: "malformed", code: "malformed", id: null, item_sha256: null },
  };
  server.rule = (item) => verdicts[item.id] ?? null;
  for (const item of items) await outbox.add(item);
  await outbox.flush();
  const [a, b, c, d, e] = await Promise.all(items.map(({ id }) => outbox.get(id)));
  assert.deepEqual([a?.state, e?.state], ["received", "received"]);
  assert.deepEqual(
    [b?.state, b?.code, b?.problems, b?.maybeSent],
    ["fixing", "invalid", problems, false],
  );
  assert.deepEqual([c?.state, c?.code], ["fixing", "round_sealed"]);
  assert.deepEqual([d?.state, d?.code], ["fixing", "malformed"]);

  server.rule = () => null;
  await outbox.replace(items[1].id, { ...items[1], data: { ...items[1].data, n_male: 3 } });
  await outbox.retry(items[2].id);
  await outbox.flush();
  assert.equal((await outbox.summary()).received, 4);
});

test("three hundred items go a hundred at a time, and never more than the server takes", async () => {
  const { outbox, server } = await createPhone();
  const long = "น้ำ".repeat(1_200); // 10 kB of UTF-8: fewer than a hundred fit
  for (let n = 0; n < 220; n += 1) await outbox.add(visit(n < 100 ? { suggestion: long } : {}));
  await outbox.flush();
  assert.equal((await outbox.summary()).received, 220);
  const bodies = server.asked
    .filter(({ path }) => path.endsWith("/records"))
    .map(({ body }) => Buffer.byteLength(body));
  assert.ok(Math.max(...bodies) < 2 ** 20, String(bodies));
  assert.ok(sent(server).every((items) => items.length <= 100));
  assert.ok(bodies.length <= 4, String(bodies.length));
});

test("a request that is too large is halved, and what alone is too large is parked", async () => {
  const { outbox, server } = await createPhone();
  const items = Array.from({ length: 9 }, () => visit());
  for (const item of items) await outbox.add(item);
  server.fault = (asked, go) => {
    const many = asked.path.endsWith("/records") ? JSON.parse(asked.body).items : [];
    const huge = many.some(({ id }) => id === items[4].id);
    return many.length > 3 || huge ? new Response("<html>413</html>", { status: 413 }) : go();
  };
  await outbox.flush();
  const summary = await outbox.summary();
  assert.deepEqual([summary.received, summary.fixing], [8, 1]);
  assert.equal((await outbox.get(items[4].id))?.code, "status_413");
});

test("an item that makes the server stumble is left for later, alone", async () => {
  const { outbox, server, clock } = await createPhone();
  const items = Array.from({ length: 6 }, () => visit());
  for (const item of items) await outbox.add(item);
  server.fault = (asked, go) => {
    const many = asked.path.endsWith("/records") ? JSON.parse(asked.body).items : [];
    return many.some(({ id }) => id === items[2].id) ? problem(500, "unexpected") : go();
  };
  for (let n = 0; n < 12; n += 1) {
    await outbox.flush();
    clock.pass(300_000);
    await outbox.flush();
  }
  const poison = await outbox.get(items[2].id);
  assert.deepEqual([poison?.state, (await outbox.summary()).received], ["waiting", 5]);
  assert.ok((poison?.attempts ?? 0) >= 1);
  server.fault = null;
  clock.pass(300_000);
  await outbox.flush();
  assert.equal((await outbox.summary()).received, 6);
});

test("killed at any step, nothing is lost and nothing is there twice", async () => {
  const clock = handClock();
  const server = createServer(clock);
  let phone = await createPhone({ clock, server });
  const items = Array.from({ length: 6 }, () => visit());
  for (const item of items) await phone.outbox.add(item);
  for (let round = 0; round < 40; round += 1) {
    let left = round;
    const put = IDBObjectStore.prototype.put;
    let dead = false;
    IDBObjectStore.prototype.put = function (value, key) {
      if (dead || (left -= 1) < 0) {
        dead = true;
        throw new Error("killed");
      }
      return put.call(this, value, key);
    };
    await phone.outbox.flush().catch(() => {});
    IDBObjectStore.prototype.put = put;
    phone.outbox.stop();
    const vault = await openVault(clock);
    phone = await createPhone({ keep: true, clock, server, vault });
    const entries = await phone.outbox.list();
    assert.equal(entries.length, 6);
    for (const { state, id, receipt } of entries) {
      if (state === "received") assert.ok(server.records.has(id) && receipt);
    }
  }
  await phone.outbox.flush();
  assert.equal((await phone.outbox.summary()).received, 6);
  assert.deepEqual([server.received, server.records.size], [6, 6]);
});

test("an answer that is lost after the server has committed makes no second record", async () => {
  const { outbox, server } = await createPhone();
  const one = visit();
  await outbox.add(one);
  server.fault = async (_asked, go) => {
    await go();
    throw new TypeError("cut");
  };
  await outbox.flush();
  const waiting = await outbox.get(one.id);
  assert.deepEqual([waiting?.state, waiting?.maybeSent], ["waiting", true]);
  server.fault = null;
  await outbox.flush();
  assert.deepEqual([(await outbox.get(one.id))?.receipt?.status, server.received], ["known", 1]);
});

test("signed out by the server, everything stays and the person is asked to sign in", async () => {
  const { outbox, server, told } = await createPhone();
  const one = visit();
  await outbox.add(one);
  server.tokens.clear();
  await outbox.flush();
  assert.equal((await outbox.get(one.id))?.state, "waiting");
  assert.deepEqual(told.find(({ name }) => name === "signin-needed")?.detail, {
    code: "device_unknown",
  });
});

test("a line in trouble is left alone for longer and longer, at most five minutes", async () => {
  const { outbox, server, clock } = await createPhone();
  await outbox.add(visit());
  server.fault = () => problem(503, "busy");
  outbox.start();
  await until(() => server.count("/records") === 1);
  const waits = [];
  for (let n = 2; n <= 12; n += 1) {
    await until(() => clock.next !== null && clock.next > 0);
    await outbox.flush(); // someone looking does not hurry a busy server
    assert.equal(server.count("/records"), n - 1);
    waits.push(clock.next);
    clock.pass(Number(clock.next));
    await until(() => server.count("/records") === n);
  }
  assert.deepEqual(waits.slice(0, 4), [1_000, 1_500, 3_000, 6_000]);
  assert.equal(Math.max(...waits.map(Number)), 225_000);
  assert.equal(waitMs(30, 1), 300_000);
  assert.ok(waitMs(1, 0) >= 1_000);
});

test("a line that is back is used at once", async () => {
  const { outbox, server } = await createPhone();
  await outbox.add(visit());
  server.fault = () => Promise.reject(new TypeError("offline"));
  for (let n = 0; n < 8; n += 1) await outbox.flush();
  server.fault = null;
  await outbox.flush(); // the "online" event, or a tap
  assert.equal((await outbox.summary()).received, 1);
});

test("a line that comes back while a try is still failing is used at once", async () => {
  const { outbox, server } = await createPhone();
  await outbox.add(visit());
  server.fault = () => Promise.reject(new TypeError("offline"));
  for (let n = 0; n < 8; n += 1) await outbox.flush();
  server.fault = () => {
    server.fault = null;
    void outbox.flush(); // the "online" event, before the failing try has ended
    return Promise.reject(new TypeError("offline"));
  };
  await outbox.flush();
  assert.equal((await outbox.summary()).received, 1);
});

const AFTER = {
  seconds: ["120", 120_000],
  "a date": [new Date(Date.parse("2030-01-01T00:00:30Z")).toUTCString(), 30_000],
  nothing: [null, 1_000],
  nonsense: ["soon", 1_000],
  "a thousand million": ["1000000000", 300_000],
  "a time long past": ["Thu, 01 Jan 1970 00:00:00 GMT", 1_000],
};
for (const [name, [asked, expected]] of Object.entries(AFTER)) {
  test(`the server's Retry-After is honoured: ${name}`, async () => {
    const { outbox, server, clock } = await createPhone();
    await outbox.add(visit());
    const more = {
      Date: new Date(Date.parse("2030-01-01T00:00:00Z")).toUTCString(),
      ...(asked && { "Retry-After": String(asked) }),
    };
    server.fault = () => problem(429, "too_many", more);
    await outbox.flush();
    assert.equal(clock.next, expected);
  });
}

test("a clock that jumps to 2567, to 1970 or to and fro never stops the queue", async () => {
  const { outbox, server, clock } = await createPhone({ server: createServer() });
  server.rule = (item) => (item.data.n_male === 7 ? { status: "fine" } : null); // no answer to be believed
  const one = visit({ n_male: 7 });
  clock.set(Date.UTC(2567, 1, 13));
  await outbox.add(one);
  await outbox.flush();
  assert.equal((await outbox.get(one.id))?.attempts, 1);
  server.rule = () => null;
  clock.set(0); // its next try now lies six hundred years ahead
  await outbox.flush();
  assert.equal((await outbox.get(one.id))?.state, "received");
  for (const year of [1970, 2567, 2024, 4]) {
    clock.set(Date.UTC(year, 1, 13));
    await outbox.add(visit());
    await outbox.flush();
  }
  assert.equal((await outbox.summary()).received, 5);
  assert.ok(isDue(/** @type {any} */ ({ next_try_at: 5 }), NaN));
});

test("two tabs, a timer and a button send at once: one sender, one record", async () => {
  const [clock, locks] = [handClock(), fakeLocks()];
  const server = createServer(clock);
  const here = await createPhone({ clock, server, locks });
  const there = await createPhone({
    keep: true,
    clock,
    server,
    locks,
    vault: await openVault(clock),
  });
  for (let n = 0; n < 10; n += 1) await (n % 2 ? here : there).outbox.add(visit());
  here.outbox.start();
  there.outbox.start();
  await Promise.all([
    here.outbox.flush(),
    there.outbox.flush(),
    here.outbox.flush({ originals: true }),
  ]);
  await until(async () => (await here.outbox.summary()).received === 10);
  const ids = sent(server)
    .flat()
    .map(({ id }) => id);
  assert.equal(new Set(ids).size, 10);
  assert.equal(ids.length, 10);
});

test("without Web Locks a lease keeps the second tab out, also when the clock jumps", async () => {
  const clock = handClock();
  const server = createServer(clock);
  const here = await createPhone({ clock, server, locks: null });
  const there = await createPhone({
    keep: true,
    clock,
    server,
    locks: null,
    vault: await openVault(clock),
  });
  const one = visit();
  await here.outbox.add(one);
  let release = () => {};
  const gate = new Promise((resolve) => (release = () => resolve(undefined)));
  server.fault = async (_asked, go) => {
    await gate;
    return go();
  };
  const sending = here.outbox.flush();
  await until(() => server.count("/records") === 1);
  await there.outbox.flush();
  clock.set(Date.UTC(2567, 1, 13));
  await there.outbox.flush();
  assert.equal(server.count("/records"), 1);
  release();
  await sending;
  await there.outbox.flush();
  assert.deepEqual([await states(there.outbox), server.received], [{ [one.id]: "received" }, 1]);
});

test("a lease whose tab has died is taken over once it has stood still", async () => {
  const clock = handClock();
  const server = createServer(clock);
  const dead = await createPhone({ clock, server, locks: null });
  await dead.outbox.add(visit());
  server.fault = () => new Promise(() => {});
  void dead.outbox.flush();
  await until(() => server.count("/records") === 1);
  const alive = await createPhone({
    keep: true,
    clock: handClock(),
    server,
    locks: null,
    vault: await openVault(),
  });
  server.fault = null;
  await alive.outbox.flush();
  assert.equal((await alive.outbox.summary()).received, 0);
  alive.clock.pass(20_000);
  await alive.outbox.flush();
  assert.equal((await alive.outbox.summary()).received, 1);
});

test("corrected at the very moment it is sent, neither version is lost and none in conflict", async () => {
  const { outbox, server, vault } = await createPhone();
  const one = visit();
  await outbox.add(one);
  const { unsealJson } = vault;
  let once = true;
  vault.unsealJson = async (...asked) => {
    const read = await unsealJson(...asked);
    if (once && asked[1].startsWith("item:")) {
      once = false;
      await outbox.replace(one.id, { ...one, data: { ...one.data, n_male: 8 } });
    }
    return read;
  };
  await outbox.flush();
  assert.deepEqual(
    [...(await outbox.list())].map(({ state }) => state),
    ["received"],
  );
  assert.deepEqual(
    [...server.records.values()].map(({ item }) => item.data.n_male),
    [8],
  );
});

test("an edit never overtakes the create it belongs to", async () => {
  const { outbox, server } = await createPhone();
  const one = visit();
  await outbox.add(one);
  server.rule = (item) => (item.op === "create" ? { status: "fine" } : null);
  await outbox.flush();
  await outbox.add({ ...one, op: "edit", base_version: 1, data: { ...one.data, n_male: 4 } });
  await outbox.flush();
  assert.ok(
    sent(server)
      .flat()
      .every(({ op }) => op === "create"),
  );
});

test("a phone without a database left does not pretend to send", async () => {
  const { outbox, told } = await createPhone();
  emptyStorage();
  await outbox.flush();
  assert.deepEqual(told, []);
  assert.deepEqual(await outbox.list(), []);
});
