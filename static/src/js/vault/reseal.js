// @ts-check
/** A phone that enrols anew as another device gets another locker.  What the old one sealed is sealed
 *  anew, row by row, each in one write: killed at any point, every row opens with one of the two,
 *  and the next start goes on.  Only then is the old locker dropped. */
import { seal, unseal } from "./crypto.js";
import { inOneWrite, withDb } from "./db.js";

/** @typedef {import("./accounts.js").AccountRow} AccountRow */

/** Where each kind of row belongs: the additional data of its seal. @type {Record<string, (row: any) => string>} */
export const PLACES = {
  items: (row) => `item:${row.account_id}:${row.id}`,
  chunks: (row) => `chunk:${row.account_id}:${row.attachment_id}:${row.index}`,
  pulled: (row) => `pulled:${row.account_id}:${row.name}`,
  drafts: (row) => `draft:${row.account_id}:${row.name}`,
};

/** @param {string} accountId */
export async function finishResealing(accountId) {
  const account = /** @type {AccountRow | undefined} */ (
    await withDb((db) => db.get("accounts", accountId))
  );
  const { locker, older = [] } = account ?? {};
  if (!locker || !older.length) return;
  const mine = IDBKeyRange.bound([accountId], [accountId, []]);
  for (const store of Object.keys(PLACES)) {
    const keys = await withDb((db) => db.getAllKeys(store, mine));
    for (const key of keys) await resealRow(store, key, locker, older);
  }
  await inOneWrite("accounts", async (change) => {
    const accounts = change.objectStore("accounts");
    const row = await accounts.get(accountId);
    if (row?.session === account?.session) await accounts.put({ ...row, older: [] });
  });
}

/** @param {string} store @param {any} key @param {CryptoKey} locker @param {CryptoKey[]} older */
async function resealRow(store, key, locker, older) {
  const row = await withDb((db) => db.get(store, key));
  if (!row) return;
  const place = PLACES[store](row);
  const sealed = row.sealed ?? { iv: row.iv, data: row.data };
  const bytes = await opened([locker, ...older], sealed, place);
  if (!bytes || bytes.by === locker) return; // shut for good, or already done
  const fresh = await seal(locker, bytes.data, place);
  await inOneWrite(store, async (change) => {
    const table = change.objectStore(store);
    const now = await table.get(key);
    const same = now && String((now.sealed ?? now).iv) === String(sealed.iv);
    if (same) await table.put(now.sealed ? { ...now, sealed: fresh } : { ...now, ...fresh });
  });
}

/** @param {CryptoKey[]} lockers @param {import("../outbox/types.js").Sealed} sealed @param {string} place */
async function opened(lockers, sealed, place) {
  for (const by of lockers) {
    try {
      return { by, data: await unseal(by, sealed, place) };
    } catch {
      // the wrong key: try the next
    }
  }
  return null;
}
