// @ts-check
/** One sender per account, however many tabs are open.  Web Locks where the browser has them; else a
 *  lease in the database, which counts as left behind when its beat has not moved while this tab
 *  watched: no clock is compared between tabs.  Two senders would do no harm, only cost traffic. */
import { newId } from "../shared/ids.js";
import { inOneWrite } from "../vault/db.js";

const BEAT_MS = 5_000;
const LEFT_BEHIND_MS = 20_000; // four beats; a tab in the background may skip some

/** @typedef {import("./types.js").Clock} Clock */
/** Runs `work` alone and resolves to true, or to false at once when another tab is at it.
 *  @typedef {(name: string, work: (stillMine: () => Promise<boolean>) => Promise<void>) => Promise<boolean>} Alone */

/** @param {import("./types.js").Locks | null | undefined} locks @param {Clock} clock @returns {Alone} */
export function createLock(locks, clock) {
  return locks ? (name, work) => withLock(locks, name, work) : createLease(clock);
}

/** @param {import("./types.js").Locks} locks @param {string} name
 *  @param {(stillMine: () => Promise<boolean>) => Promise<void>} work @returns {Promise<boolean>} */
async function withLock(locks, name, work) {
  let ran = false;
  await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    ran = true;
    await work(async () => true);
  });
  return ran;
}

/** @param {Clock} clock @returns {Alone} */
function createLease(clock) {
  const me = newId();
  /** What this tab last saw of another's lease. @type {{beat: string, since: number} | null} */
  let watched = null;

  /** @param {string} name @param {"take" | "keep" | "leave"} how @returns {Promise<boolean>} */
  const touch = (name, how) =>
    inOneWrite("meta", async (change) => {
      const meta = change.objectStore("meta");
      const lease = (await meta.get(name))?.value;
      const mine = lease?.holder === me;
      if (how === "leave") return mine ? meta.delete(name).then(() => true) : false;
      if (!mine && (how === "keep" || (lease && !leftBehind(lease.beat)))) return false;
      await meta.put({ name, value: { holder: me, beat: newId() } });
      return true;
    });

  /** @param {string} beat */
  function leftBehind(beat) {
    if (watched?.beat !== beat) watched = { beat, since: clock.mono() };
    return clock.mono() - watched.since >= LEFT_BEHIND_MS;
  }

  return async (name, work) => {
    if (!(await touch(name, "take"))) return false;
    /** @type {any} */
    let timer = null;
    const beat = () => {
      timer = clock.setTimeout(() => {
        touch(name, "keep").then(
          (kept) => kept && timer !== null && beat(),
          () => {},
        );
      }, BEAT_MS);
    };
    beat();
    try {
      await work(() => touch(name, "keep"));
    } finally {
      clock.clearTimeout(timer);
      timer = null;
      await touch(name, "leave");
    }
    return true;
  };
}
