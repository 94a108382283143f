// @ts-check
/** A phone on the bench: a database, cookies, locks, a signed-in account, an outbox. */
import { setMaxListeners } from "node:events";
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { createApi } from "../../../static/src/js/sync/api.js";
import { createUploads } from "../../../static/src/js/sync/tus.js";
import { createOutbox } from "../../../static/src/js/outbox/outbox.js";
import { newId } from "../../../static/src/js/shared/ids.js";
import { toBase64url } from "../../../static/src/js/shared/bytes.js";
import { closeDb } from "../../../static/src/js/vault/db.js";
import {
  accountEvents,
  installId,
  newSigningKeys,
  openVault,
  signInHere,
} from "../../../static/src/js/vault/vault.js";
import { handClock } from "./clock.js";
import { createServer } from "./server.js";

export const ACCOUNTS = {
  a: { id: "018da0ee-1c00-7000-8000-0000000000aa", name: "สมชาย ใจกล้า", role: "volunteer" },
  b: { id: "018da0ee-1c00-7000-8000-0000000000bb", name: "มาลี ศรีสุข", role: "volunteer" },
};
const LOCKERS = new Map();
setMaxListeners(0, accountEvents); // forty vaults in one test are no leak

/** Another phone, or this one after its data were cleared. */
export function emptyStorage() {
  closeDb();
  globalThis.indexedDB = new IDBFactory();
}

/** @returns {import("../../../static/src/js/vault/marker.js").Cookies & {jar: string}} */
export function cookieJar() {
  return {
    jar: "",
    read() {
      return this.jar;
    },
    write(cookie) {
      this.jar = cookie.includes("Max-Age=0") ? "" : cookie.split(";")[0];
    },
  };
}

/** Web Locks, as far as a sender uses them. */
export function fakeLocks() {
  const held = new Set();
  return {
    held,
    async request(name, options, work) {
      if (held.has(name)) return work(null);
      held.add(name);
      try {
        return await work({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}

/** What the server answers to enrolling. @param {"a" | "b"} who @param {string} install @param {any} server @param {number} now */
export function enrolAnswer(who, install, server, now) {
  const device = `${who} ${install}`;
  if (!LOCKERS.has(device))
    LOCKERS.set(device, {
      locker: toBase64url(crypto.getRandomValues(new Uint8Array(32))),
      id: newId(),
    });
  const { locker, id } = LOCKERS.get(device);
  const account = { area_code: "5601", centre_id: null, place: "บ้านควร", ...ACCOUNTS[who] };
  const known = {
    server_key: server.publicKey,
    server_key_id: "k",
    programme: "khok_nong_na_2567.1",
    earlier: [],
  };
  const server_time = new Date(now).toISOString();
  return {
    device_id: id,
    key_id: newId(),
    token: `token-${who}`,
    locker,
    account,
    ...known,
    nonce: "nonce-0",
    server_time,
  };
}

/** @param {"a" | "b"} who @param {any} server @param {any} clock */
export async function signIn(who, server, clock) {
  const install = await installId();
  const { keyPair } = await newSigningKeys();
  await signInHere(enrolAnswer(who, install, server, clock.now()), keyPair, install, clock.now());
  return /** @type {import("../../../static/src/js/outbox/types.js").Vault} */ (
    await openVault(clock)
  );
}

const running = new Set();
/** Stop every outbox a test started, and close its vault. */
export function stopAll() {
  for (const { outbox, vault } of running) {
    outbox.stop();
    vault.close();
  }
  running.clear();
}

/** @param {{who?: "a" | "b", server?: any, clock?: any, locks?: any, cookies?: any, keep?: boolean, online?: any, vault?: any}} [how] */
export async function createPhone({
  who = "a",
  clock = handClock(),
  server = createServer(clock),
  locks = fakeLocks(),
  cookies = cookieJar(),
  keep = false,
  online = { isOnline: () => true, costly: () => false },
  vault,
} = {}) {
  if (!keep) emptyStorage();
  vault ??= await signIn(who, server, clock);
  const events = new EventTarget();
  /** @type {{name: string, detail: any}[]} */
  const told = [];
  for (const name of ["signin-needed", "line", "forked", "stumbled"]) {
    events.addEventListener(name, (event) =>
      told.push({ name, detail: /** @type {any} */ (event).detail }),
    );
  }
  const given = { base: "http://phone.test", token: vault.token, fetch: server.fetch, clock };
  const storage = async () => ({ usedBytes: 1, leftBytes: 1_000_000, persisted: false });
  const parts = { vault, api: createApi(given), uploads: createUploads(given) };
  const outbox = createOutbox({
    ...parts,
    clock,
    online,
    locks,
    events,
    storage,
    appVersion: "test",
    cookies,
  });
  running.add({ outbox, vault });
  return { ...parts, outbox, server, clock, locks, cookies, events, told, online };
}

export const CENTRE = "018da0ee-1c00-7000-8000-00000000c001";
const CIRCUMSTANCES = {
  captured_at: "2024-02-13T09:55:00.000+07:00",
  device_id: null,
  clock_skew_s: null,
  position: null,
  programme_version: "khok_nong_na_2567.1",
};

/** @param {Record<string, any>} [data] @returns {import("../../../static/src/js/outbox/types.js").Item} */
export function visit(data = {}) {
  const id = data.id ?? newId();
  const facts = {
    id,
    centre_id: CENTRE,
    visit_date: "2024-02-13",
    kind: "study",
    n_male: 1,
    leader_name: "ครูสมศรี",
  };
  return { kind: "visit", op: "create", id, data: { ...facts, ...CIRCUMSTANCES, ...data } };
}

/** @param {string} visitId @param {Record<string, any>} [data] @returns {import("../../../static/src/js/outbox/types.js").Item} */
export function followup(visitId, data = {}) {
  const id = newId();
  const facts = { id, visit_id: visitId, followed_on: "2024-02-13", used: "used" };
  return { kind: "followup", op: "create", id, data: { ...facts, ...CIRCUMSTANCES, ...data } };
}

/** @param {number} size @param {number} [seed] @returns {ArrayBuffer} */
export function bytes(size, seed = 7) {
  const words = new Int32Array(Math.ceil(size / 4));
  let state = seed;
  for (let place = 0; place < words.length; place += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    words[place] = state;
  }
  return words.buffer.slice(0, size);
}

/** A photo and its bytes. @param {{of?: {id: string}, size?: number, preview?: number}} [how] */
export function photo({ of, size = 2_500_000, preview = 0 } = {}) {
  const id = newId();
  const subject = of
    ? { subject_kind: "visit", subject_id: of.id }
    : { subject_kind: "centre", subject_id: CENTRE };
  const item = /** @type {import("../../../static/src/js/outbox/types.js").Item} */ ({
    ...{ kind: "photo", op: "create", id },
    data: {
      id,
      ...subject,
      caption: "แปลงผัก",
      source: "camera",
      file_name: null,
      ...CIRCUMSTANCES,
    },
  });
  /** @type {import("../../../static/src/js/outbox/types.js").NewAttachment[]} */
  const attachments = [{ id, role: "original", type: "image/jpeg", bytes: bytes(size, size % 97) }];
  if (preview)
    attachments.push({
      id: newId(),
      role: "preview",
      type: "image/jpeg",
      bytes: bytes(preview, 3),
    });
  return { id, item, attachments };
}

/** @param {import("../../../static/src/js/outbox/types.js").Outbox} outbox */
export const states = async (outbox) =>
  Object.fromEntries((await outbox.list()).map((entry) => [entry.id, entry.state]));

/** Everything the database holds, keys aside, as one text. */
export async function dump() {
  const { withDb } = await import("../../../static/src/js/vault/db.js");
  const all = await withDb(async (db) => {
    const found = {};
    for (const name of db.objectStoreNames) found[name] = await db.getAll(name);
    return found;
  });
  const readable = (_key, value) => {
    if (value instanceof ArrayBuffer) return Buffer.from(value).toString("latin1");
    if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer).toString("latin1");
    return value instanceof CryptoKey ? `key ${value.type} ${value.algorithm.name}` : value;
  };
  return { all, text: JSON.stringify(all, readable) };
}
