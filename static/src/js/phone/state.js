// @ts-check
/**
 * State: one sentence that always says where things stand.  Pure.
 *
 * Order of urgency: who must act (sign in, fix), what is happening (sending), what waits, what is
 * done.  Nothing is ever called sent before the server's receipt was checked.
 */

/** @typedef {import("../outbox/types.js").Summary} Summary */
/** @typedef {"unknown" | "ok" | "offline" | "portal" | "busy" | "server"} Line */

/**
 * @typedef {object} Situation
 * @property {Summary | null} summary  null where nobody is signed in on this phone
 * @property {number} asleep  unsent items of accounts that signed out on this phone
 * @property {Line} line
 * @property {boolean} signInNeeded
 * @property {number} burst  how many were unsent when the present sending began
 *
 * @typedef {object} Saying
 * @property {string} key  of the words block
 * @property {Record<string, unknown>} facts
 * @property {"calm" | "good" | "wait" | "warn"} tone
 * @property {string} icon
 * @property {string | null} more  the key of a second sentence
 * @property {string} href  where something can be done about it
 */

/** Records that no server has yet. @param {Summary} summary */
export function unsentOf(summary) {
  return summary.waiting + summary.sending + summary.fixing;
}

/** @param {Situation} situation @returns {Saying} */
export function sayState({ summary, asleep, line, signInNeeded, burst }) {
  if (!summary) {
    if (asleep) return say("state.asleep", { num: asleep }, "warn", "lock");
    return say("state.signed_out", {}, "calm", "user");
  }
  const onItsWay = summary.waiting + summary.sending;
  if (signInNeeded) return say("state.sign_in", { num: unsentOf(summary) }, "warn", "lock");
  if (summary.fixing) return say("state.fixing", { num: summary.fixing }, "warn", "edit");
  if (summary.sending && line !== "offline") {
    const total = Math.max(burst, onItsWay);
    return say("state.sending", { n: Math.min(total - onItsWay + 1, total), total }, "wait", "sync");
  }
  if (onItsWay) {
    const more = { offline: "state.no_signal", portal: "state.portal", server: "state.server", busy: "state.server" };
    const why = /** @type {Record<string, string>} */ (more)[line] ?? null;
    return say("state.waiting", { num: onItsWay }, "wait", why ? "offline" : "clock", why);
  }
  if (line === "offline") return say("state.no_signal_ready", {}, "calm", "offline");
  if (summary.pending) return say("state.pending", { num: summary.pending }, "good", "check");
  if (summary.received) return say("state.all_received", {}, "good", "check");
  return say("state.ready", {}, "calm", "check");
}

/**
 * @param {string} key @param {Record<string, unknown>} facts @param {Saying["tone"]} tone
 * @param {string} icon @param {string | null} [more] @returns {Saying}
 */
function say(key, facts, tone, icon, more = null) {
  return { key, facts, tone, icon, more, href: ENROL.has(key) ? "/phone/enrol" : "/phone/outbox" };
}

const ENROL = new Set(["state.asleep", "state.signed_out", "state.sign_in"]);
