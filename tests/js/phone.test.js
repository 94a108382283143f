// @ts-check
/** What the shell promises apart from any page: addresses, words, the line of state, the book. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { itemInPlace, joinBook, joinVisit } from "../../static/src/js/phone/book.js";
import { differing } from "../../static/src/js/phone/conflict.js";
import { settling } from "../../static/src/js/phone/listen.js";
import { photoStates } from "../../static/src/js/phone/photo_states.js";
import { findScreen } from "../../static/src/js/phone/router.js";
import { sayState } from "../../static/src/js/phone/state.js";
import { daysBetween, thaiDay, thaiMoment } from "../../static/src/js/phone/thai_day.js";
import { createWords } from "../../static/src/js/phone/words.js";
import { clockTime, valuesOfVisit } from "../../static/src/js/visits/read.js";

const ID = "01a20508-2ff9-734e-af16-1c5ba67ef718";
/** @type {any[]} */
const SCREENS = [
  { name: "home", paths: ["/phone", "/"] },
  { name: "visit", paths: ["/phone/visits/:id", "/visits/:id"] },
  { name: "visit-form", paths: ["/phone/visits/new", "/phone/visits/:id/edit"] },
  { name: "centre", paths: ["/phone/centres/:id"] },
];
const at = (/** @type {string} */ path) => findScreen(SCREENS, new URL(path, "https://x.test"));

test("an address means the screen whose words fit best", () => {
  assert.equal(at("/phone")?.screen.name, "home");
  assert.equal(at("/phone/")?.screen.name, "home");
  assert.equal(at("/phone/visits/new")?.screen.name, "visit-form");
  assert.equal(at(`/visits/${ID}`)?.screen.name, "visit");
  assert.deepEqual(at(`/phone/visits/${ID}/edit?lang=en`)?.params, { lang: "en", id: ID });
});

test("an address nobody knows is none, also one that only looks like a record's", () => {
  for (const path of ["/phone/x", "/visits/page", "/phone/visits/%E0%A4%A", "/phone/visits"]) {
    assert.equal(at(path), null, path);
  }
});

test("words take facts, count, and never fail", () => {
  const words = createWords({ "n.one": "1 thing", "n.many": "%(num)s things", pct: "100%% of %(a)s" });
  assert.equal(words("n", { num: 1 }), "1 thing");
  assert.equal(words("n", { num: 0 }), "0 things");
  assert.equal(words("pct", { a: "it" }), "100% of it");
  assert.equal(words("pct"), "100% of …");
  assert.equal(words("unheard_of"), "unheard_of");
});

const QUIET = { waiting: 0, sending: 0, pending: 0, fixing: 0, received: 0, photosUnsent: 0, bytesWaiting: 0, bytesSent: 0, oldest: null };
/** @param {object} summary @param {object} [more] */
const said = (summary, more = {}) =>
  sayState({ summary: { ...QUIET, ...summary }, asleep: 0, line: "ok", signInNeeded: false, burst: 0, ...more });

test("the line of state says the most urgent thing", () => {
  assert.equal(said({}).key, "state.ready");
  assert.equal(said({ received: 3 }).key, "state.all_received");
  assert.equal(said({ received: 3, waiting: 2 }).key, "state.waiting");
  assert.equal(said({ waiting: 2, fixing: 1 }).key, "state.fixing");
  assert.equal(said({ waiting: 2, fixing: 1 }, { signInNeeded: true }).key, "state.sign_in");
});

test("nothing that waits is called sent, and without a signal it is said that it is kept", () => {
  const offline = said({ waiting: 3, received: 9 }, { line: "offline" });
  assert.deepEqual([offline.key, offline.facts, offline.more], ["state.waiting", { num: 3 }, "state.no_signal"]);
  assert.equal(said({ sending: 1 }, { line: "offline" }).key, "state.waiting");
});

test("sending counts from where it began", () => {
  assert.deepEqual(said({ waiting: 3, sending: 1 }, { burst: 5 }).facts, { n: 2, total: 5 });
  assert.deepEqual(said({ sending: 1 }, { burst: 5 }).facts, { n: 5, total: 5 });
});

test("after a sign-out the phone says that entries sleep here", () => {
  const asleep = sayState({ summary: null, asleep: 4, line: "ok", signInNeeded: false, burst: 0 });
  assert.deepEqual([asleep.key, asleep.facts], ["state.asleep", { num: 4 }]);
});

/** @param {object} [more] @returns {any} */
function entry(more = {}) {
  const data = { centre_id: "c", visit_date: "2024-02-13", kind: "study", group_name: "A", n_male: 2, n_female: 1, n_other: 0 };
  return {
    id: "e1", recordId: "v1", kind: "visit", op: "create", state: "waiting", item: { base_version: null, data },
    current: null, receipt: null, createdAt: 1, subjectId: "c", maybeSent: false, ...more,
  };
}
/** @param {object} [more] @returns {any} */
const told = (more = {}) => ({
  id: "v1", centre_id: "c", version: 1, visit_date: "2024-02-13", kind: "study", group_name: "A", n_total: 3, mine: true,
  photos: 0, deleted: false, ...more,
});

test("a visit is in the book from the moment it is saved, and once only", () => {
  assert.deepEqual(joinBook([entry()], []).map((one) => [one.id, one.state, one.nTotal]), [["v1", "waiting", 3]]);
  const both = joinBook([entry({ state: "received", receipt: { version: 1 } })], [told()]);
  assert.deepEqual(both.map((one) => [one.id, one.state]), [["v1", "received"]]);
});

test("what waits stands before what was received, then the newest day", () => {
  const book = joinBook(
    [entry({ recordId: "v2" })],
    [told({ id: "v3", visit_date: "2024-02-14" }), told({ id: "v4", visit_date: "2024-02-15" })],
  );
  assert.deepEqual(book.map((one) => one.id), ["v2", "v4", "v3"]);
});

test("a correction that waits is what the book shows, with the version it will have", () => {
  const sent = entry({ state: "received", receipt: { version: 1 } });
  const edit = entry({ id: "e2", op: "edit", createdAt: 2, item: { base_version: 1, data: { ...sent.item.data, n_male: 9 } } });
  const visit = joinVisit("v1", [edit, sent], [told()]);
  assert.deepEqual([visit?.nTotal, visit?.state, visit?.version, visit?.open?.id], [10, "waiting", 2, "e2"]);
});

test("what the office corrected since is not corrected here from old boxes", () => {
  const visit = joinVisit("v1", [entry({ state: "received", receipt: { version: 1 } })], [told({ version: 2, n_total: 30 })]);
  assert.deepEqual([visit?.nTotal, visit?.data, visit?.version], [30, null, 2]);
});

test("an entry of which only its striking out is left is no visit any more", () => {
  assert.equal(joinVisit("v1", [entry({ op: "delete", item: { data: { reason: "x" } } })], []), null);
});

test("a correction of what met another version goes on top of it", () => {
  const met = entry({ state: "fixing", code: "conflict", current: { version: 4, data: {} } });
  assert.deepEqual(itemInPlace(met, { a: 1 }), { kind: "visit", op: "edit", id: "v1", base_version: 4, data: { a: 1 } });
  assert.equal(itemInPlace(entry(), { a: 1 }).op, "create");
});

test("two versions are compared by what was answered, not by who wrote when", () => {
  const mine = { id: "v1", captured_at: "a", n_male: 1, topics: [], trainer: null, kind: "study" };
  const theirs = { id: "v1", captured_at: "b", n_male: 2, trainer: "", kind: "study" };
  assert.deepEqual(differing(mine, theirs), ["n_male"]);
});

test("photos are counted in bytes, those received in full", () => {
  const photos = [
    entry({ kind: "photo", state: "received", bytesTotal: 10, bytesSent: 0 }),
    entry({ kind: "photo", state: "sending", bytesTotal: 20, bytesSent: 5 }),
  ];
  assert.deepEqual(photoStates(photos), { total: 2, received: 1, fixing: 0, bytesTotal: 30, bytesSent: 15 });
});

test("days and times read as the server writes them", () => {
  assert.equal(thaiDay("2024-02-13", "th"), "13\u00a0ก.พ.\u00a02567");
  assert.equal(thaiDay("2024-02-13", "th", "long"), "13\u00a0กุมภาพันธ์\u00a02567");
  assert.equal(thaiDay("2024-09-01", "en"), "1\u00a0Sep\u00a02567\u00a0BE");
  assert.equal(thaiMoment(Date.parse("2024-02-13T01:30:00Z"), "th"), "13\u00a0ก.พ.\u00a02567 08.30\u00a0น.");
  assert.equal(thaiMoment(Date.parse("2023-12-31T17:30:00Z"), "en"), "1\u00a0Jan\u00a02567\u00a0BE, 00:30");
  assert.equal(daysBetween("2024-03-01", "2024-02-28"), 2);
});

test("times of day are read as people write them", () => {
  for (const [typed, read] of [["8.30", "08:30"], ["๐๘.๓๐ น.", "08:30"], ["8:30", "08:30"], ["25.61", "25:61"], ["noon", "noon"], [" ", null]]) {
    assert.equal(clockTime(String(typed)), read, String(typed));
  }
});

test("a record's answers go back into the boxes they came from", () => {
  const values = valuesOfVisit({ visit_date: "2024-02-13", n_male: 3, topics: ["soil"], consent_photo: true, trainer: null });
  assert.deepEqual(values["visit_date-year"], ["2567"]);
  assert.deepEqual([values.n_male, values.topics, values.consent_photo, values.trainer], [["3"], ["soil"], ["y"], [""]]);
});

test("calls made while one runs become one call after it", async () => {
  let ran = 0;
  /** @type {(() => void)[]} */
  const gates = [];
  const run = settling(() => new Promise((done) => { ran += 1; gates.push(done); }));
  const all = [run(), run(), run()];
  gates[0]();
  await Promise.resolve();
  await Promise.resolve();
  gates[1]();
  await Promise.all(all);
  assert.equal(ran, 2);
});
