// @ts-check
/** What a phone may no longer see leaves it at the next sync; what it has not sent stays. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { CENTRE, createPhone, followup, photo, stopAll, visit } from "./bench/phone.js";
import { newId } from "../../static/src/js/shared/ids.js";
import { createPull } from "../../static/src/js/sync/pull.js";

afterEach(stopAll);
const OTHER = newId();
const RECORDS = { visits: [], followups: [], photos: [], entries: [] };
const account = (/** @type {string} */ centre_id) => ({ id: "a", role: "volunteer", centre_id });

/** A phone that has sent a visit with a photo, and holds a later one that was not sent. */
async function atWork() {
  const phone = await createPhone();
  const pull = createPull({ vault: phone.vault, api: phone.api }).pull;
  phone.server.sections = {
    account: account(CENTRE),
    centres: [{ id: CENTRE }],
    due: [{ visit_id: newId(), centre_id: CENTRE, leader_name: "ลุงหลวง", phone: "0812345678" }],
    records: RECORDS,
  };
  await pull();
  const sent = visit({ leader_name: "นางคำปัน" });
  await phone.outbox.add(sent);
  const picture = photo({ subject_id: sent.id });
  await phone.outbox.add(picture.item, picture.attachments);
  await phone.outbox.flush();
  await phone.vault.putDraft(`visit-edit-${sent.id}`, { leader_name: "นางคำปัน" });
  await phone.vault.putDraft("visit-new", { group_name: "ยังเขียนไม่เสร็จ" });
  const unsent = visit({ leader_name: "ยายแก้ว" });
  await phone.outbox.add(unsent);
  return { ...phone, pull, sent, unsent };
}

test("another centre: received entries, contacts and corrections go; the unsent and its draft stay", async () => {
  const { outbox, vault, server, pull, sent, unsent } = await atWork();
  server.sections = {
    account: account(OTHER), centres: [{ id: OTHER }], due: [], records: RECORDS,
  };
  const { left } = await pull();
  assert.ok(left >= 2); // the visit and its photo
  assert.equal(await outbox.get(sent.id), null);
  assert.equal((await outbox.get(unsent.id))?.item?.data.leader_name, "ยายแก้ว");
  assert.deepEqual(await vault.pulled("due"), []);
  assert.equal(await vault.draft(`visit-edit-${sent.id}`), undefined);
  assert.deepEqual(await vault.draft("visit-new"), { group_name: "ยังเขียนไม่เสร็จ" });
});

test("a centre that is gone takes its entries along; those of the others stay", async () => {
  const { outbox, server, pull, sent } = await atWork();
  const other = visit({ centre_id: OTHER });
  await outbox.add(other);
  server.sections = { centres: [{ id: CENTRE }, { id: OTHER }] };
  assert.equal((await pull()).left, 0);
  await outbox.flush();
  server.sections = { centres: [{ id: OTHER }] };
  assert.ok((await pull()).left >= 2);
  assert.equal(await outbox.get(sent.id), null);
  assert.equal((await outbox.get(other.id))?.state, "received");
});

test("a changed name or counts of a centre leave everything where it is", async () => {
  const { outbox, server, pull, sent } = await atWork();
  server.sections = { centres: [{ id: CENTRE, visits: 7 }] };
  assert.equal((await pull()).left, 0);
  server.sections = { account: { ...account(CENTRE), name: "ชื่อใหม่" } };
  assert.equal((await pull()).left, 0);
  assert.ok(await outbox.get(sent.id));
});

test("what the server still tells of stays, with what belongs to it", async () => {
  const { outbox, server, pull, sent } = await atWork();
  const check = followup(sent.id);
  await outbox.add(check);
  await outbox.flush();
  const moved = { account: account(OTHER), centres: [{ id: OTHER }] };
  server.sections = { ...moved, records: { ...RECORDS, visits: [{ id: sent.id, version: 1 }] } };
  await pull();
  assert.equal((await outbox.get(check.id))?.state, "received");
  server.sections = { ...moved, records: RECORDS };
  await pull();
  assert.deepEqual([await outbox.get(sent.id), await outbox.get(check.id)], [null, null]);
});

for (const code of ["account_disabled", "role_without_phone"]) {
  test(`${code}: everything that waits goes on waiting`, async () => {
    const { outbox, server, told } = await atWork();
    server.fault = () =>
      new Response(JSON.stringify({ code }), {
        status: 403,
        headers: { "Content-Type": "application/problem+json", "Lakthan-Api": "1" },
      });
    await outbox.flush();
    assert.equal((await outbox.summary()).waiting, 1);
    assert.ok(told.some((one) => one.name === "signin-needed" && one.detail.code === code));
  });
}
