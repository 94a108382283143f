// @ts-check
/** What counts as an answer, and what a phone keeps of the server's side of things. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  CENTRE,
  createPhone,
  dump,
  followup,
  photo,
  states,
  stopAll,
  visit,
} from "./bench/phone.js";
import { handClock } from "./bench/clock.js";
import { json, problem } from "./bench/server.js";
import { createApi } from "../../static/src/js/sync/api.js";
import { createPull } from "../../static/src/js/sync/pull.js";
import { browserLine } from "../../static/src/js/outbox/line.js";

afterEach(stopAll);
const html = (status, headers = {}) => new Response("<html>", { status, headers });

/** @param {(url: string, init: any) => any} answer */
const api = (answer, more = {}) =>
  createApi({
    token: "t",
    fetch: async (url, init) => answer(/** @type {any} */ (url), init),
    ...more,
  });

test("every trouble has one of six names", async () => {
  /** @type {[() => any, string, string][]} */
  const cases = [
    [() => Promise.reject(new TypeError("dns")), "offline", "no_answer"],
    [() => html(200), "portal", "not_ours"],
    [() => html(302, { Location: "http://portal" }), "portal", "not_ours"],
    [() => html(404), "portal", "not_ours"],
    [() => html(401), "portal", "not_ours"],
    [() => html(511), "portal", "not_ours"],
    [() => html(500), "server", "not_ours"],
    [() => html(502), "server", "status_502"],
    [() => html(503), "busy", "status_503"],
    [() => html(413), "refused", "status_413"],
    [() => problem(401, "device_revoked"), "auth", "device_revoked"],
    [() => problem(403, "account_disabled"), "auth", "account_disabled"],
    [() => problem(403, "role_without_phone"), "auth", "role_without_phone"],
    [() => problem(400, "bad_cursor"), "refused", "bad_cursor"],
    [() => problem(429, "too_many"), "busy", "too_many"],
    [() => problem(500, "unexpected"), "server", "unexpected"],
  ];
  for (const [answer, kind, code] of cases) {
    await assert.rejects(api(answer).changes(), (/** @type {any} */ error) => {
      assert.deepEqual([error.name, error.kind, error.code], ["ApiError", kind, code]);
      return true;
    });
  }
});

test("no cookie goes to the API, no answer comes out of a cache, no redirect is followed", async () => {
  const asked = [];
  const answer = (url, init) => {
    asked.push([url, init]);
    return json(200, {});
  };
  await api(answer).changes("a b");
  await api(answer).heartbeat(/** @type {any} */ ({}));
  for (const [, init] of asked) {
    assert.deepEqual([init.credentials, init.cache, init.redirect], ["omit", "no-store", "manual"]);
    assert.equal(init.headers.Authorization, "Bearer t");
  }
  assert.equal(asked[0][0], "/api/v1/changes?since=a%20b");
});

test("leaving brings its own header and the cookie, enrolling here brings the form's word", async () => {
  const asked = [];
  const answer = (url, init) => {
    asked.push([url, init]);
    return url.endsWith("leave")
      ? new Response(null, { status: 204, headers: { "Lakthan-Api": "1" } })
      : json(201, {});
  };
  assert.equal(await api(answer, { token: null }).leave(), null);
  await api(answer, { token: null }).enrolHere(/** @type {any} */ ({}), "csrf");
  assert.deepEqual(
    [asked[0][1].headers["Lakthan-Leave"], asked[0][1].credentials],
    ["1", "same-origin"],
  );
  assert.deepEqual(
    [asked[1][1].headers["X-CSRFToken"], asked[1][1].credentials],
    ["csrf", "same-origin"],
  );
});

test("a line that falls silent is given up, later for a larger load", async () => {
  const clock = handClock();
  const silent = (_url, { signal }) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))),
    );
  const asking = api(silent, { clock }).changes();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(clock.next, 30_000);
  clock.pass(30_000);
  await assert.rejects(asking, { kind: "offline", code: "timeout" });
  const large = api(silent, { clock }).records([visit({ suggestion: "x".repeat(400_000) })], "now");
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(Number(clock.next) > 100_000);
  clock.pass(1e9);
  await assert.rejects(large, { code: "timeout" });
});

const PROGRAMME = { name: "p", visit_kinds: [] };

async function pulling() {
  const phone = await createPhone();
  const given = { vault: phone.vault, api: phone.api };
  return { ...phone, ...createPull(given) };
}

test("each section replaces the phone's copy, and only those that came", async () => {
  const { pull, server, vault } = await pulling();
  server.sections = {
    programme: PROGRAMME,
    centres: [{ id: CENTRE, name: "สวนลุงคำ" }],
    rounds: [],
  };
  assert.deepEqual((await pull()).changed, ["programme", "centres", "rounds"]);
  server.sections = { centres: [] };
  await pull();
  assert.deepEqual(
    [await vault.pulled("centres"), await vault.pulled("programme")],
    [[], PROGRAMME],
  );
  assert.match(server.asked.at(-1)?.path ?? "", /since=cursor-1$/);
  assert.ok(!(await dump()).text.includes("ลุงคำ"));
});

test("a cursor the server refuses costs one full pull", async () => {
  const { pull, server, vault } = await pulling();
  server.sections = { rounds: [] };
  await vault.putPulled("cursor", "another phone's");
  await pull();
  assert.equal(server.count("/changes"), 2);
  assert.match(await vault.pulled("cursor"), /^cursor-/);
});

test("half an answer never replaces a whole copy", async () => {
  const { pull, server, vault } = await pulling();
  server.sections = {
    centres: [{ id: CENTRE }],
    records: { visits: [], followups: [], photos: [] },
  };
  await pull();
  const before = await vault.pulled("cursor");
  for (const sections of [
    { centres: null },
    { records: [] },
    { programme: {} },
    { due: {} },
    null,
  ]) {
    server.fault = () => json(200, { cursor: "next", sections, ...server.stamp() });
    await assert.rejects(pull(), { kind: "portal" });
  }
  server.fault = () => json(200, { sections: {} });
  await assert.rejects(pull(), { kind: "portal" });
  assert.deepEqual(
    [await vault.pulled("centres"), await vault.pulled("cursor")],
    [[{ id: CENTRE }], before],
  );
});

test("what the server struck out is forgotten here: words, pictures and drafts", async () => {
  const { pull, outbox, server, vault } = await pulling();
  const [gone, kept] = [visit({ leader_name: "นางคำปัน" }), visit()];
  const picture = photo({ of: gone, size: 3_000 });
  await outbox.add(gone);
  await outbox.add(kept);
  await outbox.add(picture.item, picture.attachments);
  await outbox.flush();
  const unsent = await outbox.add({ ...gone, op: "edit", base_version: 1 });
  await vault.putDraft(`visit-edit:${gone.id}`, { leader_name: "นางคำปัน" });
  await vault.putDraft("visit-new", {});
  server.sections = {
    records: { visits: [{ id: gone.id, version: 2, deleted: true }], followups: [], photos: [] },
  };
  await pull();
  assert.deepEqual(await states(outbox), { [kept.id]: "received", [unsent.id]: "waiting" });
  assert.deepEqual(
    (await vault.drafts()).map(({ name }) => name),
    ["visit-new"],
  );
  assert.deepEqual((await dump()).all.chunks, []);
});

test("a later version may have forgotten somebody, so the phone forgets the names too", async () => {
  const { pull, outbox, server } = await pulling();
  const one = visit({ leader_name: "นางคำปัน", phone: "0812345678" });
  await outbox.add(one);
  await outbox.flush();
  const told = (version) => ({
    records: { visits: [{ id: one.id, version, mine: true }], followups: [], photos: [] },
  });
  server.sections = told(1);
  await pull();
  assert.equal((await outbox.get(one.id))?.item?.data.leader_name, "นางคำปัน");
  server.sections = told(2);
  await pull();
  const { data } = /** @type {any} */ ((await outbox.get(one.id))?.item);
  assert.deepEqual([data.leader_name, data.phone, data.n_male], [null, null, 1]);
});

test("whom the server forgot, the phone forgets: entries of every kind, and drafts", async () => {
  const { pull, outbox, server, vault } = await pulling();
  const [one, other] = [
    visit({ leader_name: "นางคำปัน แก้วมูล", phone: "0812345678", suggestion: "อยากได้กล้า" }),
    visit({ leader_name: "ลุงหลวง", suggestion: "ดีมาก" }),
  ];
  one.data.group_name = "ครอบครัวคุณคำปัน";
  one.receipt_code = "ABCD2345EFGH";
  const check = followup(one.id, { reason: "ลูกป่วย", next_step: "โทรหาคำปัน", n_used: 2 });
  const picture = photo({ of: one, size: 300 });
  picture.item.data.caption = "คำปันห่มดิน";
  for (const item of [one, other, check]) await outbox.add(item);
  await outbox.add(picture.item, picture.attachments);
  await outbox.flush();
  await vault.putDraft(`visit-edit:${one.id}`, { leader_name: "นางคำปัน" });
  await vault.putDraft(`visit-edit:${other.id}`, {});
  const records = { visits: [], followups: [], photos: [], forgotten: [one.id] };
  server.sections = { records };
  await pull();

  const data = async (/** @type {string} */ id) => /** @type {any} */ ((await outbox.get(id))?.item);
  const { data: now, receipt_code: code } = await data(one.id);
  assert.deepEqual(
    [now.leader_name, now.phone, now.suggestion, code, now.n_male],
    [null, null, null, null, 1],
  );
  assert.equal(now.group_name, "ครอบครัวคุณ…");
  const asked = (await data(check.id)).data;
  assert.deepEqual([asked.reason, asked.next_step, asked.n_used], [null, null, 2]);
  assert.equal((await data(picture.item.id)).data.caption, null);
  assert.equal((await data(other.id)).data.leader_name, "ลุงหลวง");
  assert.deepEqual(
    (await vault.drafts()).map(({ name }) => name),
    [`visit-edit:${other.id}`],
  );
  assert.equal((await outbox.summary()).received, 4);
});

test("what is sent about somebody who was forgotten before is forgotten with the next pull", async () => {
  const { pull, outbox, server } = await pulling();
  const one = visit();
  await outbox.add(one);
  await outbox.flush();
  server.sections = { records: { visits: [], followups: [], photos: [], forgotten: [one.id] } };
  await pull();
  const check = followup(one.id, { reason: "ลูกป่วย" });
  await outbox.add(check);
  await pull();
  assert.equal((await outbox.get(check.id))?.item?.data.reason, "ลูกป่วย"); // not sent: it stays
  await outbox.flush();
  server.sections = {}; // nothing is new there
  await pull();
  assert.equal((await outbox.get(check.id))?.item?.data.reason, null);
});

test("a follow-up goes with the visit that was struck out", async () => {
  const { pull, outbox, server } = await pulling();
  const one = visit();
  await outbox.add(one);
  await outbox.add(followup(one.id));
  await outbox.flush();
  server.sections = {
    records: { visits: [{ id: one.id, deleted: true }], followups: [], photos: [] },
  };
  await pull();
  assert.deepEqual(await outbox.list(), []);
});

test("pulls asked for together are one", async () => {
  const { pull, server } = await pulling();
  await Promise.all([pull(), pull(), pull()]);
  assert.equal(server.count("/changes"), 1);
});

test("a line costs nothing only where the browser says so, or is no phone", () => {
  const cases = [
    [{}, true],
    [{ connection: { type: "wifi" } }, false],
    [{ connection: { type: "ethernet" } }, false],
    [{ connection: { type: "cellular" } }, true],
    [{ connection: { type: "unknown" } }, true],
    [{ connection: { type: "wifi", saveData: true } }, true],
    [{ connection: { effectiveType: "4g" } }, false],
  ];
  for (const [navigator, costly] of cases) {
    assert.equal(
      browserLine(/** @type {any} */ (navigator)).costly(),
      costly,
      JSON.stringify(navigator),
    );
  }
});
