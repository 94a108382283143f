// @ts-check
/** What the phone's storage promises: sealed, whole, several people apart, nothing lost in a move. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import {
  ACCOUNTS,
  cookieJar,
  createPhone,
  dump,
  emptyStorage,
  enrolAnswer,
  photo,
  signIn,
  stopAll,
  visit,
} from "./bench/phone.js";
import { handClock } from "./bench/clock.js";
import { createServer } from "./bench/server.js";
import { fromBase64url, utf8 } from "../../static/src/js/shared/bytes.js";
import { importLocker, newSigningKeys, seal, unseal } from "../../static/src/js/vault/crypto.js";
import { closeDb, dbEvents, openDatabase, withDb } from "../../static/src/js/vault/db.js";
import { mark } from "../../static/src/js/vault/marker.js";
import { STEPS } from "../../static/src/js/vault/schema.js";
import * as vaults from "../../static/src/js/vault/vault.js";

const {
  acknowledgeWiped,
  checkWiped,
  installId,
  knownAccounts,
  meta,
  newInstallId,
  openVault,
  setMeta,
  signInHere,
  signOutHere,
} = vaults;

afterEach(stopAll);

test("a seal opens only with its key, in its place, untouched", async () => {
  const locker = await importLocker("A".repeat(43));
  const other = await importLocker("B".repeat(43));
  const sealed = await seal(locker, utf8("ครูสมศรี"), "item:a:1");
  assert.equal(Buffer.from(await unseal(locker, sealed, "item:a:1")).toString(), "ครูสมศรี");
  await assert.rejects(unseal(other, sealed, "item:a:1"));
  await assert.rejects(unseal(locker, sealed, "item:a:2"));
  new Uint8Array(sealed.data)[0] ^= 1;
  await assert.rejects(unseal(locker, sealed, "item:a:1"));
});

test("neither key can be read out of the phone", async () => {
  const { vault } = await createPhone();
  const { all } = await dump();
  const [row] = all.accounts;
  for (const key of [row.locker, row.signing.privateKey]) {
    assert.equal(key.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("jwk", key));
  }
  assert.equal(vault.account.name, ACCOUNTS.a.name);
});

test("a signature checks with the public key that was enrolled", async () => {
  emptyStorage();
  const { keyPair, publicKey } = await newSigningKeys();
  const install = await installId();
  await signInHere(enrolAnswer("a", install, createServer(), Date.now()), keyPair, install);
  const signature = fromBase64url(
    /** @type {string} */ (await (await openVault())?.sign("lakthan")),
  );
  const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", fromBase64url(publicKey), ecdsa, true, [
    "verify",
  ]);
  assert.equal(signature.length, 64);
  assert.ok(await crypto.subtle.verify(ecdsa, key, signature, utf8("lakthan")));
});

test("after signing out nothing readable stays, and what waited opens after signing in again", async () => {
  const { outbox, vault, server, clock } = await createPhone();
  const first = visit({ leader_name: "นางคำปัน แก้วมูล", phone: "0812345678" });
  await outbox.add(first);
  await vault.putDraft("visit-new", { group_name: "โรงเรียนบ้านควร" });
  await vault.putPulled("due", [{ leader_name: "ลุงหลวง" }]);
  outbox.stop();
  await signOutHere();

  await setMeta("proof", utf8("ที่อ่านออก").buffer);
  const { all, text } = await dump();
  assert.ok(text.includes(Buffer.from("อ่านออก").toString("latin1"))); // this would find a name
  const words = ["คำปัน", "0812345678", "บ้านควร", "ลุงหลวง", "สมชาย", "token-a", "แปลง"];
  for (const word of words)
    assert.ok(!text.includes(word) && !text.includes(Buffer.from(word).toString("latin1")), word);
  assert.ok(!text.includes("key secret") && !text.includes("key private"));
  assert.deepEqual(Object.keys(all.accounts[0]).sort(), [
    "account_id",
    "device_id",
    "install_id",
    "key_id",
    "signing",
  ]);
  assert.equal(await openVault(), null);
  await assert.rejects(vault.draft("visit-new"), { code: "signed_out" });
  await assert.rejects(vault.seal("x", "y"), { code: "signed_out" });
  assert.equal((await knownAccounts())[0].unsent, 1);

  const back = await createPhone({ keep: true, server, clock });
  assert.equal((await back.outbox.get(first.id))?.item?.data.leader_name, "นางคำปัน แก้วมูล");
  assert.deepEqual(await back.vault.draft("visit-new"), { group_name: "โรงเรียนบ้านควร" });
  await back.outbox.flush();
  assert.equal((await back.outbox.get(first.id))?.state, "received");
});

test("the next person on a shared phone sees nothing of the first, and the first loses nothing", async () => {
  const a = await createPhone();
  const { server, clock } = a;
  for (let n = 0; n < 25; n += 1) await a.outbox.add(visit());
  await a.vault.putDraft("visit-new", { mine: true });
  a.outbox.stop();

  const b = await createPhone({ who: "b", keep: true, server, clock });
  assert.deepEqual(await b.outbox.list(), []);
  assert.equal((await b.outbox.summary()).waiting, 0);
  assert.equal(await b.vault.draft("visit-new"), undefined);
  assert.equal(
    (await dump()).all.accounts.find((row) => row.account_id === ACCOUNTS.a.id).locker,
    undefined,
  );
  await assert.rejects(a.vault.draft("visit-new"), { code: "signed_out" });
  await b.outbox.add(visit());
  await b.outbox.flush();
  assert.equal(server.received, 1);
  b.outbox.stop();

  const again = await createPhone({ keep: true, server, clock });
  await again.outbox.flush();
  assert.equal((await again.outbox.summary()).received, 25);
  assert.equal(server.received, 26);
});

test("a sender left running in another tab stops when somebody signs out", async () => {
  const phone = await createPhone();
  await phone.outbox.add(visit());
  await signOutHere();
  await phone.outbox.flush();
  assert.equal(phone.server.count("/records"), 0);
});

test("enrolling anew as another device loses nothing: all is sealed with the new key", async () => {
  const { outbox, vault, server, clock } = await createPhone();
  const one = visit();
  const picture = photo({ size: 1_500_000 });
  await outbox.add(one);
  await outbox.add(picture.item, picture.attachments);
  await vault.putDraft("visit-new", { half: "way" });
  outbox.stop();

  await newInstallId();
  const back = await createPhone({ keep: true, server, clock });
  assert.notEqual(back.vault.deviceId, vault.deviceId);
  assert.deepEqual((await dump()).all.accounts[0].older, []);
  assert.deepEqual(await back.vault.draft("visit-new"), { half: "way" });
  await back.outbox.flush();
  assert.deepEqual(
    (await back.outbox.list()).map(({ state }) => state),
    ["received", "received"],
  );
  assert.equal(server.blobs.size, 1);
});

test("killed while sealing anew, every row still opens, and the next start finishes", async () => {
  const { outbox, server, clock } = await createPhone();
  for (let n = 0; n < 6; n += 1) await outbox.add(visit());
  outbox.stop();
  const real = crypto.subtle.encrypt;
  let left = 4;
  await newInstallId();
  try {
    crypto.subtle.encrypt = (...asked) => {
      if ((left -= 1) < 0) throw new Error("killed");
      return real.apply(crypto.subtle, asked);
    };
    await assert.rejects(signIn("a", server, clock), /killed/);
  } finally {
    crypto.subtle.encrypt = real;
  }
  assert.equal((await dump()).all.accounts[0].older.length, 1);
  const vault = await openVault(clock);
  const back = await createPhone({ keep: true, server, clock, vault });
  assert.ok((await back.outbox.list()).every((entry) => entry.item));
  assert.deepEqual((await dump()).all.accounts[0].older, []);
});

test("a connection that died in the phone's sleep is opened anew", async () => {
  const { vault } = await createPhone();
  await withDb(async (db) => db.close()); // what iOS does after an hour
  await vault.putDraft("visit-new", { kept: true });
  assert.deepEqual(await vault.draft("visit-new"), { kept: true });
});

test("where nothing can be kept, that is said before the first entry", async () => {
  closeDb();
  const kept = globalThis.indexedDB;
  try {
    globalThis.indexedDB = /** @type {any} */ (undefined); // as in some private windows
    assert.deepEqual(await vaults.canStore(), { ok: false, code: "no_storage" });
    await assert.rejects(installId(), { code: "no_storage" });
    globalThis.indexedDB = /** @type {any} */ ({
      open() {
        throw new DOMException("no", "SecurityError");
      },
    });
    assert.deepEqual(await vaults.canStore(), { ok: false, code: "no_storage" });
  } finally {
    globalThis.indexedDB = kept;
  }
  emptyStorage();
  assert.deepEqual(await vaults.canStore(), { ok: true, code: null });
});

/** Two versions further: a new index, and every row rewritten. */
const LATER = [
  ...STEPS,
  (db, change) => void change.objectStore("items").createIndex("by_kind", ["account_id", "kind"]),
  async (_db, change) => {
    let cursor = await change.objectStore("items").openCursor();
    for (; cursor; cursor = await cursor.continue())
      await cursor.update({ ...cursor.value, moved: true });
  },
];

async function fill() {
  const { outbox } = await createPhone();
  for (let n = 0; n < 40; n += 1) await outbox.add(visit());
  for (let n = 0; n < 6; n += 1) {
    const { item, attachments } = photo({ size: 1_200_000 + n });
    await outbox.add(item, attachments);
  }
  outbox.stop();
}

test("a phone two versions behind is brought up with all its items and photos", async () => {
  await fill();
  closeDb();
  const before = await snapshot(STEPS);
  const after = await snapshot(LATER);
  assert.equal(after.items.length, 46);
  assert.equal(after.chunks.length, 12);
  assert.ok(after.items.every((row) => row.moved));
  assert.deepEqual(
    after.items.map(({ moved: _moved, ...row }) => row),
    before.items,
  );
  assert.deepEqual(after.chunks, before.chunks);
});

test("a migration that is killed at any step leaves the old data as they were", async () => {
  await fill();
  closeDb();
  const before = await snapshot(STEPS);
  for (let at = 0; at < 20; at += 1) {
    let rows = 0;
    const killed = async (_db, change) => {
      let cursor = await change.objectStore("items").openCursor();
      for (; cursor; cursor = await cursor.continue()) {
        if ((rows += 1) > at * 2) throw new Error("killed");
        await cursor.update({ ...cursor.value, sealed: null });
      }
    };
    await assert.rejects(openDatabase({ steps: [...LATER.slice(0, 2), killed] }), /killed/);
    assert.deepEqual(await snapshot(STEPS), before);
  }
});

/** @param {any[]} steps */
async function snapshot(steps) {
  const db = await openDatabase({ steps });
  const found = { items: await db.getAll("items"), chunks: await db.getAll("chunks") };
  db.close();
  return found;
}

test("a tab of an older version lets the newer one in, and is told", async () => {
  await createPhone();
  let told = 0;
  const listen = () => (told += 1);
  dbEvents.addEventListener("outdated", listen);
  await meta("install_id");
  const newer = await openDatabase({ steps: LATER });
  dbEvents.removeEventListener("outdated", listen);
  assert.equal(told, 1);
  await assert.rejects(meta("install_id"), { code: "outdated" });
  newer.close();
});

test("storage that was emptied is noticed, told until acknowledged, and never invented", async () => {
  const cookies = cookieJar();
  emptyStorage();
  assert.equal(await checkWiped(cookies), null);
  const before = await installId();
  await mark(7, cookies);
  assert.equal(await checkWiped(cookies), null);

  emptyStorage();
  const lost = { lost: 7, installId: before };
  assert.deepEqual(await checkWiped(cookies), lost);
  await mark(2, cookies); // new work before anyone looked
  assert.deepEqual(await checkWiped(cookies), lost);
  await acknowledgeWiped(cookies);
  assert.equal(await checkWiped(cookies), null);
  assert.ok(cookies.jar.endsWith(".2"));

  await mark(0, cookies);
  emptyStorage();
  assert.equal(await checkWiped(cookies), null); // nothing waited, nothing was lost
});

test("acknowledged without new work, the loss is forgotten for good", async () => {
  const cookies = cookieJar();
  emptyStorage();
  await mark(3, cookies);
  emptyStorage();
  assert.equal((await checkWiped(cookies))?.lost, 3);
  await acknowledgeWiped(cookies);
  assert.equal(await checkWiped(cookies), null);
});

test("becoming another installation is no loss", async () => {
  const cookies = cookieJar();
  emptyStorage();
  await mark(4, cookies);
  const fresh = await newInstallId(cookies);
  assert.equal(await checkWiped(cookies), null);
  assert.equal(cookies.jar, `lakthan_unsent=${fresh}.4`);
});

test("small facts are kept and forgotten; the installation's id is made once for all tabs", async () => {
  emptyStorage();
  const ids = await Promise.all([installId(), installId(), installId()]);
  assert.equal(new Set(ids).size, 1);
  await setMeta("data_saver", true);
  assert.equal(await meta("data_saver"), true);
  await setMeta("data_saver", undefined);
  assert.equal(await meta("data_saver"), undefined);
});

test("what the server last said is remembered, with how far this clock is off", async () => {
  const clock = handClock(Date.parse("2567-02-13T03:00:00Z"));
  const { vault } = await createPhone({ clock, server: createServer() });
  await vault.noteContact({ nonce: "n1", server_time: "2024-02-13T03:00:00Z" });
  await vault.noteContact({ nonce: "n2", server_time: "nonsense" });
  const contact = await vault.contact();
  assert.equal(contact?.nonce, "n1");
  assert.equal(contact?.skewS, (clock.now() - Date.parse("2024-02-13T03:00:00Z")) / 1000);
});
