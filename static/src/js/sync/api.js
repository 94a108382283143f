// @ts-check
/** The server's API as functions.  Each resolves to the JSON of our own server or rejects with
 *  an ApiError that says what to do next.
 *  Promise: an answer counts only with the header `Lakthan-Api`, the type JSON and JSON inside;
 *  a hotel's log-in page, whatever its status, is "portal", never an answer.
 *  Knows neither what is sent nor when; uses cookies only where
 *  a cookie session begins or ends. */
import { readAnswer } from "./answer.js";
import { ApiError } from "./errors.js";

export { ApiError };

const PATIENCE_MS = 30_000;
const SLOWEST_BYTES_PER_S = 4_000; // a bad day of 2G; slower than this counts as no line

/** @typedef {import("../outbox/types.js").EnrolAnswer} EnrolAnswer */
/** @typedef {import("../outbox/types.js").Item} Item */
/** @typedef {import("../outbox/types.js").Result} Result */

/** @typedef {ReturnType<typeof createApi>} Api */

/** @param {{
 *    base?: string, token?: string | null, fetch?: typeof globalThis.fetch,
 *    clock?: Pick<import("../outbox/types.js").Clock, "now" | "setTimeout" | "clearTimeout">,
 *  }} [options]  `base` is where /api and /phone live; "" for the page's own address. */
export function createApi({
  base = "",
  token = null,
  fetch = (...asked) => globalThis.fetch(...asked),
  clock = {
    now: () => Date.now(),
    setTimeout: (work, ms) => setTimeout(work, ms),
    clearTimeout: (id) => clearTimeout(id),
  },
} = {}) {
  /** @param {string} method @param {string} path @param {unknown} [body] @param {RequestInit} [more] */
  async function ask(method, path, body, { headers, ...more } = {}) {
    const json = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
    const size =
      typeof json === "string" ? json.length * 2 : (/** @type {any} */ (json)?.size ?? 0);
    const giveUp = new AbortController();
    const patience = PATIENCE_MS + (size / SLOWEST_BYTES_PER_S) * 1000;
    const timer = clock.setTimeout(() => giveUp.abort(), patience);
    const lost = () => giveUp.abort(); // its answer has no way back: do not hold up what comes next
    globalThis.addEventListener?.("offline", lost);
    try {
      const response = await fetch(base + path, {
        method,
        body: /** @type {BodyInit | undefined} */ (json),
        headers: {
          Accept: "application/json",
          ...(json !== undefined && {
            "Content-Type": json instanceof Blob ? "application/octet-stream" : "application/json",
          }),
          ...(token && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        signal: giveUp.signal,
        cache: "no-store",
        credentials: "omit",
        redirect: "manual", // a portal redirects to itself; our API never redirects
        ...more,
      });
      return await readAnswer(response, clock.now());
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError("offline", giveUp.signal.aborted ? "timeout" : "no_answer", {
        cause: error,
      });
    } finally {
      clock.clearTimeout(timer);
      globalThis.removeEventListener?.("offline", lost);
    }
  }

  return {
    /** Sign in on this phone. @param {{install_id: string, label: string, app_version: string,
     *  public_key: string | null, web_session?: boolean, login?: string, password?: string, one_time?: string, code?: string}} who
     *  @returns {Promise<EnrolAnswer>} */
    enrol: (who) =>
      ask("POST", "/api/v1/devices", who, who.web_session ? { credentials: "same-origin" } : {}),

    /** Enrol the browser of whoever is signed in on the server's pages.
     *  @param {{install_id: string, label: string, app_version: string, public_key: string | null}} who
     *  @param {string} csrf @returns {Promise<EnrolAnswer>} */
    enrolHere: (who, csrf) =>
      ask("POST", "/phone/enrol", who, {
        credentials: "same-origin",
        headers: { "X-CSRFToken": csrf },
      }),

    /** End the cookie session.  Harmless twice. @returns {Promise<null>} */
    leave: () =>
      ask("POST", "/phone/leave", undefined, {
        credentials: "same-origin",
        headers: { "Lakthan-Leave": "1" },
      }),

    /** Make this token worthless. @returns {Promise<null>} */
    forgetToken: () => ask("DELETE", "/api/v1/devices/self"),

    /** "That earlier phone of mine was this one, and its data are gone." @param {string} deviceId */
    lost: (deviceId) => ask("POST", "/api/v1/devices/self/lost", { device_id: deviceId }),

    /** @param {{unsent_records: number, unsent_photos: number, unsent_bytes: number,
     *    oldest_unsent_at: string | null, storage_left_bytes: number | null,
     *    storage_persisted: boolean | null, app_version: string, device_time: string,
     *    beat: string | null}} state
     *  @returns {Promise<{server_time: string, nonce: string, beat: string, clock_skew_s: number, forked: boolean}>} */
    heartbeat: (state) => ask("POST", "/api/v1/heartbeat", state),

    /** @param {Item[]} items @param {string} deviceTime
     *  @returns {Promise<{server_time: string, nonce: string, results: Result[]}>} */
    records: (items, deviceTime) =>
      ask("POST", "/api/v1/records", { items, device_time: deviceTime }),

    /** @param {string | null} [since]
     *  @returns {Promise<{cursor: string, server_time: string, nonce: string, sections: Record<string, any>}>} */
    changes: (since) =>
      ask("GET", `/api/v1/changes${since ? `?since=${encodeURIComponent(since)}` : ""}`),

    /** Bring in another phone's rescue file. @param {Blob} file
     *  @returns {Promise<{items: Result[], blobs: {held: number, refused: number}}>} */
    rescue: (file) => ask("POST", "/api/v1/rescue", file),
  };
}
