// @ts-check
/** Reading an answer: ours and whole, or an ApiError.  Believes nothing but its own marks:
 *  captive portals answer 200, proxies cut bodies and answer 502. */
import { ApiError } from "./errors.js";

export const LONGEST_WAIT_MS = 5 * 60_000; // what Retry-After may ask for at most
const MARK = "Lakthan-Api";
const SAID_BY_PROXIES = new Set([413, 429, 502, 503, 504]); // in front of our server, in good faith
const NO_CONTENT = 204;
const NO_LONGER = new Set(["account_disabled", "role_without_phone"]); // the person, not what was sent

/** @param {Response} response @param {number} now epoch ms @returns {Promise<any>} null for 204 */
export async function readAnswer(response, now) {
  const status = response.status;
  const ours = response.headers.get(MARK) === "1";
  if (status < 200 || status >= 300) throw await refusal(response, now, ours);
  if (!ours) throw new ApiError("portal", "not_ours", { status });
  return status === NO_CONTENT ? null : ownJson(response);
}

/** @param {Response} response */
async function ownJson(response) {
  const { status } = response;
  const type = response.headers.get("Content-Type") ?? "";
  if (!/^application\/json\b/i.test(type)) throw new ApiError("portal", "not_json", { status });
  const text = await response.text(); // a connection that breaks here is no answer: "offline"
  try {
    const answer = JSON.parse(text);
    if (answer !== null && typeof answer === "object" && !Array.isArray(answer)) return answer;
  } catch {
    // cut short: answered below like anything else that is no object
  }
  throw new ApiError("portal", "not_json", { status });
}

/** What a status says that is no success: a redirect (0 or 3xx), 4xx, 5xx.
 *  @param {Response} response @param {number} now @param {boolean} ours whether it bears our marks
 *  @returns {Promise<ApiError>} */
export async function refusal(response, now, ours) {
  const { status } = response;
  if (!ours && !SAID_BY_PROXIES.has(status)) {
    const kind = status >= 500 && status !== 511 ? "server" : "portal"; // 511 says so itself
    return new ApiError(kind, "not_ours", { status });
  }
  const problem = await problemOf(response);
  const code = typeof problem.code === "string" ? problem.code : `status_${status}`;
  const detail = typeof problem.detail === "string" ? problem.detail : null;
  const retryAfterMs = retryAfter(response.headers, now);
  return new ApiError(kindOf(status, code), code, { status, retryAfterMs, detail });
}

/** @param {number} status @param {string} code @returns {import("./errors.js").Trouble} */
function kindOf(status, code) {
  if (status === 401 || NO_LONGER.has(code)) return "auth";
  if (status === 429 || status === 503 || status === 423) return "busy";
  return status >= 500 ? "server" : "refused";
}

/** @param {Response} response @returns {Promise<Record<string, unknown>>} */
async function problemOf(response) {
  try {
    const problem = await response.json();
    return problem !== null && typeof problem === "object" ? problem : {};
  } catch {
    return {}; // the status alone must do
  }
}

/** How long the server asks us to wait: seconds or a date, never more than five minutes.
 *  A date is measured against the server's own `Date`, for the phone's clock may be years off.
 *  @param {Headers} headers @param {number} now @returns {number | null} null when it does not say */
export function retryAfter(headers, now) {
  const said = headers.get("Retry-After")?.trim();
  if (!said) return null;
  const then = /^\d+$/.test(said)
    ? Number(said) * 1000
    : Date.parse(said) - serverNow(headers, now);
  return Number.isNaN(then) ? null : Math.min(Math.max(then, 0), LONGEST_WAIT_MS);
}

/** @param {Headers} headers @param {number} now */
function serverNow(headers, now) {
  const date = Date.parse(headers.get("Date") ?? "");
  return Number.isNaN(date) ? now : date;
}
