// @ts-check
/** The connection to the phone's database.  Promises: a connection that the system closed (sleep,
 *  memory) is opened anew and the work done once more; a newer version in another tab is never
 *  blocked by this one; what the browser refuses comes out as a StoreError.
 *  So `work` handed in here may run twice and must be harmless the second time. */
import { openDB } from "idb";
import { StoreError } from "./errors.js";
import { STEPS } from "./schema.js";

/** @typedef {import("./schema.js").Db} Db */
/** @typedef {import("idb").IDBPTransaction<any, string[], "readwrite">} Writing */

export const NAME = "lakthan";
const DIED = new Set(["InvalidStateError", "UnknownError", "TransactionInactiveError"]);
const MAYBE_DIED = "AbortError"; // also what a full disk says, see `codeOf`

/** "blocked": another tab keeps the old version open; "outdated": this tab is the old one. */
export const dbEvents = new EventTarget();

/** @type {Promise<Db> | null} */
let opened = null;

/** Do `work` on the database; once more on a fresh connection if the present one turns out dead.
 *  @template T @param {(db: Db) => Promise<T>} work @returns {Promise<T>} @throws {StoreError} */
export async function withDb(work) {
  try {
    return await work(await connection());
  } catch (error) {
    if (!hasDied(error)) throw told(error);
  }
  closeDb();
  try {
    return await work(await connection());
  } catch (error) {
    throw told(error);
  }
}

/** Do `work` in one transaction: all of it is kept, or nothing.  Await every request in `work`, and
 *  nothing else.  May run twice, as with `withDb`; with `strict` it is on the disk when it resolves.
 *  @template T @param {string | string[]} stores @param {(change: Writing) => Promise<T>} work
 *  @param {{strict?: boolean}} [how] @returns {Promise<T>} @throws {StoreError} */
export function inOneWrite(stores, work, { strict = false } = {}) {
  return withDb(async (db) => {
    const change = db.transaction(
      [stores].flat(),
      "readwrite",
      strict ? { durability: "strict" } : {},
    );
    const done = change.done.catch((error) => error ?? new Error("aborted"));
    try {
      const result = await work(/** @type {Writing} */ (change));
      const failure = await done;
      if (failure) throw failure;
      return result;
    } catch (error) {
      try {
        change.abort();
      } catch {
        // it ended by itself; its own reason says more than the request's
      }
      throw change.error ?? error;
    }
  });
}

/** Let go of the connection; the next `withDb` opens another. */
export function closeDb() {
  const last = opened;
  opened = null;
  last?.then((db) => db.close()).catch(() => {}); // it never opened: nothing to close
}

function connection() {
  opened ??= openDatabase().catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** Open `name` at the version that `steps` reach.  A page that is left meanwhile gives up until it is
 *  come back to: kept for the way back in the midst of an upgrade, Chromium lets no other page in.
 *  @param {{steps?: import("./schema.js").Step[], name?: string}} [as]
 *  @returns {Promise<Db>} @throws {StoreError} */
export async function openDatabase({ steps = STEPS, name = NAME } = {}) {
  if (!globalThis.indexedDB) throw new StoreError("no_storage");
  /** @type {unknown} */
  let failure = null;
  let wasLeft = false;
  try {
    return await openDB(name, steps.length, {
      async upgrade(db, from, _to, change) {
        const left = () => {
          wasLeft = true;
          change.abort();
        };
        globalThis.addEventListener?.("pagehide", left);
        const ended = () => globalThis.removeEventListener?.("pagehide", left);
        change.done.then(ended, ended); // why it failed is told through `failure`
        try {
          for (const step of steps.slice(from)) {
            await step(/** @type {Db} */ (db), /** @type {any} */ (change));
          }
        } catch (error) {
          failure = error;
          change.abort(); // half a migration is none: the old version stands
        }
      },
      blocked: () => dbEvents.dispatchEvent(new Event("blocked")),
      blocking() {
        closeDb();
        dbEvents.dispatchEvent(new Event("outdated"));
      },
      terminated: closeDb,
    });
  } catch (error) {
    if (wasLeft) {
      await new Promise((back) => globalThis.addEventListener("pageshow", back, { once: true }));
      return openDatabase({ steps, name });
    }
    if (failure) throw failure;
    throw nameOf(error) === "VersionError"
      ? new StoreError("outdated", { cause: error })
      : new StoreError(codeOf(error) ?? "no_storage", { cause: error });
  }
}

/** @param {unknown} error */
function hasDied(error) {
  if (error instanceof StoreError) return false;
  return DIED.has(nameOf(error)) || (nameOf(error) === MAYBE_DIED && !codeOf(error));
}

/** @param {unknown} error */
function told(error) {
  const code = codeOf(error);
  if (code) return new StoreError(code, { cause: error });
  return hasDied(error) ? new StoreError("no_storage", { cause: error }) : error;
}

/** @param {unknown} error @returns {"no_room" | null} */
function codeOf(error) {
  const chain = [error, /** @type {any} */ (error)?.cause, /** @type {any} */ (error)?.inner];
  return chain.some((one) => nameOf(one) === "QuotaExceededError") ? "no_room" : null;
}

/** @param {unknown} error @returns {string} */
function nameOf(error) {
  return /** @type {any} */ (error)?.name ?? "";
}
