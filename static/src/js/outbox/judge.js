// @ts-check
/** What an answer means for one item.  Promise: "received" only on a receipt that repeats our id, our
 *  hash and every byte we announced, signed by the server's key where this browser can check it. */

/** @typedef {import("./types.js").Result} Result */
/** @typedef {import("./types.js").Claims} Claims */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./entries.js").Row} Row */
/** @typedef {import("./entries.js").Inner} Inner */
/** @typedef {{row: Partial<Row>, inner: Partial<Inner>}} Verdict */

const DONE = new Set(["created", "known"]);
const PARKED = new Set(["invalid", "malformed", "refused"]);

/** @param {unknown} result @param {Inner} inner @param {import("./types.js").Vault} vault
 *  @returns {Promise<Verdict | null>} null: not to be believed, the item stays as it is */
export async function judge(result, inner, vault) {
  if (!isResult(result) || !answers(result, inner)) return null;
  if (PARKED.has(result.status)) return parked(result);
  const claims = result.receipt;
  if (!isReceipt(claims, result, inner)) return null;
  const verified = await vault.verify(claims, result.signature);
  if (verified === false) return null;
  const kept = { receipt: claims, signature: result.signature, verified };
  if (result.status === "conflict") return inConflict(result, kept);
  const missing = claims.missing.map((one) => one.id);
  const phase = phaseOf(inner.item, missing);
  const inRow = {
    attempts: 0,
    next_try_at: 0,
    phase,
    bytes_sent: sentBytes(inner.item, missing, inner),
  };
  const settled = { problems: [], code: result.code ?? null, current: null, ...kept };
  if (result.status === "pending") {
    return { row: { ...inRow, state: "pending", held: true }, inner: settled };
  }
  if (!DONE.has(result.status)) return null;
  if (missing.length) return { row: { ...inRow, state: "waiting", held: false }, inner: settled };
  const received_at = Date.parse(claims.received_at);
  return { row: { ...inRow, state: "received", held: false, received_at }, inner: settled };
}

/** @param {unknown} result @returns {result is Result} */
function isResult(result) {
  return (
    result !== null &&
    typeof result === "object" &&
    typeof (/** @type {any} */ (result).status) === "string"
  );
}

/** Whether this is the answer to this item.  What was unreadable to the server has no id to repeat.
 *  @param {Result} result @param {Inner} inner */
function answers(result, { item, item_sha256 }) {
  if (result.id === null) return result.status === "malformed";
  return (
    result.id === item.id &&
    (result.kind ?? item.kind) === item.kind &&
    (result.op ?? item.op) === item.op &&
    (result.item_sha256 === item_sha256 || (result.status === "malformed" && !result.item_sha256))
  );
}

/** @param {Claims | null} claims @param {Result} result @param {Inner} inner
 *  @returns {claims is Claims} */
function isReceipt(claims, result, { item, item_sha256 }) {
  if (claims === null || typeof claims !== "object" || claims.v !== 1) return false;
  const same =
    claims.id === item.id &&
    claims.kind === item.kind &&
    claims.op === item.op &&
    claims.status === result.status &&
    claims.item_sha256 === item_sha256;
  if (!same || !Array.isArray(claims.held) || !Array.isArray(claims.missing)) return false;
  if (Number.isNaN(Date.parse(claims.received_at))) return false;
  const ours = new Set((item.attachments ?? []).map(({ id }) => id));
  if (!claims.missing.every((one) => ours.has(one?.id))) return false;
  const told = [...claims.held, ...claims.missing];
  return (item.attachments ?? []).every(({ id, sha256, bytes, role }) => {
    const theirs = told.filter((one) => one?.id === id);
    const same = theirs.every((one) => one.sha256 === sha256 && one.bytes === bytes);
    return same && (theirs.length > 0 || role !== "original"); // a preview may be superfluous
  });
}

/** @param {Result} result @returns {Verdict} */
function parked(result) {
  const problems = Array.isArray(result.problems) ? result.problems : [];
  return {
    row: { state: "fixing", held: false, maybe_sent: false, attempts: 0, next_try_at: 0 },
    inner: { problems, code: result.code ?? result.status, current: null },
  };
}

/** @param {Result} result @param {Partial<Inner>} kept @returns {Verdict} */
function inConflict(result, kept) {
  return {
    row: { state: "fixing", held: false, attempts: 0, next_try_at: 0 },
    inner: { problems: [], code: "conflict", current: result.current ?? null, ...kept },
  };
}

/** @param {Item} item @param {string[]} missing @returns {import("./entries.js").Phase} */
function phaseOf(item, missing) {
  const lacking = (item.attachments ?? []).filter((one) => missing.includes(one.id));
  if (lacking.some((one) => one.role === "preview")) return "preview";
  return lacking.length ? "original" : "held";
}

/** @param {Item} item @param {string[]} missing @param {Inner} inner */
function sentBytes(item, missing, { uploads }) {
  const sent = (item.attachments ?? []).map((one) =>
    missing.includes(one.id) ? (uploads[one.id]?.sent ?? 0) : one.bytes,
  );
  return sent.reduce((sum, bytes) => sum + bytes, 0);
}
