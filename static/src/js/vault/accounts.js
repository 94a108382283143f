// @ts-check
/** Who uses this phone.  One account is signed in at a time; each one's rows are sealed with its own
 *  locker, which comes with signing in and goes with signing out.  Promise: after `signOutHere`
 *  nothing readable stays, what was not sent stays sealed, and opens at the next sign-in. */
import { inOneWrite, withDb } from "./db.js";
import { importLocker, seal } from "./crypto.js";
import { newId } from "../shared/ids.js";
import { meta } from "./meta.js";
import { finishResealing } from "./reseal.js";

/** @typedef {import("../outbox/types.js").EnrolAnswer} EnrolAnswer */

/** @typedef {{
 *    account_id: string, device_id: string, key_id: string | null, install_id: string,
 *    signing: CryptoKeyPair | null, locker?: CryptoKey, older?: CryptoKey[], session?: string,
 *    sealed?: import("../outbox/types.js").Sealed,
 *  }} AccountRow */

/** Tells every tab: "signed-out", "signed-in".  Either ends all vaults opened before. */
export const accountEvents = new EventTarget();
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("lakthan-accounts") : null;
channel?.addEventListener("message", ({ data }) => accountEvents.dispatchEvent(new Event(data)));
/** @type {any} */ (channel)?.unref?.(); // in tests: do not keep the process for it

/** @param {"signed-out" | "signed-in"} what */
function tell(what) {
  accountEvents.dispatchEvent(new Event(what));
  channel?.postMessage(what);
}

/** @param {string} accountId */
export const accountPlace = (accountId) => `account:${accountId}`;

/** Make `answer`'s account the one signed in.  Whoever was signed in before is signed out here.
 *  @param {EnrolAnswer} answer @param {CryptoKeyPair | null} keyPair @param {string} installId
 *  @param {number} [now] */
export async function signInHere(answer, keyPair, installId, now = Date.now()) {
  const accountId = answer.account.id;
  const before = /** @type {string | undefined} */ (await meta("active_account"));
  if (before && before !== accountId) await signOutHere();
  const locker = await importLocker(answer.locker);
  const { token, account, server_key, server_key_id, programme } = answer;
  const known = { token, account, server_key, server_key_id, programme };
  const sealed = await seal(locker, known, accountPlace(accountId));
  const serverTime = Date.parse(answer.server_time);
  const contact = { nonce: answer.nonce, serverTime, skewS: Math.round((now - serverTime) / 1000) };
  const sealedContact = await seal(locker, contact, `pulled:${accountId}:contact`);
  const stores = ["accounts", "meta", "pulled"];
  await inOneWrite(
    stores,
    async (change) => {
      const accounts = change.objectStore("accounts");
      const last = /** @type {AccountRow | undefined} */ (await accounts.get(accountId));
      await accounts.put({
        account_id: accountId,
        device_id: answer.device_id,
        key_id: answer.key_id,
        install_id: installId,
        signing: answer.key_id ? keyPair : null,
        locker,
        older: olderLockers(last, answer.device_id),
        session: newId(),
        sealed,
      });
      await change.objectStore("meta").put({ name: "active_account", value: accountId });
      const pulled = change.objectStore("pulled");
      await pulled.put({ account_id: accountId, name: "contact", sealed: sealedContact });
      await pulled.delete([accountId, "beat"]); // a new token begins with no heartbeat
    },
    { strict: true },
  );
  tell("signed-in");
  await finishResealing(accountId);
}

/** Another device of the same account has another locker; what the last one sealed is sealed anew.
 *  @param {AccountRow | undefined} last @param {string} deviceId */
function olderLockers(last, deviceId) {
  if (!last?.locker || last.device_id === deviceId) return last?.older ?? [];
  return [last.locker, ...(last.older ?? [])];
}

/** Forget key and token of whoever is signed in.  Items stay, sealed.  Harmless twice.
 *  @param {{drop?: boolean}} [how]  drop: what the server told goes as well, names and numbers with it */
export async function signOutHere({ drop = false } = {}) {
  const accountId = await meta("active_account");
  if (accountId) {
    await finishResealing(accountId);
    await inOneWrite(
      ["accounts", "meta", "pulled"],
      async (change) => {
        const accounts = change.objectStore("accounts");
        const row = /** @type {AccountRow | undefined} */ (await accounts.get(accountId));
        const told = IDBKeyRange.bound([accountId], [accountId, []]);
        if (drop) await change.objectStore("pulled").delete(told);
        if (row) {
          const { account_id, device_id, key_id, install_id } = row;
          await accounts.put({ account_id, device_id, key_id, install_id, signing: null });
        }
        await change.objectStore("meta").delete("active_account");
      },
      { strict: true },
    );
  }
  tell("signed-out");
}

/** Who has something here: ids and counts, no names.
 *  @returns {Promise<{accountId: string, deviceId: string, signedIn: boolean, unsent: number}[]>} */
export function knownAccounts() {
  return withDb(async (db) => {
    const rows = /** @type {AccountRow[]} */ (await db.getAll("accounts"));
    return Promise.all(
      rows.map(async ({ account_id, device_id, locker }) => ({
        accountId: account_id,
        deviceId: device_id,
        signedIn: Boolean(locker),
        unsent: await countUnsent(db, account_id),
      })),
    );
  });
}

/** @param {import("./db.js").Db} db @param {string} accountId */
async function countUnsent(db, accountId) {
  const all = await db.count("items", IDBKeyRange.bound([accountId], [accountId, []]));
  return all - (await db.countFromIndex("items", "by_state", [accountId, "received"]));
}
