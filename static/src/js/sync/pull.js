// @ts-check
/** The server's side of things on this phone: the account, the programme, centres, rounds, what is due,
 *  one's records.  Promises: a section is replaced whole or not at all, together with the cursor that
 *  vouches for it; what was struck out there is forgotten here; a refused cursor costs one full pull. */
import { ApiError } from "./errors.js";

/** What a section must be, so that half an answer never replaces a whole copy. @type {Record<string, (it: any) => boolean>} */
const SECTIONS = {
  account: (it) => isObject(it) && typeof it.id === "string",
  programme: (it) => isObject(it) && Array.isArray(it.visit_kinds),
  centres: Array.isArray,
  rounds: Array.isArray,
  due: Array.isArray,
  records: (it) => isObject(it) && Array.isArray(it.visits),
  office: (it) => isObject(it) && Array.isArray(it.plan_items),
};

/** @param {{vault: import("../outbox/types.js").Vault, api: Pick<import("./api.js").Api, "changes">,
 *    events?: EventTarget}} given
 *  @returns {{pull: () => Promise<{changed: string[], left: number}>, events: EventTarget}}  "pulled" (detail {changed}) */
export function createPull({ vault, api, events = new EventTarget() }) {
  /** @type {Promise<{changed: string[], left: number}> | null} */
  let running = null;

  /** @returns {Promise<{changed: string[], left: number}>} @throws {ApiError} */
  const pull = () => (running ??= once().finally(() => (running = null)));

  async function once() {
    const answer = await ask();
    const sections = Object.entries(answer.sections).filter(([name]) => name in SECTIONS);
    // The names go first: killed in between, the same sections come again.
    const records = answer.sections.records ?? (await vault.pulled("records").catch(() => null));
    // What a phone sent since may tell of somebody who was forgotten before.
    if (answer.sections.records || records?.forgotten?.length) {
      const { scrub } = await import("../outbox/scrubbing.js"); // not part of the first load
      await scrub(vault, records);
    }
    const left = await leaveBehind(answer.sections);
    await vault.putPulledAll({ ...Object.fromEntries(sections), cursor: answer.cursor });
    await vault.noteContact(answer);
    const changed = sections.map(([name]) => name);
    events.dispatchEvent(new CustomEvent("pulled", { detail: { changed } }));
    return { changed, left };
  }

  /** What lies outside the account's area from now on goes.  @param {Record<string, any>} sections
   *  @returns {Promise<number>} how many received entries went */
  async function leaveBehind({ account, centres, ...rest }) {
    const before = centres && (await vault.pulled("centres").catch(() => null));
    const kept = new Set(centres?.map((/** @type {any} */ one) => one.id));
    const lost = before?.some((/** @type {any} */ one) => !kept.has(one.id));
    if (!account && !lost) return 0;
    const { dropOutside } = await import("../outbox/outside.js"); // rare: not part of the first load
    return dropOutside(vault, { account, centres, ...rest });
  }

  async function ask() {
    const cursor = await vault.pulled("cursor").catch(() => null);
    try {
      return checked(await api.changes(cursor ?? null));
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "bad_cursor") throw error;
      return checked(await api.changes(null));
    }
  }

  return { pull, events };
}

/** @param {{cursor: string, server_time: string, nonce: string, sections: Record<string, any>}} answer */
function checked(answer) {
  const whole =
    typeof answer.cursor === "string" &&
    isObject(answer.sections) &&
    Object.entries(answer.sections).every(([name, it]) => SECTIONS[name]?.(it) ?? true);
  if (!whole) throw new ApiError("portal", "not_changes");
  return answer;
}

/** @param {unknown} it */
const isObject = (it) => it !== null && typeof it === "object" && !Array.isArray(it);
