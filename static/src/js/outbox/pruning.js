// @ts-check
/** Making room.  Promise: what was not received is never touched.  A received original stays 14 days,
 *  by the server's clock and not this phone's; after that its preview stays, and after 100 days
 *  nothing, for the server's own pages show it.  When the phone is full, received originals go early. */
import { inOneWrite, withDb } from "../vault/db.js";
import { hasBytes } from "./writing.js";

const DAY_MS = 86_400_000;
const ORIGINALS_MS = 14 * DAY_MS;
const ENTRIES_MS = 100 * DAY_MS; // the pull tells of one's own records for 90 days

/** @typedef {import("./entries.js").Row} Row */
/** @typedef {import("./entries.js").Entries} Entries */

/** @param {Entries} entries @param {number | undefined} serverTime of the last contact, epoch ms */
export async function prune(entries, serverTime) {
  if (!serverTime) return;
  const received = await oldestFirst(entries);
  const age = (/** @type {Row} */ row) => serverTime - (row.received_at ?? serverTime);
  const gone = received.filter((row) => age(row) >= ENTRIES_MS);
  if (gone.length) await entries.remove(gone.map((row) => row.id));
  const slim = received.filter((row) => age(row) >= ORIGINALS_MS && age(row) < ENTRIES_MS);
  for (const row of slim) await letOriginalGo(entries.accountId, row);
}

/** Let received originals go, oldest first, until about `bytes` are free.
 *  @param {Entries} entries @param {number} bytes @returns {Promise<number>} how many were let go */
export async function freeRoom(entries, bytes) {
  let freed = 0;
  for (const row of await oldestFirst(entries)) {
    if (freed >= bytes) break;
    freed += await letOriginalGo(entries.accountId, row);
  }
  return freed;
}

/** @param {Entries} entries @returns {Promise<Row[]>} received ones that still hold bytes or words */
async function oldestFirst({ accountId }) {
  const rows = /** @type {Row[]} */ (
    await withDb((db) => db.getAllFromIndex("items", "by_state", [accountId, "received"]))
  );
  return rows.sort((a, b) => (a.received_at ?? 0) - (b.received_at ?? 0));
}

/** @param {string} accountId @param {Row} row @returns {Promise<number>} bytes */
async function letOriginalGo(accountId, { id, kind, op, slim }) {
  if (slim || !hasBytes({ kind, op })) return 0;
  return inOneWrite(["items", "chunks"], async (change) => {
    const items = change.objectStore("items");
    const row = /** @type {Row | undefined} */ (await items.get([accountId, id]));
    if (row?.state !== "received") return 0;
    const chunks = change.objectStore("chunks");
    let freed = 0;
    let cursor = await chunks.index("by_photo").openCursor([accountId, id]);
    for (; cursor; cursor = await cursor.continue()) {
      if (cursor.value.role !== "original") continue;
      freed += cursor.value.data.byteLength;
      await chunks.delete(cursor.primaryKey);
    }
    await items.put({ ...row, slim: true, rev: row.rev + 1 });
    return freed;
  });
}
