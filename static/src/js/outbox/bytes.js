// @ts-check
/** Bytes to the server: one attachment of one photo at a time, from wherever it stopped.
 *  A photo that cannot go is put aside with its reason; the next one has its turn. */
import { ApiError } from "../sync/errors.js";
import { StoreError } from "../vault/errors.js";
import { lineTrouble, waitMs } from "./backoff.js";
import { readChunk } from "./chunks.js";

const MOST_MISMATCHES = 3; // as often may the way garble a photo before we call it broken
const LINE_STATUS = new Set([502, 503, 504, 429]);
const SICK_PHOTOS = 3; // so many in a row, and it is the server that is sick

/** @typedef {import("./entries.js").Row} Row */
/** @typedef {import("./entries.js").Inner} Inner */
/** @typedef {import("./types.js").Attachment} Attachment */

/** @param {import("./sender.js").Parts} parts */
export function createBytes(parts) {
  const { vault, entries, uploads, clock, line, tell, signal } = parts;
  let sick = 0;

  /** Bring the attachment whose turn it is (`row.phase`). @param {Row} row */
  async function send(row) {
    const inner = await entries.open(row);
    const attachment = inner?.item.attachments?.find((one) => one.role === row.phase);
    if (!inner) return void (await entries.setColumns([row.id], () => ({ state: "fixing" })));
    if (!attachment) return void (await entries.setColumns([row.id], next));
    await entries.setColumns([row.id], () => ({ state: "sending" }));
    tell("change", { id: row.id });
    try {
      await bring(row, inner, attachment);
      sick = 0;
      line.ok();
      await entries.setColumns([row.id], next);
    } catch (error) {
      await entries.setColumns([row.id], base);
      await failed(error, row, attachment);
    }
    tell("change", { id: row.id });
  }

  /** @param {Row} row @param {Inner} inner @param {Attachment} attachment */
  function bring(row, inner, { id, bytes, sha256, role }) {
    return uploads.send({
      attachment: id,
      size: bytes,
      sha256,
      role,
      signal,
      url: inner.uploads[id]?.url ?? null,
      chunk: (index) => readChunk(vault, id, index),
      onUrl: (url) => note(row.id, id, { url, sent: 0 }),
      onProgress: (sent) => note(row.id, id, { sent }),
    });
  }

  /** @param {string} photoId @param {string} attachmentId @param {{url?: string | null, sent: number}} how */
  async function note(photoId, attachmentId, how) {
    const now = await entries.update(photoId, (_row, inner) => {
      const uploads = { ...inner.uploads };
      uploads[attachmentId] = { ...(uploads[attachmentId] ?? { url: null }), ...how };
      const bytes_sent = Object.values(uploads).reduce((sum, { sent }) => sum + sent, 0);
      return { row: { bytes_sent }, inner: { uploads } };
    });
    if (!now) throw new ApiError("offline", "stopped"); // discarded meanwhile
    if (how.sent) line.moved();
    tell("progress", { id: photoId, bytesSent: now.bytes_sent, bytesTotal: now.bytes_total });
  }

  /** @param {unknown} error @param {Row} row @param {Attachment} attachment */
  async function failed(error, row, attachment) {
    if (error instanceof StoreError && error.code === "not_kept") {
      return void (await park(row, "not_kept")); // the phone lost or garbled these bytes
    }
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "stopped") return;
    const garbled = error.code === "sha256_mismatch" && row.attempts + 1 < MOST_MISMATCHES;
    if (error.kind === "refused" && !garbled) return void (await park(row, error.code));
    const ours = garbled || error.status === 423;
    if (!ours && (error.kind !== "server" || LINE_STATUS.has(error.status))) {
      return void lineTrouble(error, parts);
    }
    await entries.update(row.id, (now, inner) => {
      const attempts = now.attempts + 1;
      const pause = waitMs(attempts, clock.random?.() ?? Math.random(), error.retryAfterMs);
      const uploads = garbled
        ? { ...inner.uploads, [attachment.id]: { url: null, sent: 0 } }
        : inner.uploads;
      return { row: { attempts, next_try_at: clock.now() + pause }, inner: { uploads } };
    });
    sick += 1;
    if (!ours && sick >= SICK_PHOTOS) lineTrouble(error, parts);
  }

  /** @param {Row} row @param {string} code */
  const park = (row, code) =>
    entries.update(row.id, () => ({ row: { state: "fixing" }, inner: { code, problems: [] } }));

  return { send };
}

/** @param {Row} row @returns {Partial<Row>} */
const base = (row) => (row.state === "sending" ? { state: row.held ? "pending" : "waiting" } : {});

/** @param {Row} row @returns {Partial<Row>} */
const next = (row) => ({
  ...base(row),
  attempts: 0,
  next_try_at: 0,
  phase: row.phase === "preview" ? "original" : "confirm",
});
