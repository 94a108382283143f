// @ts-check
/**
 * Files: one file of any type from this phone into the outbox, as a document with its bytes.
 * Promise: resolves only after the outbox has every byte, read back.
 */
import { sha256Hex } from "../shared/canonical.js";
import { newId } from "../shared/ids.js";
import { cleanText } from "../shared/text.js";
import { mediaTypeOf } from "../capture/picture.js";

/** @typedef {import("../outbox/types.js").Outbox} Outbox */
/** @typedef {{ file_name: string, file_sha256: string, file_bytes: number, file_type: string }} FileFacts */
/** @typedef {{ facts: FileFacts, bytes: ArrayBuffer }} TakenFile */

const LONGEST_NAME = 200;
const LONGEST_TYPE = 60;

export class FileRefused extends Error {
  /** @param {"empty" | "unreadable" | "too_large"} code @param {Record<string, any>} [facts] */
  constructor(code, facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

/** Read a file as it is now: it may be gone a minute later. @param {File} file @param {number} maxBytes
 *  @returns {Promise<TakenFile>} @throws {FileRefused} */
export async function takeFile(file, maxBytes) {
  if (file.size > maxBytes) throw new FileRefused("too_large", { bytes: file.size, most: maxBytes });
  const bytes = await file.arrayBuffer().catch(() => {
    throw new FileRefused("unreadable");
  });
  if (!bytes.byteLength) throw new FileRefused("empty");
  const facts = {
    file_name: nameOf(file.name),
    file_sha256: await sha256Hex(bytes),
    file_bytes: bytes.byteLength,
    file_type: (mediaTypeOf(bytes) ?? (file.type || "application/octet-stream")).slice(0, LONGEST_TYPE),
  };
  return { facts, bytes };
}

/** Its end stays: it says what kind of file it is. @param {string} name */
function nameOf(name) {
  const letters = [...cleanText(name)];
  return letters.slice(Math.max(0, letters.length - LONGEST_NAME)).join("") || "file";
}

/** What the bytes are announced as: a picture's type, else plain bytes. @param {ArrayBuffer} bytes */
const typeOf = (bytes) => mediaTypeOf(bytes) ?? "application/octet-stream";

/** Put a document into the outbox. @param {Outbox} outbox @param {string} id @param {Record<string, any>} data  with the file's facts
 *  @param {ArrayBuffer} bytes */
export async function keepDocument(outbox, id, data, bytes) {
  const original = /** @type {const} */ ({ id, role: "original" });
  await outbox.add({ kind: "document", op: "create", id, data: { ...data, id } }, [{ ...original, type: typeOf(bytes), bytes }]);
}

/** A document that belongs to another record, under the name of its file.
 *  @param {Outbox} outbox @param {TakenFile} taken
 *  @param {{ kind: string, day: string, place: { centre_id: string | null, district_code: string | null },
 *    subject: { kind: string, id: string }, circumstances: Record<string, any> }} about
 *  @returns {Promise<string>} its id */
export async function attachFile(outbox, { facts, bytes }, { kind, day, place, subject, circumstances }) {
  const id = newId();
  const told = { kind, title: facts.file_name, dated_on: day, note: null, subject_kind: subject.kind, subject_id: subject.id };
  await keepDocument(outbox, id, { ...told, ...facts, ...place, ...circumstances }, bytes);
  return id;
}
