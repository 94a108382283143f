// @ts-check
/** The rescue file: everything of one account that the server has not confirmed, as it lies here,
 *  sealed.  Nobody needs to be signed in to make it, and nobody without the server can read it.
 *  Format LAKTHAN-RESCUE-1: a line, then frames of uint32 length, JSON header, payload. */
import { utf8 } from "../shared/bytes.js";
import { withDb } from "../vault/db.js";
import { rowsOf } from "./entries.js";
import { hasBytes } from "./writing.js";

const MAGIC = "LAKTHAN-RESCUE-1\n";

/** @typedef {import("./entries.js").Row} Row */
/** @typedef {import("./chunks.js").ChunkRow} ChunkRow */

/** @param {string} accountId @param {{now: number, appVersion: string}} by
 *  @returns {Promise<Blob | null>} null when nothing of this account waits here */
export async function rescueFile(accountId, { now, appVersion }) {
  const account = await withDb((db) => db.get("accounts", accountId));
  const all = /** @type {Row[]} */ (
    await withDb((db) => db.getAllFromIndex("items", "by_seq", rowsOf(accountId)))
  );
  const rows = all.filter((row) => row.state !== "received");
  if (!account || !rows.length) return null;
  /** @type {Blob[]} */
  const frames = [];
  let chunks = 0;
  for (const row of rows) frames.push(frame({ kind: "item", id: row.id }, row.sealed));
  for (const row of rows.filter(hasBytes)) {
    const parts = await chunksOf(row);
    chunks += parts.length;
    frames.push(...parts);
  }
  const first = {
    kind: "rescue",
    device_id: account.device_id,
    account_id: accountId,
    install_id: account.install_id,
    made_at: new Date(now).toISOString(),
    app_version: appVersion,
    items: rows.length,
    chunks,
  };
  return new Blob([MAGIC, frame(first, null), ...frames], { type: "application/octet-stream" });
}

/** One at a time, so that the browser may put them aside. @param {Row} photo @returns {Promise<Blob[]>} */
async function chunksOf({ account_id, record_id }) {
  const keys = await withDb((db) =>
    db.getAllKeysFromIndex("chunks", "by_photo", [account_id, record_id]),
  );
  const frames = [];
  for (const key of keys) {
    const row = /** @type {ChunkRow} */ (await withDb((db) => db.get("chunks", key)));
    if (!row) continue; // let go meanwhile: it was received
    const { attachment_id, role, index, count, size_bytes, sha256 } = row;
    const header = { kind: "chunk", attachment_id, role, index, count, size_bytes, sha256 };
    frames.push(frame(header, row));
  }
  return frames;
}

/** @param {Record<string, any>} header @param {import("./types.js").Sealed | null} sealed @returns {Blob} */
function frame(header, sealed) {
  const bytes = sealed ? sealed.iv.byteLength + sealed.data.byteLength : 0;
  const text = utf8(JSON.stringify({ ...header, bytes }));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, text.byteLength);
  return new Blob(sealed ? [length.buffer, text, sealed.iv, sealed.data] : [length.buffer, text]);
}
