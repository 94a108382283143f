// @ts-check
/** The bytes of photos: ArrayBuffers of 1 MiB, each sealed to its own place.  Never a Blob in the
 *  database: some phones lose those.  One chunk in memory at a time, except where a picture is shown. */
import { sameBytes } from "../shared/bytes.js";
import { withDb } from "../vault/db.js";
import { StoreError } from "../vault/errors.js";

/** @typedef {import("./types.js").Vault} Vault */
/** @typedef {import("./types.js").NewAttachment} NewAttachment */

export const CHUNK_BYTES = 1024 * 1024;

/** @typedef {{account_id: string, attachment_id: string, index: number, role: string,
 *    photo_id: string, count: number, size_bytes: number, sha256: string,
 *    iv: Uint8Array<ArrayBuffer>, data: ArrayBuffer}} ChunkRow
 *  count, size_bytes and sha256 are of the whole attachment: a rescue file repeats them. */

/** @param {string} accountId @param {string} attachmentId @param {number} index */
const placeOf = (accountId, attachmentId, index) => `chunk:${accountId}:${attachmentId}:${index}`;

/** @param {number} bytes @returns {number} */
export const chunkCount = (bytes) => Math.ceil(bytes / CHUNK_BYTES);

/** @param {Vault} vault @param {string} photoId @param {NewAttachment} attachment @param {string} sha256
 *  @returns {Promise<ChunkRow[]>} */
export async function sealChunks(vault, photoId, { id, role, bytes }, sha256) {
  const [size_bytes, count] = [bytes.byteLength, chunkCount(bytes.byteLength)];
  const whole = { account_id: vault.account.id, attachment_id: id, role, photo_id: photoId };
  const rows = [];
  for (let index = 0; index < count; index += 1) {
    const sealed = await vault.seal(slice(bytes, index), placeOf(vault.account.id, id, index));
    rows.push({ ...whole, index, count, size_bytes, sha256, ...sealed });
  }
  return rows;
}

/** @param {Vault} vault @param {string} attachmentId @param {number} index @returns {Promise<ArrayBuffer>}
 *  @throws {StoreError} not_kept: it is not there, or no longer what was written */
export async function readChunk(vault, attachmentId, index) {
  const key = [vault.account.id, attachmentId, index];
  const row = /** @type {ChunkRow | undefined} */ (await withDb((db) => db.get("chunks", key)));
  if (!row) throw new StoreError("not_kept");
  try {
    return await vault.unseal(row, placeOf(vault.account.id, attachmentId, index));
  } catch (error) {
    throw error instanceof StoreError ? error : new StoreError("not_kept", { cause: error });
  }
}

/** Read back what was written and compare it with what is still at hand.
 *  @param {Vault} vault @param {NewAttachment} attachment @throws {StoreError} not_kept */
export async function checkKept(vault, { id, bytes }) {
  for (let index = 0; index < chunkCount(bytes.byteLength); index += 1) {
    const kept = await readChunk(vault, id, index);
    if (!sameBytes(kept, slice(bytes, index))) throw new StoreError("not_kept");
  }
}

/** The whole attachment, to be shown. @param {Vault} vault @param {import("./types.js").Attachment} attachment
 *  @returns {Promise<Blob | null>} null when its bytes are no longer here */
export async function assemble(vault, { id, bytes, type }) {
  try {
    const parts = [];
    for (let index = 0; index < chunkCount(bytes); index += 1) {
      parts.push(new Blob([await readChunk(vault, id, index)])); // the browser may put it aside
    }
    return new Blob(parts, { type });
  } catch (error) {
    if (error instanceof StoreError && error.code === "not_kept") return null;
    throw error;
  }
}

/** @param {ArrayBuffer} bytes @param {number} index */
const slice = (bytes, index) => bytes.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
