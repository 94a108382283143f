// @ts-check
/** How long to leave a troubled line alone: 1 s, 2 s, 4 s … 5 min, each shaken so that a district's
 *  phones do not all return at once.  Counts on a clock that never jumps. */
import { ApiError } from "../sync/errors.js";
import { LONGEST_WAIT_MS } from "./order.js";

const FIRST_WAIT_MS = 1_000;

/** @param {number} failures so far, from 1 @param {number} random 0..1 @param {number | null} [asked] what
 *  the server asked for @returns {number} ms */
export function waitMs(failures, random, asked = null) {
  const doubled = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 20), LONGEST_WAIT_MS);
  const shaken = Math.max(doubled * (0.5 + random / 2), FIRST_WAIT_MS);
  return Math.min(Math.max(shaken, asked ?? 0), LONGEST_WAIT_MS);
}

/** @typedef {ReturnType<typeof createLine>} Line */

/** @param {import("./types.js").Clock} clock */
export function createLine(clock) {
  let failures = 0;
  let until = 0;
  /** @type {import("../sync/errors.js").Trouble | "ok"} */
  let state = "ok";

  return {
    get state() {
      return state;
    },
    /** @returns {number} ms to wait, 0 for none */
    rest: () => Math.max(0, until - clock.mono()),
    ok() {
      [failures, until, state] = [0, 0, "ok"];
    },
    /** Bytes got through: a line that breaks every few seconds is still worth trying soon. */
    moved() {
      failures = 0;
    },
    /** @param {import("../sync/errors.js").ApiError} error */
    failed(error) {
      failures += 1;
      state = error.kind;
      until =
        clock.mono() + waitMs(failures, clock.random?.() ?? Math.random(), error.retryAfterMs);
    },
    /** Someone says the line is back, or is looking: try now.  Not when the server asked for a pause. */
    hurry() {
      if (state === "offline" || state === "portal") until = 0;
    },
  };
}

/** Note a failure of the line, or ask to sign in.  @param {unknown} error @param {{line: Line, tell: (name: string, detail?: object) => void}} parts
 *  @returns {ApiError} */
export function lineTrouble(error, { line, tell }) {
  if (!(error instanceof ApiError)) throw error;
  line.failed(error);
  if (error.kind === "auth") tell("signin-needed", { code: error.code });
  tell("line", { state: error.kind, code: error.code, retryInMs: line.rest() });
  return error;
}
