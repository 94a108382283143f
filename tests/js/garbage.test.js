// @ts-check
/** Captive portals, proxies, caches: no item leaves the outbox but on our server's own word. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { createPhone, photo, states, visit, stopAll } from "./bench/phone.js";
import { json, problem } from "./bench/server.js";

afterEach(stopAll);

/** Twelve answers that are none, and then some. @type {Record<string, (go: () => Promise<Response>) => any>} */
const GARBAGE = {
  "a log-in page with 200": () =>
    new Response("<html>Log in</html>", { headers: { "Content-Type": "text/html" } }),
  "nothing with 200": () => new Response("", { status: 200 }),
  "nothing, marked as ours": () =>
    new Response("", { headers: { "Lakthan-Api": "1", "Content-Type": "application/json" } }),
  "an array": () => json(200, []),
  null: () => json(200, null),
  "half the answer": async (go) => {
    const text = await (await go()).text();
    return new Response(text.slice(0, text.length / 2), {
      headers: { "Lakthan-Api": "1", "Content-Type": "application/json" },
    });
  },
  "no mark of ours": async (go) =>
    new Response(await (await go()).text(), { headers: { "Content-Type": "application/json" } }),
  "a redirect to a portal": () =>
    new Response(null, { status: 302, headers: { Location: "http://portal.test/" } }),
  511: () => new Response("<html>511</html>", { status: 511 }),
  "the wrong type": async (go) =>
    new Response(await (await go()).text(), {
      headers: { "Lakthan-Api": "1", "Content-Type": "text/html" },
    }),
  "another's id": (go) => altered(go, (result) => ({ ...result, id: visit().id })),
  "another hash": (go) => altered(go, (result) => ({ ...result, item_sha256: "0".repeat(64) })),
  "a receipt for another": (go) =>
    altered(go, (result) => ({ ...result, receipt: { ...result.receipt, id: visit().id } })),
  "a receipt that was changed": (go) =>
    altered(go, (result) => ({ ...result, receipt: { ...result.receipt, version: 99 } })),
  "a receipt of an older kind": (go) =>
    altered(go, (result) => ({ ...result, receipt: { ...result.receipt, v: 0 } })),
  "a receipt that misses what nobody announced": (go) =>
    altered(go, (result) => ({
      ...result,
      receipt: {
        ...result.receipt,
        missing: [{ id: visit().id, sha256: "0".repeat(64), bytes: 1 }],
      },
    })),
  "no receipt": (go) => altered(go, (result) => ({ ...result, receipt: null, signature: null })),
  "no signature": (go) => altered(go, (result) => ({ ...result, signature: null })),
  "a status nobody knows": (go) => altered(go, (result) => ({ ...result, status: "fine" })),
  "no results": (go) =>
    go().then(() => json(200, { server_time: "2024-02-13T03:00:00Z", nonce: "n" })),
  "too few results": (go) => go().then(() => json(200, { results: [] })),
  "an old answer out of a cache": () =>
    json(200, { server_time: "2024-02-01T03:00:00Z", nonce: "old", results: [OLD] }),
  "a broken connection": () => Promise.reject(new TypeError("failed")),
  "a body that breaks off": () =>
    new Response(new ReadableStream({ start: (stream) => stream.error(new TypeError("reset")) }), {
      headers: { "Lakthan-Api": "1", "Content-Type": "application/json" },
    }),
};
const OLD = {
  id: visit().id,
  kind: "visit",
  op: "create",
  item_sha256: "1".repeat(64),
  status: "created",
  problems: [],
};

/** @param {() => Promise<Response>} go @param {(result: any) => any} change */
async function altered(go, change) {
  const answer = await (await go()).json();
  return json(200, { ...answer, results: answer.results.map(change) });
}

for (const [name, answer] of Object.entries(GARBAGE)) {
  test(`no item leaves the outbox for ${name}`, async () => {
    const { outbox, server, clock } = await createPhone();
    const picture = photo({ size: 2_000 });
    const one = visit();
    await outbox.add(one);
    await outbox.add(picture.item, picture.attachments);
    server.fault = (asked, go) =>
      asked.path.endsWith("/records") ? answer(go) : problem(503, "busy");
    for (let n = 0; n < 3; n += 1) {
      await outbox.flush();
      clock.pass(300_000);
    }
    await outbox.flush();
    assert.deepEqual(await states(outbox), { [one.id]: "waiting", [picture.id]: "waiting" });

    server.fault = null;
    clock.pass(300_000);
    await outbox.flush();
    assert.deepEqual(await states(outbox), { [one.id]: "received", [picture.id]: "received" });
    assert.equal(server.records.size, 2);
  });
}

test("a stranger's signature is no receipt", async () => {
  const { outbox, server } = await createPhone();
  const one = visit();
  await outbox.add(one);
  server.signWith = server.strangers;
  await outbox.flush();
  assert.equal((await outbox.get(one.id))?.state, "waiting");
});

test("where the browser knows no Ed25519 the receipt counts and says that it was not checked", async () => {
  const { outbox } = await createPhone();
  const one = visit();
  await outbox.add(one);
  const real = crypto.subtle.importKey;
  try {
    crypto.subtle.importKey = (format, key, how, ...rest) =>
      how === "Ed25519"
        ? Promise.reject(new DOMException("unknown", "NotSupportedError"))
        : real.call(crypto.subtle, format, key, how, ...rest);
    await outbox.flush();
  } finally {
    crypto.subtle.importKey = real;
  }
  const entry = await outbox.get(one.id);
  assert.deepEqual([entry?.state, entry?.verified], ["received", null]);
});
