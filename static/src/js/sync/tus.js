// @ts-check
/** Photos to the server by tus 1.0, piece by piece.  Promises: after any cut the server's own offset
 *  says where to go on, so at most one piece travels twice; one chunk is in memory at a time; a
 *  finished upload is one the server called finished.  Asks no question twice without a step forward:
 *  what repeats is left to the caller's patience (an ApiError). */
import { toBase64, utf8 } from "../shared/bytes.js";
import { CHUNK_BYTES } from "../outbox/chunks.js";
import { ApiError } from "./errors.js";
import { refusal } from "./answer.js";

const TUS = "1.0.0";
const PIECES = [CHUNK_BYTES, 256 * 1024, 64 * 1024]; // smaller as the line gets slower
const SLOW_BYTES_PER_S = 64 * 1024; // a whole chunk takes longer than 16 s
const QUICK_BYTES_PER_S = 256 * 1024;
const PATIENCE_MS = 120_000; // for one piece; at the smallest that is 0.5 kB/s
const MOST_SURPRISES = 5; // wrong offsets and checksums in a row without a byte gained
const GONE = new Set([404, 410]);

/** @typedef {import("../outbox/types.js").Clock} Clock */
/** @typedef {{
 *    attachment: string, size: number, sha256: string, role: "original" | "preview",
 *    chunk: (index: number) => Promise<ArrayBuffer>,
 *    url?: string | null,
 *    onUrl?: (url: string | null) => Promise<void> | void,
 *    onProgress?: (offset: number) => Promise<void> | void,
 *    signal?: AbortSignal,
 *  }} Sending
 *  url: where this attachment's upload was begun, if it was; `onUrl` is told where it is now. */

/** @typedef {ReturnType<typeof createUploads>} Uploads */

/** @param {{base?: string, token: string, fetch?: typeof globalThis.fetch,
 *    clock?: Pick<Clock, "now" | "mono" | "setTimeout" | "clearTimeout">, slow?: boolean}} options */
export function createUploads({
  base = "",
  token,
  fetch = (...asked) => globalThis.fetch(...asked),
  clock = {
    now: () => Date.now(),
    mono: () => performance.now(),
    setTimeout: (work, ms) => setTimeout(work, ms),
    clearTimeout: (id) => clearTimeout(id),
  },
  slow = false,
}) {
  let piece = slow ? 1 : 0; // which of PIECES suits this line

  /** @param {string} method @param {string} url @param {Record<string, string>} headers
   *  @param {AbortSignal | undefined} signal @param {ArrayBuffer} [body] @returns {Promise<Response>} */
  async function ask(method, url, headers, signal, body) {
    const giveUp = new AbortController();
    const stop = () => giveUp.abort();
    signal?.addEventListener("abort", stop);
    const timer = clock.setTimeout(stop, PATIENCE_MS);
    try {
      if (signal?.aborted) throw new ApiError("offline", "stopped");
      return await fetch(url, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Tus-Resumable": TUS, ...headers },
        body,
        signal: giveUp.signal,
        cache: "no-store",
        credentials: "omit",
        redirect: "manual",
      });
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (body) piece = Math.min(piece + 1, PIECES.length - 1);
      const code = signal?.aborted ? "stopped" : giveUp.signal.aborted ? "timeout" : "no_answer";
      throw new ApiError("offline", code, { cause: error });
    } finally {
      clock.clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Begin an upload. @param {Sending} of @returns {Promise<{url: string, offset: number}>} */
  async function begin({ attachment, size, sha256, role, signal }) {
    const facts = { attachment_id: attachment, sha256, role };
    const metadata = Object.entries(facts).map(
      ([name, value]) => `${name} ${toBase64(utf8(value))}`,
    );
    const headers = { "Upload-Length": String(size), "Upload-Metadata": metadata.join(",") };
    const response = await ask("POST", `${base}/api/v1/uploads`, headers, signal);
    const location = response.headers.get("Location");
    if (response.status !== 201 || !isTus(response) || !location) throw await trouble(response);
    return { url: placeOf(location), offset: offsetOf(response, size) ?? 0 };
  }

  /** How far an upload is; null when it is gone. @param {Sending} of @param {string} url */
  async function offsetAt({ size, signal }, url) {
    const response = await ask("HEAD", base + url, {}, signal);
    if (GONE.has(response.status) && isTus(response)) return null;
    const offset = offsetOf(response, size);
    if (!response.ok || offset === null) throw await trouble(response);
    return offset;
  }

  /** @param {Sending} of @param {string} url @param {number} offset @param {ArrayBuffer} bytes */
  async function put(of, url, offset, bytes) {
    const digest = toBase64(await crypto.subtle.digest("SHA-256", bytes));
    const headers = {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
      "Upload-Checksum": `sha256 ${digest}`,
    };
    const started = clock.mono();
    const response = await ask("PATCH", base + url, headers, of.signal, bytes);
    if (response.ok && isTus(response)) learn(bytes.byteLength, clock.mono() - started);
    return response;
  }

  /** @param {number} bytes @param {number} ms */
  function learn(bytes, ms) {
    const speed = (bytes / Math.max(ms, 1)) * 1000;
    if (speed < SLOW_BYTES_PER_S) piece = Math.max(piece, 1);
    else if (speed > QUICK_BYTES_PER_S && bytes >= PIECES[piece]) piece = Math.max(piece - 1, 0);
  }

  /** Where the server put it, as a path: the token must never go to another host. @param {string} location */
  function placeOf(location) {
    const here = globalThis.location?.href ?? "http://here.invalid/";
    const url = new URL(location, new URL(`${base}/api/v1/uploads`, here));
    const ours = url.pathname.startsWith(new URL(`${base}/api/v1/uploads/`, here).pathname);
    if (!ours) throw new ApiError("portal", "not_ours");
    return url.pathname.slice(new URL(`${base}/`, here).pathname.length - 1) + url.search;
  }

  /** Bring one attachment to the server, from wherever it stopped.  Resolves when the server has all
   *  of it; rejects with an ApiError, and a later call goes on from there.
   *  @param {Sending} of @returns {Promise<void>} */
  async function send(of) {
    /** @type {{index: number, bytes: ArrayBuffer | null}} */
    const held = { index: -1, bytes: null };
    const known = of.url ? await offsetAt(of, of.url) : null;
    let { url, offset } =
      known === null ? await beginAnew(of) : { url: of.url ?? "", offset: known };
    await of.onProgress?.(offset);
    for (let surprises = 0; offset < of.size;) {
      const response = await put(of, url, offset, await pieceAt(of, offset, held));
      const reached = response.ok && isTus(response) ? offsetOf(response, of.size) : null;
      if (reached !== null && reached > offset) {
        [offset, surprises] = [reached, 0];
        await of.onProgress?.(offset);
        continue;
      }
      surprises += 1;
      if (surprises > MOST_SURPRISES || !isSurprise(response)) throw await trouble(response);
      const now = await offsetAt(of, url); // 409: elsewhere than we thought; 460: garbled on the way
      if (now === null) ({ url, offset } = await beginAnew(of));
      else offset = now;
    }
  }

  /** @param {Sending} of */
  async function beginAnew(of) {
    if (of.url) await of.onUrl?.(null);
    const begun = await begin(of);
    await of.onUrl?.(begun.url);
    return begun;
  }

  /** @param {Sending} of @param {number} offset @param {{index: number, bytes: ArrayBuffer | null}} held */
  async function pieceAt(of, offset, held) {
    const index = Math.floor(offset / CHUNK_BYTES);
    if (held.index !== index || !held.bytes) {
      held.bytes = null; // let go of the last one first
      held.bytes = await of.chunk(index);
      held.index = index;
    }
    const from = offset - index * CHUNK_BYTES;
    return held.bytes.slice(from, from + PIECES[piece]);
  }

  return { send };
}

/** @param {Response} response */
const isTus = (response) => response.headers.get("Tus-Resumable") === TUS;

/** @param {Response} response @param {number} size @returns {number | null} null when it does not say */
function offsetOf(response, size) {
  const said = response.headers.get("Upload-Offset") ?? "";
  return isTus(response) && /^\d+$/.test(said) && Number(said) <= size ? Number(said) : null;
}

/** What a look at the offset can put right. @param {Response} response */
const isSurprise = (response) =>
  isTus(response) && (response.ok || [404, 409, 410, 460].includes(response.status));

/** @param {Response} response @returns {Promise<ApiError>} */
async function trouble(response) {
  const { status } = response;
  const ours = isTus(response) || response.headers.get("Lakthan-Api") === "1";
  if (status >= 400) return refusal(response, Date.now(), ours);
  return new ApiError("portal", "not_ours", { status }); // 2xx or 3xx without the marks of tus
}
