// A check saved on this phone is done at once; what the office says afterwards has the last word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readDecimal, valuesOfFollowup } from "../../static/src/js/followups/read.js";
import { joinFollowup, joinFollowups, stillDue } from "../../static/src/js/phone/followup_book.js";
import { joinVisitToFollow } from "../../static/src/js/phone/visit_to_follow.js";

const DUE = {
  visit_id: "v1", centre_id: "c1", visit_date: "2024-01-10", due_on: "2024-02-10", step_months: 1, kind: "study",
  group_name: "โรงเรียน", leader_name: "สมศรี", phone: "0812345678", n_total: 42, topics: [], consent_followup: true,
};
const entry = (/** @type {object} */ facts = {}, /** @type {object} */ data = {}) => ({
  id: "f1", recordId: "f1", kind: "followup", op: "create", state: "waiting", createdAt: 1, subjectId: "v1",
  receipt: null, code: null, problems: [], current: null,
  item: { data: { visit_id: "v1", followed_on: "2024-02-13", used: "used", step_months: 1, ...data } },
  ...facts,
});

test("what was written here is no longer due, sent or not", () => {
  for (const state of ["waiting", "sending", "pending", "received"]) {
    assert.deepEqual(stillDue([DUE], [entry({ state })]), [], state);
  }
});

test("what the office refused, and what was struck out, is due again", () => {
  assert.deepEqual(stillDue([DUE], [entry({ state: "fixing" })]), [DUE]);
  const struck = entry({ id: "x", op: "delete", createdAt: 2, item: { data: { reason: "twice" } } });
  assert.deepEqual(stillDue([DUE], [entry({ state: "received" }), struck]), [DUE]);
});

test("the next check of a visit whose last one arrived is due", () => {
  const later = { ...DUE, due_on: "2024-04-10", step_months: 3 };
  assert.deepEqual(stillDue([later], [entry({ state: "received" })]), [later]);
  assert.deepEqual(stillDue([{ ...DUE, visit_id: "v2" }], [entry()]).length, 1);
});

test("an own correction counts more than what the office last told, unless that is newer", () => {
  const told = { id: "f1", visit_id: "v1", version: 1, followed_on: "2024-02-12", used: "starting", mine: true, deleted: false };
  const edit = entry({ id: "e", op: "edit", createdAt: 2 }, { used: "not_yet" });
  const received = entry({ state: "received", receipt: { version: 1 } });
  const mine = joinFollowup("f1", [received, edit], [told]);
  assert.deepEqual([mine?.used, mine?.state, mine?.version], ["not_yet", "waiting", 2]);
  const theirs = joinFollowup("f1", [received], [{ ...told, version: 3 }]);
  assert.deepEqual([theirs?.used, theirs?.data, theirs?.version], ["starting", null, 3]);
  assert.equal(joinFollowup("nowhere", [], []), null);
});

test("follow-ups are listed newest day first", () => {
  const second = entry({ id: "f2", recordId: "f2" }, { followed_on: "2024-02-14" });
  assert.deepEqual(joinFollowups([entry(), second], []).map((one) => one.id), ["f2", "f1"]);
});

test("a visit to follow is found among what is due, what was written here and what is listed", () => {
  assert.deepEqual(joinVisitToFollow("v1", [], [], [DUE])?.phone, "0812345678");
  const written = {
    id: "v9", recordId: "v9", kind: "visit", op: "create", state: "waiting", createdAt: 1, subjectId: null, receipt: null,
    item: { data: { centre_id: "c1", visit_date: "2024-02-13", kind: "learn", n_male: 1, n_female: 1, consent_followup: false, phone: null } },
  };
  const own = joinVisitToFollow("v9", [written], [], []);
  assert.deepEqual([own?.nTotal, own?.consent, own?.phone], [2, false, null]);
  const listed = { id: "v5", centre_id: "c1", version: 1, visit_date: "2024-01-01", kind: "learn", group_name: null, n_total: 3, mine: false, photos: 0, deleted: false };
  assert.equal(joinVisitToFollow("v5", [], [listed], [])?.consent, null);
  assert.equal(joinVisitToFollow("v5", [], [{ ...listed, deleted: true }], []), null);
  assert.equal(joinVisitToFollow("nowhere", [], [], []), null);
});

test("decimals are read as people type them", () => {
  for (const [typed, number] of [["2.5", 2.5], ["๒.๕", 2.5], ["1,250.50", 1250.5], [".5", 0.5], ["−1", -1], ["1e9", null], ["two", null], ["1.2.3", null]]) {
    assert.equal(readDecimal(String(typed)), number, String(typed));
  }
});

test("a record goes back into the boxes it came from", () => {
  const values = valuesOfFollowup({ followed_on: "2024-02-13", next_due_on: null, topics: ["water"], plot_rai: null, n_used: 4 });
  assert.deepEqual(values["followed_on-year"], ["2567"]);
  assert.deepEqual(values["next_due_on-day"], [""]);
  assert.deepEqual([values.topics, values.plot_rai, values.n_used], [["water"], [""], ["4"]]);
});
