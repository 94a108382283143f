// @ts-check
/** Photos over a bad line: every byte arrives, few travel twice, none is taken for another. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { bytes, createPhone, photo, states, stopAll, visit } from "./bench/phone.js";
import { handClock } from "./bench/clock.js";
import { createServer, problem } from "./bench/server.js";
import { createUploads } from "../../static/src/js/sync/tus.js";
import { toHex } from "../../static/src/js/shared/bytes.js";
import { withDb } from "../../static/src/js/vault/db.js";
import { openVault } from "../../static/src/js/vault/vault.js";

afterEach(stopAll);
const CHUNK = 2 ** 20;
const isPatch = ({ method }) => method === "PATCH";

/** A sender of one attachment, outside the outbox. @param {number} size */
async function bench(size, how = {}) {
  const clock = handClock();
  const server = createServer(clock);
  const whole = bytes(size);
  const sha256 = toHex(await crypto.subtle.digest("SHA-256", whole));
  const uploads = createUploads({
    base: "http://phone.test",
    token: "token-a",
    fetch: server.fetch,
    clock,
    ...how,
  });
  const of = {
    ...{
      attachment: "018da0ee-1c00-7000-8000-00000000a001",
      size,
      sha256,
      role: /** @type {const} */ ("original"),
    },
    url: /** @type {string | null} */ (null),
    chunk: async (index) => whole.slice(index * CHUNK, (index + 1) * CHUNK),
    onUrl: (url) => void (of.url = url),
  };
  return { clock, server, uploads, of, whole, sha256 };
}

test("cut at every 64 KiB, before or after the server wrote it, every byte arrives once or twice", async () => {
  const size = 4_100_000;
  for (const [piece, slow] of [
    [CHUNK, false],
    [2 ** 18, true],
  ]) {
    const { server, uploads, of, sha256 } = await bench(size, { slow });
    let cuts = 0;
    server.fault = async (asked, go) => {
      if (!isPatch(asked)) return go();
      cuts += 1;
      if (cuts % 3 === 1) throw new TypeError("reset before"); // nothing came
      const answer = await go();
      if (cuts % 3 === 2) throw new TypeError("reset after"); // all came, nobody told
      return answer;
    };
    let tries = 0;
    while (server.blobs.size === 0 && (tries += 1) < 400) {
      const before = server.patched;
      await uploads.send(of).catch((error) => assert.equal(error.kind, "offline"));
      assert.ok(server.patched - before <= size);
    }
    assert.equal(server.blobs.get(of.attachment)?.sha256, sha256);
    assert.equal(server.patched, size); // what the server wrote, it wrote once
    const offered = server.asked
      .filter(isPatch)
      .reduce((sum, { body }) => sum + body.byteLength, 0);
    assert.ok(offered <= size + cuts * Number(piece), `${offered} in ${cuts} cuts`);
  }
});

test("cut inside a piece, the server's own offset says where to go on", async () => {
  const { server, uploads, of, sha256 } = await bench(2_400_000);
  const { Buffer } = globalThis;
  for (const part of [1, 65_537, 300_000, 524_287]) {
    server.fault = async (asked, go) => {
      const upload = server.uploads.get(asked.path);
      if (!isPatch(asked) || !upload) return go();
      const came = Buffer.from(asked.body).subarray(0, part); // a server that keeps what came
      upload.bytes = Buffer.concat([upload.bytes, came]);
      throw new TypeError("cut");
    };
    await assert.rejects(uploads.send(of), { kind: "offline" });
  }
  server.fault = null;
  await uploads.send(of);
  assert.equal(server.blobs.get(of.attachment)?.sha256, sha256);
});

test("one chunk is asked for at a time, and each only once on a good line", async () => {
  const { uploads, of } = await bench(3_500_000, { slow: true });
  const asked = [];
  let inUse = 0;
  const { chunk } = of;
  of.chunk = async (index) => {
    asked.push(index);
    assert.ok((inUse += 1) <= 1);
    const read = await chunk(index);
    inUse -= 1;
    return read;
  };
  await uploads.send(of);
  assert.deepEqual(asked, [0, 1, 2, 3]);
});

test("pieces shrink on a slow line and grow again on a quick one", async () => {
  const { clock, server, uploads, of } = await bench(6 * CHUNK);
  let ms = 60_000;
  server.fault = async (asked, go) => {
    if (isPatch(asked)) clock.pass(ms);
    if (server.asked.filter(isPatch).length > 6) ms = 10;
    return go();
  };
  await uploads.send(of);
  const sizes = server.asked.filter(isPatch).map(({ body }) => body.byteLength);
  assert.equal(sizes[0], CHUNK);
  assert.equal(sizes[1], CHUNK / 4);
  assert.equal(sizes.at(-1), CHUNK);
});

test("a piece that was garbled on the way is sent again; an offset that moved is followed", async () => {
  const { server, uploads, of, sha256 } = await bench(2_200_000);
  let n = 0;
  server.fault = async (asked, go) => {
    if (!isPatch(asked)) return go();
    n += 1;
    if (n === 1) asked.body = bytes(asked.body.byteLength, 99); // 460
    if (n === 2) server.uploads.get(asked.path)?.bytes && (await go()); // 409: it was there already
    return go();
  };
  await uploads.send(of);
  assert.equal(server.blobs.get(of.attachment)?.sha256, sha256);
});

test("an upload that is gone is begun again, silently", async () => {
  const { server, uploads, of, sha256 } = await bench(1_500_000);
  server.fault = (asked, go) => (isPatch(asked) ? Promise.reject(new TypeError("cut")) : go());
  await assert.rejects(uploads.send(of));
  server.uploads.clear(); // thirty days later
  server.fault = null;
  await uploads.send(of);
  assert.equal(server.blobs.get(of.attachment)?.sha256, sha256);
});

test("what the server has already is not sent again", async () => {
  const { server, uploads, of } = await bench(1_500_000);
  await uploads.send(of);
  of.url = null;
  await uploads.send(of);
  assert.equal(server.patched, 1_500_000);
});

test("a server that never moves is left alone after a few questions", async () => {
  const { server, uploads, of } = await bench(1_500_000);
  server.fault = (asked, go) =>
    isPatch(asked)
      ? problem(409, "wrong_offset", { "Tus-Resumable": "1.0.0", "Upload-Offset": "0" })
      : go();
  await assert.rejects(uploads.send(of), { kind: "refused", status: 409 });
  assert.ok(server.asked.length < 16);
});

const PORTALS = {
  "a log-in page": () => new Response("<html>", { status: 200 }),
  "204 without the marks of tus": () => new Response(null, { status: 204 }),
  "a redirect": () =>
    new Response(null, { status: 302, headers: { Location: "http://portal.test" } }),
  "404 without the marks of tus": () => new Response("", { status: 404 }),
  511: () => new Response("", { status: 511 }),
};
for (const [name, answer] of Object.entries(PORTALS)) {
  test(`no photo counts as sent for ${name}`, async () => {
    for (const method of ["POST", "HEAD", "PATCH"]) {
      const { server, uploads, of } = await bench(1_200_000);
      server.fault = (asked, go) => (isPatch(asked) ? Promise.reject(new TypeError("cut")) : go());
      if (method !== "POST") await assert.rejects(uploads.send(of));
      server.fault = (asked, go) => (asked.method === method ? answer() : go());
      await assert.rejects(uploads.send(of), { kind: "portal" });
      assert.equal(of.url === null, method === "POST");
      server.fault = null;
      await uploads.send(of);
      assert.equal(server.blobs.size, 1);
    }
  });
}

test("an address on another host is never followed with our token", async () => {
  const { server, uploads, of } = await bench(1_200_000);
  server.fault = async (asked, go) => {
    if (asked.method !== "POST") return go();
    await go();
    const headers = {
      "Tus-Resumable": "1.0.0",
      Location: "https://portal.test/steal",
      "Upload-Offset": "0",
    };
    return new Response(null, { status: 201, headers });
  };
  await assert.rejects(uploads.send(of), { kind: "portal" });
  assert.equal(server.asked.length, 1);
});

test("previews go before originals, and a photo is received only when every byte is there", async () => {
  const { outbox, server } = await createPhone();
  const pictures = [
    photo({ size: 30_000, preview: 3_000 }),
    photo({ size: 40_000, preview: 4_000 }),
    photo({ size: 50_000 }),
  ];
  for (const { item, attachments } of pictures) await outbox.add(item, attachments);
  server.fault = (asked, go) => {
    const upload = server.uploads.get(asked.path);
    return isPatch(asked) && upload?.size === 40_000 ? problem(500, "unexpected") : go();
  };
  await outbox.flush();
  const roles = [...server.uploads.values()].map(({ role, size }) => [role, size]);
  assert.deepEqual(roles, [
    ["preview", 3_000],
    ["preview", 4_000],
    ["original", 30_000],
    ["original", 40_000],
    ["original", 50_000],
  ]);
  const found = await states(outbox);
  assert.deepEqual(
    pictures.map(({ id }) => found[id]),
    ["received", "waiting", "received"],
  );
  const { bytesSent, bytesWaiting, photosUnsent } = await outbox.summary();
  assert.deepEqual([bytesSent, bytesWaiting, photosUnsent], [4_000, 40_000, 1]);
});

test("ten photos over a line that drops every few requests all arrive, one chunk re-sent per cut", async () => {
  const { outbox, server, clock } = await createPhone();
  const one = visit();
  await outbox.add(one);
  const pictures = Array.from({ length: 10 }, (_each, n) =>
    photo({ of: one, size: 1_300_000 + n, preview: 9_000 + n }),
  );
  for (const { item, attachments } of pictures) await outbox.add(item, attachments);
  let asked = 0;
  let cuts = 0;
  server.fault = async (_one, go) => {
    if ((asked += 1) % 5) return go();
    cuts += 1;
    if (cuts % 2) await go();
    throw new TypeError("cut");
  };
  for (let n = 0; n < 200 && (await outbox.summary()).received < 11; n += 1) {
    await outbox.flush();
    clock.pass(1_000);
  }
  assert.equal((await outbox.summary()).received, 11);
  assert.equal(server.blobs.size, 20);
  const offered = server.asked.filter(isPatch).reduce((sum, { body }) => sum + body.byteLength, 0);
  const total = pictures
    .flatMap(({ attachments }) => attachments)
    .reduce((sum, each) => sum + each.bytes.byteLength, 0);
  assert.ok(offered <= total + cuts * CHUNK, `${offered} of ${total} in ${cuts} cuts`);
});

test("killed in the middle of a photo, the next start goes on where the server is", async () => {
  const clock = handClock();
  const server = createServer(clock);
  const phone = await createPhone({ clock, server });
  const { id, item, attachments } = photo({ size: 3_400_000 });
  await phone.outbox.add(item, attachments);
  let n = 0;
  server.fault = async (asked, go) => {
    if (isPatch(asked) && (n += 1) === 3) {
      phone.outbox.stop(); // the system takes the tab away
      throw new TypeError("killed");
    }
    return go();
  };
  await phone.outbox.flush();
  assert.equal((await phone.outbox.get(id))?.bytesSent, 2 * CHUNK);
  const next = await createPhone({ keep: true, clock, server, vault: await openVault(clock) });
  await next.outbox.flush();
  assert.equal((await next.outbox.get(id))?.state, "received");
  assert.equal(server.patched, 3_400_000);
});

test("progress is told in bytes, and never beyond the whole", async () => {
  const { outbox, events } = await createPhone();
  const { id, item, attachments } = photo({ size: 2_500_000, preview: 50_000 });
  const told = [];
  events.addEventListener("progress", (event) => told.push(/** @type {any} */ (event).detail));
  await outbox.add(item, attachments);
  await outbox.flush();
  assert.ok(
    told.every(
      (one) => one.id === id && one.bytesTotal === 2_550_000 && one.bytesSent <= one.bytesTotal,
    ),
  );
  assert.equal(told.at(-1).bytesSent, 2_550_000);
  assert.deepEqual(
    told.map(({ bytesSent }) => bytesSent),
    told.map(({ bytesSent }) => bytesSent).sort((a, b) => a - b),
  );
});

test("a file the server calls no picture is parked with its reason, and the next one goes", async () => {
  const { outbox, server } = await createPhone();
  const [bad, good] = [photo({ size: 20_000 }), photo({ size: 30_000 })];
  for (const { item, attachments } of [bad, good]) await outbox.add(item, attachments);
  server.fault = async (asked, go) => {
    if (server.uploads.get(asked.path)?.attachment !== bad.id || !isPatch(asked)) return go();
    return problem(422, "not_an_image", { "Tus-Resumable": "1.0.0" });
  };
  await outbox.flush();
  const entry = await outbox.get(bad.id);
  assert.deepEqual([entry?.state, entry?.code], ["fixing", "not_an_image"]);
  assert.equal((await outbox.get(good.id))?.state, "received");
});

test("bytes this phone has lost are parked as such; the photos beside it go", async () => {
  const { outbox, vault } = await createPhone();
  const [bad, good] = [photo({ size: 2_200_000 }), photo({ size: 30_000 })];
  for (const { item, attachments } of [bad, good]) await outbox.add(item, attachments);
  await withDb((db) => db.delete("chunks", [vault.account.id, bad.id, 1]));
  await outbox.flush();
  assert.deepEqual(
    [(await outbox.get(bad.id))?.state, (await outbox.get(bad.id))?.code],
    ["fixing", "not_kept"],
  );
  assert.equal((await outbox.get(good.id))?.state, "received");
  assert.equal(await outbox.attachment(bad.id, "original"), null);
});

test("garbled on the way as a whole, a photo is brought again, and called broken the third time", async () => {
  const { outbox, server, clock } = await createPhone();
  const { id, item, attachments } = photo({ size: 20_000 });
  await outbox.add(item, attachments);
  let times = 0;
  server.fault = async (asked, go) => {
    if (!isPatch(asked)) return go();
    times += 1;
    server.uploads.delete(asked.path);
    return problem(422, "sha256_mismatch", { "Tus-Resumable": "1.0.0" });
  };
  for (let n = 0; n < 5; n += 1) {
    await outbox.flush();
    clock.pass(300_000);
  }
  assert.equal(times, 3);
  assert.deepEqual(
    [(await outbox.get(id))?.state, (await outbox.get(id))?.code],
    ["fixing", "sha256_mismatch"],
  );
  server.fault = null;
  await outbox.retry(id);
  await outbox.flush();
  assert.equal((await outbox.get(id))?.state, "received");
});

test("a receipt that still misses bytes we brought brings them again, not for ever at once", async () => {
  const { outbox, server, clock } = await createPhone();
  const { id, item, attachments } = photo({ size: 20_000 });
  await outbox.add(item, attachments);
  server.fault = async (asked, go) => {
    const answer = await go();
    server.blobs.clear(); // the server lost it between the last piece and the receipt
    if (isPatch(asked)) server.uploads.clear();
    return answer;
  };
  await outbox.flush();
  assert.equal((await outbox.get(id))?.state, "waiting");
  assert.ok(server.asked.length < 10, String(server.asked.length));
  server.fault = null;
  clock.pass(300_000);
  await outbox.flush();
  assert.equal((await outbox.get(id))?.state, "received");
});

test("two photos with the same bytes are two photos", async () => {
  const { outbox, server } = await createPhone();
  const [one, two] = [photo({ size: 20_000 }), photo({ size: 20_000 })];
  for (const { item, attachments } of [one, two]) await outbox.add(item, attachments);
  await outbox.flush();
  assert.equal((await outbox.summary()).received, 2);
  assert.equal(server.blobs.size, 2);
});

test("a photo on its way cannot be discarded from under the sender", async () => {
  const { outbox, server } = await createPhone();
  const { id, item, attachments } = photo({ size: 3_000_000 });
  await outbox.add(item, attachments);
  let seen = "";
  server.fault = async (asked, go) => {
    if (isPatch(asked) && !seen) {
      await outbox.discard(id, { reason: "ลงซ้ำ" }).catch((error) => (seen = error.code));
    }
    return go();
  };
  await outbox.flush();
  assert.equal(seen, "already_sent"); // its record strikes it out, once it is there
  assert.equal((await outbox.get(id))?.state, "received");
});
