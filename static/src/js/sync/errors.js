// @ts-check
/** Why the server gave no usable answer, in the six ways that ask for different next steps. */

/** offline: no answer at all; portal: an answer, but not our server's; auth: ask to sign in;
 *  refused: our server says no to what was sent; busy: come back later; server: it is in trouble.
 *  @typedef {"offline" | "portal" | "auth" | "refused" | "busy" | "server"} Trouble */

export class ApiError extends Error {
  /** @param {Trouble} kind @param {string} code
   *  @param {{status?: number, retryAfterMs?: number | null, detail?: string | null, cause?: unknown}} [more] */
  constructor(kind, code, { status = 0, retryAfterMs = null, detail = null, cause } = {}) {
    super(`${kind}: ${code}`, { cause });
    this.name = "ApiError";
    this.kind = kind;
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.detail = detail;
  }
}
