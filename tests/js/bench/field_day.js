// @ts-check
/** A day in the field against a real server: started by tests/contract/test_phone_core.py with the
 *  server's address, a login, a password, the centre and two pictures; tells what became of it. */
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { createApi } from "../../../static/src/js/sync/api.js";
import { createPull } from "../../../static/src/js/sync/pull.js";
import { createUploads } from "../../../static/src/js/sync/tus.js";
import { createOutbox } from "../../../static/src/js/outbox/outbox.js";
import { newId } from "../../../static/src/js/shared/ids.js";
import { isoWithOffset } from "../../../static/src/js/shared/clock.js";
import { checkVisit } from "../../../static/src/js/visits/rules.js";
import {
  installId,
  newSigningKeys,
  openVault,
  signInHere,
  signOutHere,
} from "../../../static/src/js/vault/vault.js";

const [base, login, password, centre, ...pictures] = process.argv.slice(2);
const now = Date.parse("2024-02-13T03:00:00Z");

async function signIn() {
  const { keyPair, publicKey } = await newSigningKeys();
  const install_id = await installId();
  const who = {
    install_id,
    label: "node",
    app_version: "0.2.0",
    public_key: publicKey,
    login,
    password,
  };
  await signInHere(await createApi({ base }).enrol(who), keyPair, install_id);
  const vault = await openVault();
  if (!vault) throw new Error("nobody is signed in");
  const given = { base, token: vault.token };
  const parts = { vault, api: createApi(given), uploads: createUploads(given) };
  return { ...parts, outbox: createOutbox({ ...parts, locks: null, appVersion: "0.2.0" }) };
}

const circumstances = {
  captured_at: isoWithOffset(now, 420),
  ...{ device_id: null, clock_skew_s: null, programme_version: "khok_nong_na_2567.1" },
  position: { lat: 19.15, lon: 100.27, accuracy_m: 12.5, fix_age_s: 0.4, source: "device" },
};

/** @param {Record<string, any>} [more] */
function visit(more = {}) {
  const id = newId();
  const empty = [
    "time_in",
    "time_out",
    "sector",
    "origin_subdistrict_code",
    "origin_text",
    "trainer",
    "satisfaction",
    "suggestion",
  ];
  const data = {
    ...{
      id,
      centre_id: centre,
      visit_date: "2024-02-13",
      kind: "study",
      group_name: "โรงเรียนบ้านควร 👍🏽",
    },
    ...Object.fromEntries(empty.map((name) => [name, null])),
    ...{
      n_male: 20,
      n_female: 22,
      n_other: 0,
      n_child: 40,
      topics: ["water"],
      consent_followup: true,
      consent_photo: false,
    },
    ...{ leader_name: "ครูสมศรี", phone: "0812345678" },
    ...circumstances,
    ...more,
  };
  return { kind: /** @type {const} */ ("visit"), op: /** @type {const} */ ("create"), id, data };
}

let phone = await signIn();
const one = visit();
const two = visit({ leader_name: null, phone: null, consent_followup: false });
const check = {
  ...{ kind: /** @type {const} */ ("followup"), op: /** @type {const} */ ("create"), id: newId() },
  data: /** @type {Record<string, any>} */ ({
    ...{
      visit_id: one.id,
      followed_on: "2024-02-13",
      method: "phone",
      used: "used",
      n_followed: 10,
      n_used: 4,
    },
    ...{
      step_months: 1,
      topics: ["water"],
      outcomes: [],
      plot_rai: 2.25,
      reason: null,
      next_step: null,
      next_due_on: null,
    },
    ...{ baht_saved_month: 1200, baht_earned_month: null, passed_on_to: null, ...circumstances },
  }),
};
check.data.id = check.id;
await phone.outbox.add(check); // before its visit
for (const item of [one, two]) await phone.outbox.add(item);
await phone.outbox.flush();
await signOutHere(); // somebody else's turn
phone.outbox.stop();
phone = await signIn();

/** @param {string} path @param {string | null} preview */
async function photo(path, preview) {
  const id = newId();
  const load = (/** @type {string} */ from) => new Uint8Array(readFileSync(from)).buffer;
  const facts = {
    id,
    subject_kind: "visit",
    subject_id: one.id,
    caption: "แปลงผัก",
    source: "camera",
    file_name: null,
  };
  const attachments = [
    { id, role: /** @type {const} */ ("original"), type: "image/jpeg", bytes: load(path) },
  ];
  const small = preview && [
    {
      id: newId(),
      role: /** @type {const} */ ("preview"),
      type: "image/jpeg",
      bytes: load(preview),
    },
  ];
  await phone.outbox.add(
    { kind: "photo", op: "create", id, data: { ...facts, ...circumstances } },
    [...attachments, ...(small || [])],
  );
  return id;
}

const picture = await photo(pictures[0], pictures[1]);
await phone.outbox.add({ ...one, op: "edit", data: { ...one.data, n_male: 21 } });
await phone.outbox.add({ kind: "visit", op: "delete", id: two.id, data: { reason: "ลงซ้ำ" } });
await phone.outbox.add({
  kind: "contact_seen",
  op: "create",
  id: newId(),
  data: { visit_id: one.id, seen_at: isoWithOffset(now, 420) },
});
await phone.outbox.flush();
await phone.outbox.add({
  kind: "photo",
  op: "edit",
  id: picture,
  data: { caption: "แปลงผักหลังฝน" },
});
const stale = await phone.outbox.add({
  ...one,
  op: "edit",
  base_version: 1,
  data: { ...one.data, n_male: 30 },
});
await phone.outbox.flush();
const conflict = await phone.outbox.get(stale.id);
await phone.outbox.replace(stale.id, { ...one, op: "edit", data: { ...one.data, n_male: 31 } });
await phone.outbox.flush();

const pull = createPull(phone);
const { changed } = await pull.pull();
const programme = await phone.vault.pulled("programme");
const again = await pull.pull();
const late = visit({ group_name: "ส่งด้วยไฟล์กู้ข้อมูล" });
await phone.outbox.add(late);
const rescued = await phone.api.rescue(await phone.outbox.rescue());
await phone.outbox.flush();

const entries = await phone.outbox.list();
process.stdout.write(
  JSON.stringify({
    entries: entries.map(({ kind, op, state, code, problems, verified, receipt }) => ({
      kind,
      op,
      state,
      code,
      problems,
      verified,
      status: receipt?.status,
    })),
    ...{
      conflict: [conflict?.state, conflict?.code, conflict?.current?.version],
      changed,
      again: again.changed,
    },
    rescued: rescued.items.map(({ status }) => status),
    judged: checkVisit(late.data, { now, programme }),
    ids: { one: one.id, two: two.id, picture },
  }),
);
