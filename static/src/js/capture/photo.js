// @ts-check
/**
 * Photo: from bytes to the outbox.
 *
 * Promises: `keepPhoto` resolves only after the outbox has the original byte for byte, read back;
 * what it refuses, it refuses with a code and keeps nothing of; one picture in memory at a time.
 * A file out of the gallery carries no place of ours: this phone may be far from where it was taken.
 */
import { newId } from "../shared/ids.js";
import { mediaTypeOf, previewOf, thumbOf } from "./picture.js";

/** @typedef {import("../outbox/types.js").Outbox} Outbox */
/** @typedef {"visit" | "followup" | "activity" | "centre"} SubjectKind */
/** @typedef {{ kind: SubjectKind, id: string }} Subject */
/** empty, unreadable, too_large, not_an_image; whatever else the outbox rejects with has its own code. */

export class PhotoRefused extends Error {
  /** @param {"empty" | "unreadable" | "too_large" | "not_an_image"} code @param {Record<string, any>} [facts] */
  constructor(code, facts = {}) {
    super(code);
    this.name = "PhotoRefused";
    this.code = code;
    this.facts = facts;
  }
}

/** The data of a photo's record.
 *  @param {{ id: string, subject: Subject, source: "camera" | "picker", fileName?: string | null,
 *    caption?: string | null, circumstances: Record<string, any> }} shot */
export function photoData({ id, subject, source, fileName = null, caption = null, circumstances }) {
  return {
    id,
    subject_kind: subject.kind,
    subject_id: subject.id,
    caption,
    source,
    file_name: fileName,
    ...circumstances,
    ...(source === "picker" && { position: null }),
  };
}

/** What the bytes are. @param {ArrayBuffer} bytes @returns {string} the media type
 *  @throws {PhotoRefused} */
export function checkBytes(bytes) {
  if (!bytes.byteLength) throw new PhotoRefused("empty");
  const type = mediaTypeOf(bytes);
  if (!type) throw new PhotoRefused("not_an_image");
  return type;
}

/**
 * Put one picture into the outbox.
 * @param {{ blob: Blob, subject: Subject, source: "camera" | "picker", fileName?: string | null,
 *   circumstances: Record<string, any> }} shot
 * @param {{ outbox: Outbox, maxBytes: number, withPreview: boolean }} how
 * @returns {Promise<{ id: string, thumb: Blob | null, position: any }>}
 * @throws {PhotoRefused | import("../vault/errors.js").StoreError}
 */
export async function keepPhoto({ blob, ...shot }, { outbox, maxBytes, withPreview }) {
  if (blob.size > maxBytes) throw new PhotoRefused("too_large", { bytes: blob.size, most: maxBytes });
  const bytes = await blob.arrayBuffer().catch(() => {
    throw new PhotoRefused("unreadable"); // only in the cloud, or deleted in the meantime
  });
  const type = checkBytes(bytes);
  const id = newId();
  const data = photoData({ id, ...shot });
  /** @type {import("../outbox/types.js").NewAttachment[]} */
  const attachments = [{ id, role: "original", type, bytes }];
  const preview = withPreview ? await previewOf(blob) : null;
  if (preview && preview.size < bytes.byteLength) {
    const small = await preview.arrayBuffer();
    attachments.push({ id: newId(), role: "preview", type: "image/jpeg", bytes: small });
  }
  await outbox.add({ kind: "photo", op: "create", id, data }, attachments);
  return { id, thumb: await thumbOf(preview ?? blob), position: data.position ?? null };
}

/** A caption, written after the picture was kept; the outbox puts it into a photo that has not left,
 *  and sends it after one that has. @param {Outbox} outbox @param {string} id @param {string | null} caption */
export async function keepCaption(outbox, id, caption) {
  await outbox.add({ kind: "photo", op: "edit", id, data: { caption } });
}
