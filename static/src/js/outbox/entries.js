// @ts-check
/** The rows of the outbox: open columns for counting and choosing, all words sealed.
 *  Promise: a change is written whole or not at all, and never over somebody else's change. */
import { inOneWrite, withDb } from "../vault/db.js";
import { StoreError } from "../vault/errors.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Vault} Vault */

/** What is left to do for a photo: announce it, bring its preview, its original, ask for the receipt,
 *  wait for the parent. @typedef {"announce" | "preview" | "original" | "confirm" | "held"} Phase */

/** @typedef {{
 *    account_id: string, id: string, record_id: string, device_id: string, seq: number,
 *    kind: import("./types.js").Kind, op: import("./types.js").Op, state: import("./types.js").State,
 *    phase: Phase, held: boolean, maybe_sent: boolean, order: number, subject_id: string | null,
 *    created_at: number, attempts: number, next_try_at: number, bytes_total: number,
 *    bytes_sent: number, received_at: number | null, slim: boolean, rev: number,
 *    sealed: import("./types.js").Sealed,
 *  }} Row
 *  held: the server has it and waits for its parent; slim: the original was let go;
 *  received_at: the server's time, so that a wrong clock here lets nothing go early. */

/** @typedef {{
 *    item: Item, item_sha256: string, problems: import("./types.js").Problem[], code: string | null,
 *    current: import("./types.js").Current | null, receipt: import("./types.js").Claims | null,
 *    signature: string | null, verified: boolean | null,
 *    uploads: Record<string, {url: string | null, sent: number}>,
 *  }} Inner */

const UNSENT = ["waiting", "sending", "pending", "fixing"];

/** @param {Pick<Row, "account_id" | "id">} row */
export const placeOf = (row) => `item:${row.account_id}:${row.id}`;
/** @param {string} accountId */
export const rowsOf = (accountId) => IDBKeyRange.bound([accountId], [accountId, []]);

/** @typedef {ReturnType<typeof createEntries>} Entries */

/** @param {Vault} vault */
export function createEntries(vault) {
  const accountId = vault.account.id;

  /** In the order they were made. @returns {Promise<Row[]>} */
  const rows = () => withDb((db) => db.getAllFromIndex("items", "by_seq", rowsOf(accountId)));

  /** Those not received, in the order they were made. @returns {Promise<Row[]>} */
  const unsent = () =>
    withDb(async (db) => {
      const byState = db.transaction("items").store.index("by_state");
      const found = await Promise.all(UNSENT.map((state) => byState.getAll([accountId, state])));
      return found.flat().sort((a, b) => a.seq - b.seq);
    });

  /** @returns {Promise<number>} */
  const countReceived = () =>
    withDb((db) => db.countFromIndex("items", "by_state", [accountId, "received"]));

  /** @param {string} id @returns {Promise<Row | undefined>} */
  const row = (id) => withDb((db) => db.get("items", [accountId, id]));

  /** @param {Row} of @returns {Promise<Inner | null>} null when this sign-in's key does not open it */
  async function open(of) {
    try {
      return await vault.unsealJson(of.sealed, placeOf(of));
    } catch (error) {
      if (error instanceof StoreError) throw error;
      return null;
    }
  }

  /** Change one row.  `change` may run again when someone else changed it meanwhile; null leaves it.
   *  @param {string} id
   *  @param {(row: Row, inner: Inner) => {row?: Partial<Row>, inner?: Partial<Inner>} | null} change
   *  @returns {Promise<Row | null>} as it is now; null when it is gone or was left */
  async function update(id, change) {
    for (;;) {
      const before = await row(id);
      const inner = before && (await open(before));
      const wanted = before && inner && change(before, inner);
      if (!wanted) return null;
      const sealed = wanted.inner
        ? await vault.seal({ ...inner, ...wanted.inner }, placeOf(before))
        : before.sealed;
      const after = { ...before, ...wanted.row, sealed, rev: before.rev + 1 };
      if (await swap(before, after)) return after;
    }
  }

  /** @param {Row} before @param {Row} after @returns {Promise<boolean>} false when `before` is no more */
  function swap(before, after) {
    return inOneWrite("items", async (change) => {
      const items = change.objectStore("items");
      const now = /** @type {Row | undefined} */ (await items.get([accountId, before.id]));
      const mine = now?.rev === after.rev && sameSeal(now, after); // a second run of the same work
      const free = now?.rev === before.rev && sameSeal(now, before);
      if (free) await items.put(after);
      return free || mine;
    });
  }

  /** Set open columns of many rows in one write. @param {string[]} ids @param {(row: Row) => Partial<Row>} columns */
  function setColumns(ids, columns) {
    return inOneWrite("items", async (change) => {
      const items = change.objectStore("items");
      for (const id of ids) {
        const now = /** @type {Row | undefined} */ (await items.get([accountId, id]));
        if (now) await items.put({ ...now, ...columns(now), rev: now.rev + 1 });
      }
    });
  }

  /** Mark those of `read` that are still as they were read, in one write.
   *  @param {Row[]} read @param {Partial<Row>} columns @returns {Promise<Set<string>>} their ids */
  function claim(read, columns) {
    return inOneWrite("items", async (change) => {
      const items = change.objectStore("items");
      const claimed = new Set();
      for (const before of read) {
        const now = /** @type {Row | undefined} */ (await items.get([accountId, before.id]));
        if (now?.rev !== before.rev || !sameSeal(now, before)) continue; // corrected or discarded
        await items.put({ ...now, ...columns, rev: now.rev + 1 });
        claimed.add(before.id);
      }
      return claimed;
    });
  }

  /** Remove entries and their bytes, in one write; all or, where one may not go, none.
   *  @param {string[]} ids @param {(row: Row) => boolean} [mayGo] @throws {StoreError} already_sent */
  function remove(ids, mayGo = () => true) {
    return inOneWrite(["items", "chunks"], async (change) => {
      const [items, chunks] = [change.objectStore("items"), change.objectStore("chunks")];
      for (const id of ids) {
        const now = /** @type {Row | undefined} */ (await items.get([accountId, id]));
        if (now && !mayGo(now)) throw new StoreError("already_sent");
        await items.delete([accountId, id]);
        for (const key of await chunks.index("by_photo").getAllKeys([accountId, id])) {
          await chunks.delete(key);
        }
      }
    });
  }

  /** @param {Row} of @param {Inner | null} inner @returns {Entry} */
  function toEntry(of, inner) {
    return {
      id: of.id,
      recordId: of.record_id,
      kind: of.kind,
      op: of.op,
      state: inner ? of.state : "fixing",
      item: inner?.item ?? null,
      problems: inner?.problems ?? [],
      code: inner ? inner.code : "unreadable",
      current: inner?.current ?? null,
      receipt: inner?.receipt ?? null,
      verified: inner?.verified ?? null,
      attempts: of.attempts,
      nextTryAt: of.next_try_at,
      createdAt: of.created_at,
      receivedAt: of.received_at,
      bytesTotal: of.bytes_total,
      bytesSent: of.bytes_sent,
      subjectId: of.subject_id,
      maybeSent: of.maybe_sent,
      note: null,
    };
  }

  return {
    accountId,
    rows,
    unsent,
    countReceived,
    row,
    open,
    update,
    setColumns,
    claim,
    remove,
    toEntry,
  };
}

/** @param {Row} a @param {Row} b */
export const sameSeal = (a, b) => String(a.sealed.iv) === String(b.sealed.iv);
