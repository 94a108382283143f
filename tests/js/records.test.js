// @ts-check
/** Records of every kind on the phone: judged as on the server, joined with what the office told. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isSettled, joinRecord, joinRecords, sentBack } from "../../static/src/js/records/book.js";
import { boxNamed, placesOf, valuesOfRecord } from "../../static/src/js/records/read.js";
import { checkRecord } from "../../static/src/js/records/rules.js";

const load = (name) => JSON.parse(readFileSync(new URL(`../contract/${name}`, import.meta.url), "utf8"));
const { now, ordinary, cases } = load("records.json");
const { fields, programme } = load("record_kinds.json");

for (const { kind, name, data, problems, malformed } of cases) {
  test(`the phone agrees with the contract, ${kind}: ${name}`, () => {
    const found = checkRecord(kind, fields[kind], { ...ordinary[kind], ...data }, { now, programme });
    const wanted = malformed
      ? [[malformed[0], "malformed", { expected: malformed[1] }]]
      : problems;
    assert.deepEqual(found.map(({ field, code, facts }) => [field, code, facts]), wanted);
  });
}

const facts = { day: "held_on", called: "title", fields: fields.activity, labels: {}, writers: [] };
const entry = (more) => ({
  id: "e1", recordId: "a1", kind: "activity", op: "create", state: "waiting", problems: [], receipt: null,
  createdAt: 1, subjectId: "c1", item: { data: { ...ordinary.activity, id: "a1" } }, ...more,
});
const listed = (more) => ({
  kind: "activity", id: "a1", centre_id: "c1", district_code: "5606", day: "2024-02-13", called: "เอามื้อ", version: 1,
  mine: true, deleted: false, ...more,
});

test("what was written here is in the book at once, and counts more than what the office said before", () => {
  const record = joinRecord("activity", "a1", facts, [entry({})], []);
  assert.equal(record?.called, ordinary.activity.title);
  assert.equal(record?.state, "waiting");
  assert.equal(record?.version, 0);
  const told = joinRecord("activity", "a1", facts, [entry({ state: "received", receipt: { version: 1 } })], [listed({})]);
  assert.equal(told?.called, ordinary.activity.title);
  assert.equal(told?.version, 1);
});

test("what was corrected at the office since is the office's, and cannot be corrected here blindly", () => {
  const received = entry({ state: "received", receipt: { version: 1 } });
  const record = joinRecord("activity", "a1", facts, [received], [listed({ version: 2, called: "ที่แก้แล้ว" })]);
  assert.equal(record?.called, "ที่แก้แล้ว");
  assert.equal(record?.data, null);
});

test("of a kind what waits stands first, then the newest day; other kinds stay out", () => {
  const records = joinRecords("activity", facts, [entry({}), entry({ id: "p", kind: "post", recordId: "p" })], [
    listed({ id: "old", day: "2024-01-01" }),
    listed({ id: "new", day: "2024-02-20" }),
    listed({ id: "other", kind: "post" }),
  ]);
  assert.deepEqual(records.map((one) => one.id), ["a1", "new", "old"]);
  assert.deepEqual(records.map(isSettled), [false, true, true]);
});

test("struck out, thrown away or unreadable is told apart", () => {
  assert.equal(joinRecord("activity", "a1", facts, [], []), null);
  assert.equal(joinRecord("activity", "a1", facts, [entry({ item: null })], []), null);
  const gone = entry({ id: "e2", op: "delete", createdAt: 2, item: { data: { reason: "ซ้ำ" } } });
  assert.equal(joinRecord("activity", "a1", facts, [entry({}), gone], [])?.deleted, true);
});

test("rows find their boxes, whichever were taken away", () => {
  assert.deepEqual(placesOf(["members-4-name", "members-0-name", "members-4-phone", "note", "members-x-y"], "members"), [0, 4]);
  assert.equal(boxNamed("members-1-phone", { members: [0, 4] }), "members-4-phone");
  assert.equal(boxNamed("title", { members: [0, 4] }), "title");
});

test("a record goes back into its boxes as a person would have typed it", () => {
  const values = valuesOfRecord(ordinary.network_order, fields.network_order);
  assert.deepEqual(values["dated_on-year"], ["2567"]);
  assert.deepEqual(values["members-1-sector"], ["religious"]);
  assert.deepEqual(values["members-1-phone"], [""]);
  const scores = valuesOfRecord(ordinary.assessment, fields.assessment);
  assert.deepEqual(scores["scores-3-points"], ["4"]);
  assert.deepEqual(scores["scores-3-evidence"], []);
});

test("what was sent back can be mended here, though it was written elsewhere", () => {
  const data = { ...ordinary.activity, id: "a1" };
  const rounds = [{ sent: [{ items: [{ kind: "activity", id: "a1", version: 3, data }, { kind: "visit", id: "v", version: 1, data: null }] }] }, {}];
  const told = [...sentBack({ activity: facts }, rounds), listed({ version: 2 })];
  const record = joinRecord("activity", "a1", facts, [], told);
  assert.deepEqual([record?.data?.id, record?.version, record?.deleted], ["a1", 3, false]);
  const mended = entry({ op: "edit", item: { base_version: 3, data: { ...data, title: "แก้แล้ว" } } });
  assert.equal(joinRecord("activity", "a1", facts, [{ ...mended, state: "received", receipt: { version: 4 } }], told)?.data?.title, "แก้แล้ว");
});
