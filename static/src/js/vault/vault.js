// @ts-check
/** The vault of the account that is signed in: its key in use, its drafts, what the server told it.
 *  Promise: nothing leaves it in the open but what its own screens ask for, and nothing at all
 *  after `close` or after a sign-out in any tab. */
import { accountEvents, accountPlace } from "./accounts.js";
import { seal, sign, unseal, unsealJson, verifyClaims } from "./crypto.js";
import { inOneWrite, withDb } from "./db.js";
import { StoreError } from "./errors.js";
import { meta } from "./meta.js";
import { finishResealing } from "./reseal.js";

export { accountEvents, knownAccounts, signInHere, signOutHere } from "./accounts.js";
export { newSigningKeys } from "./crypto.js";
export { dbEvents } from "./db.js";
export { StoreError } from "./errors.js";
export { acknowledgeWiped, checkWiped, newInstallId } from "./marker.js";
export { installId, meta, setMeta } from "./meta.js";
export { askToPersist, canStore, storageState } from "./storage.js";

/** @typedef {import("../outbox/types.js").Vault} Vault */
/** @typedef {import("../outbox/types.js").Contact} Contact */
/** @typedef {import("../outbox/types.js").Sealed} Sealed */

const ENDS = ["signed-out", "signed-in"]; // a new sign-in has a vault of its own

/** @param {{now?: () => number}} [clock]
 *  @returns {Promise<Vault | null>} null when nobody is signed in here */
export async function openVault({ now = () => Date.now() } = {}) {
  const accountId = await meta("active_account");
  if (!accountId) return null;
  await finishResealing(accountId);
  const row = /** @type {import("./accounts.js").AccountRow | undefined} */ (
    await withDb((db) => db.get("accounts", accountId))
  );
  if (!row?.locker || !row.sealed) return null;
  try {
    const known = await unsealJson(row.locker, row.sealed, accountPlace(accountId));
    return createVault(row, known, now);
  } catch {
    return null; // garbled: signing in again brings it all back
  }
}

/** @param {import("./accounts.js").AccountRow} row @param {any} known @param {() => number} now
 *  @returns {Vault} */
function createVault(row, known, now) {
  const accountId = row.account_id;
  /** @type {CryptoKey | null} */
  let locker = row.locker ?? null;
  /** @type {Contact | null} */
  let lastContact = null;
  const close = () => {
    locker = null;
    lastContact = null;
    known = {};
    for (const name of ENDS) accountEvents.removeEventListener(name, close);
  };
  for (const name of ENDS) accountEvents.addEventListener(name, close);

  const key = () => {
    if (!locker) throw new StoreError("signed_out");
    return locker;
  };
  /** @param {"pulled" | "drafts"} store @param {string} name */
  const place = (store, name) => `${store === "drafts" ? "draft" : store}:${accountId}:${name}`;

  /** @param {"pulled" | "drafts"} store @param {string} name */
  async function read(store, name) {
    const found = await withDb((db) => db.get(store, [accountId, name]));
    return found ? unsealJson(key(), found.sealed, place(store, name)) : undefined;
  }

  /** Every value or none. @param {"pulled" | "drafts"} store @param {Record<string, any>} values */
  async function write(store, values) {
    const rows = await Promise.all(
      Object.entries(values).map(async ([name, value]) => ({
        account_id: accountId,
        name,
        sealed: await seal(key(), value, place(store, name)),
        ...(store === "drafts" && { saved_at: now() }),
      })),
    );
    await inOneWrite(store, async (change) => {
      for (const one of rows) await change.objectStore(store).put(one);
    });
  }

  return {
    get account() {
      return known.account;
    },
    deviceId: row.device_id,
    keyId: row.signing ? row.key_id : null,
    get token() {
      return known.token;
    },
    get serverKey() {
      return known.server_key;
    },
    installId: row.install_id,

    seal: async (value, ad) => seal(key(), value, ad),
    unseal: async (sealed, ad) => unseal(key(), sealed, ad),
    unsealJson: async (sealed, ad) => unsealJson(key(), sealed, ad),
    sign: async (text) => (row.signing && row.key_id && key() ? sign(row.signing, text) : null),
    verify: async (claims, signature) => verifyClaims(known.server_key, claims, signature),

    putDraft: (name, value) => write("drafts", { [name]: value }),
    draft: (name) => read("drafts", name),
    async drafts() {
      const mine = IDBKeyRange.bound([accountId], [accountId, []]);
      const rows = await withDb((db) => db.getAll("drafts", mine));
      return Promise.all(
        rows.map(async ({ name, saved_at, sealed }) => ({
          name,
          savedAt: saved_at,
          value: await unsealJson(key(), sealed, place("drafts", name)),
        })),
      );
    },
    dropDraft: (name) => withDb((db) => db.delete("drafts", [accountId, name])),

    pulled: (name) => read("pulled", name),
    putPulled: (name, value) => write("pulled", { [name]: value }),
    putPulledAll: (values) => write("pulled", values),

    async noteContact({ nonce, server_time }) {
      const serverTime = Date.parse(server_time ?? "");
      if (typeof nonce !== "string" || Number.isNaN(serverTime)) return;
      const skewS = Math.round((now() - serverTime) / 1000);
      lastContact = { nonce, serverTime, skewS };
      await write("pulled", { contact: lastContact });
    },
    contact: async () => (lastContact ??= (await read("pulled", "contact")) ?? null),

    async isCurrent() {
      if (!locker || (await meta("active_account")) !== accountId) return false;
      return (await withDb((db) => db.get("accounts", accountId)))?.session === row.session;
    },
    close,
  };
}
