// @ts-check
/** Keeping what was recorded.  Promise: when `keep` resolves, item and bytes are in the database, were
 *  read back and are equal; when it rejects, nothing of it is there.  The same item kept twice is one. */
import { canonicalJson, itemSha256, sha256Hex } from "../shared/canonical.js";
import { believable, storableSkew } from "../shared/clock.js";
import { quarterOf, readDay } from "../shared/days.js";
import { inOneWrite, withDb } from "../vault/db.js";
import { StoreError } from "../vault/errors.js";
import { checkKept, sealChunks } from "./chunks.js";
import { placeOf, rowsOf, sameSeal } from "./entries.js";
import { turnOf } from "./order.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").NewAttachment} NewAttachment */
/** @typedef {import("./types.js").Vault} Vault */
/** @typedef {import("./entries.js").Row} Row */
/** @typedef {import("./entries.js").Inner} Inner */

/** Whose id a record hangs on, by kind; what a photo or a file belongs to is its subject.
 *  @type {Record<import("./types.js").Kind, string>} */
const SUBJECT = {
  visit: "centre_id",
  followup: "visit_id",
  contact_seen: "visit_id",
  photo: "subject_id",
  document: "subject_id",
  plan_result: "item_id",
  activity: "centre_id",
  network_order: "",
  assessment: "centre_id",
  plan_item: "centre_id",
  post: "centre_id",
};
/** @type {Record<import("./types.js").Kind, string>} */
const DAY_OF = {
  visit: "visit_date",
  followup: "followed_on",
  contact_seen: "",
  photo: "captured_at",
  activity: "held_on",
  network_order: "dated_on",
  assessment: "assessed_on",
  plan_item: "captured_at", // what it plans lies ahead; it is due when it was written
  plan_result: "reported_on",
  post: "posted_on",
  document: "dated_on",
};
/** Kinds whose bytes follow their words. @param {{kind: string, op: string}} of */
export const hasBytes = ({ kind, op }) => (kind === "photo" || kind === "document") && op === "create";

/** Fill in what every item carries, and sign it. @param {Item} item @param {import("./types.js").Attachment[]} attachments
 *  @param {Vault} vault @returns {Promise<{item: Item, item_sha256: string}>} */
export async function complete(item, attachments, vault) {
  const contact = await vault.contact();
  const data = { ...item.data };
  for (const name of ["captured_at", "seen_at"]) {
    if (name in data) data[name] = believable(String(data[name]), contact);
  }
  if ("captured_at" in data) {
    data.device_id = null; // the token and the signature say it; a name here would bind it for good
    const skew = data.clock_skew_s ?? contact?.skewS ?? null;
    data.clock_skew_s = skew === null ? null : storableSkew(skew);
  }
  const { kind, op, id } = item;
  /** @type {Item} */
  const whole = { kind, op, id, base_version: item.base_version ?? null, data, attachments };
  if (item.receipt_code) whole.receipt_code = item.receipt_code;
  const item_sha256 = await itemSha256(whole);
  return {
    item: { ...whole, captured: await proof(whole, item_sha256, contact, vault) },
    item_sha256,
  };
}

/** @param {Item} item @param {string} hash @param {import("./types.js").Contact | null} contact @param {Vault} vault */
async function proof({ kind, id }, hash, contact, vault) {
  if (!vault.keyId || !contact) return null;
  const text = `lakthan-capture-1\n${kind}\n${id}\n${hash}\n${contact.nonce}`;
  const signature = await vault.sign(text);
  return signature ? { nonce: contact.nonce, key_id: vault.keyId, signature } : null;
}

/** @param {NewAttachment[]} attachments @returns {Promise<import("./types.js").Attachment[]>} */
export function describe(attachments) {
  return Promise.all(
    attachments.map(async ({ id, role, type, bytes }) => {
      if (!bytes.byteLength) throw new StoreError("empty", { facts: { role } });
      return { id, role, sha256: await sha256Hex(bytes), bytes: bytes.byteLength, type };
    }),
  );
}

/** @param {{item: Item, item_sha256: string}} made @returns {Inner} */
export const freshInner = ({ item, item_sha256 }) => ({
  item,
  item_sha256,
  problems: [],
  code: null,
  current: null,
  receipt: null,
  signature: null,
  verified: null,
  uploads: {},
});

/** The open columns that follow from the item. @param {Item} item @param {{quarter: string, due_on: string}[]} [rounds] */
export function columnsOf(item, rounds) {
  const bytes = (item.attachments ?? []).reduce((sum, one) => sum + one.bytes, 0);
  const day = readDay(String(item.data[DAY_OF[item.kind]] ?? "").slice(0, 10));
  return {
    kind: item.kind,
    op: item.op,
    record_id: item.id,
    subject_id: item.data[SUBJECT[item.kind]] ?? null,
    order: turnOf(day && quarterOf(day), rounds),
    bytes_total: bytes,
  };
}

/** @param {string} entryId @param {{item: Item, item_sha256: string}} made @param {NewAttachment[]} attachments
 *  @param {{vault: Vault, now: number}} by @returns {Promise<boolean>} false: it was here already */
export async function keep(entryId, made, attachments, { vault, now }) {
  const accountId = vault.account.id;
  const inner = freshInner(made);
  const rounds = await vault.pulled("rounds").catch(() => undefined); // unreadable: no hurry known
  /** @type {Omit<Row, "seq">} */
  const row = {
    account_id: accountId,
    id: entryId,
    device_id: vault.deviceId,
    state: "waiting",
    phase: "announce",
    held: false,
    maybe_sent: false,
    slim: false,
    created_at: now,
    attempts: 0,
    next_try_at: 0,
    bytes_sent: 0,
    received_at: null,
    rev: 1,
    ...columnsOf(made.item, Array.isArray(rounds) ? rounds : undefined),
    sealed: await vault.seal(inner, placeOf({ account_id: accountId, id: entryId })),
  };
  const chunks = [];
  for (const one of attachments) {
    const { sha256 } = /** @type {any} */ (made.item.attachments?.find(({ id }) => id === one.id));
    chunks.push(...(await sealChunks(vault, made.item.id, one, sha256)));
  }
  if (!(await write(row, chunks))) return false;
  await checkWritten(row, inner, attachments, vault);
  return true;
}

/** All or nothing, and on the disk before it says so.
 *  @param {Omit<Row, "seq">} row @param {import("./chunks.js").ChunkRow[]} chunks
 *  @returns {Promise<boolean>} false: an entry of this id is already there, and is not this one */
function write(row, chunks) {
  const work = async (/** @type {import("../vault/db.js").Writing} */ change) => {
    const items = change.objectStore("items");
    const there = /** @type {Row | undefined} */ (await items.get([row.account_id, row.id]));
    if (there) return sameSeal(there, /** @type {Row} */ (row)); // the same seal: a second run of this
    const last = await items.index("by_seq").openCursor(rowsOf(row.account_id), "prev");
    await items.put({ ...row, seq: (last?.value.seq ?? 0) + 1 });
    for (const chunk of chunks) await change.objectStore("chunks").put(chunk);
    return true;
  };
  return inOneWrite(["items", "chunks"], work, { strict: true });
}

/** @param {Omit<Row, "seq">} row @param {Inner} inner @param {NewAttachment[]} attachments @param {Vault} vault */
async function checkWritten(row, inner, attachments, vault) {
  const key = [row.account_id, row.id];
  const there = /** @type {Row | undefined} */ (await withDb((db) => db.get("items", key)));
  try {
    if (!there) throw new StoreError("not_kept");
    const back = await vault.unsealJson(there.sealed, placeOf(row));
    const same = canonicalJson(back.item) === canonicalJson(inner.item);
    if (!same || (await itemSha256(back.item)) !== inner.item_sha256)
      throw new StoreError("not_kept");
    for (const one of attachments) await checkKept(vault, one);
  } catch (error) {
    throw error instanceof StoreError ? error : new StoreError("not_kept", { cause: error });
  }
}
