// @ts-check
/** Notes: what the pages left for the service worker in the phone's database (store "meta").
 *  Never creates nor upgrades the database: that is vault/db.js's work, and an empty one made
 *  here would keep its tables from ever being made.  Holds it open for one question only. */

const NAME = "lakthan";
const STORE = "meta";

/** @typedef {{
 *    active_account?: unknown, phone_mode?: unknown, language?: unknown, leave_pending?: unknown,
 *  }} Notes */

/** All notes; none when there is no database, or it cannot be read. @returns {Promise<Notes>} */
export async function readNotes() {
  try {
    const rows = await onStore("readonly", (store) => store.getAll());
    return Object.fromEntries(rows.map((/** @type {any} */ row) => [row.name, row.value]));
  } catch {
    return {}; // no storage here: then nobody is signed in on this phone either
  }
}

/** @param {string} name */
export async function dropNote(name) {
  await onStore("readwrite", (store) => store.delete(name));
}

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask @returns {Promise<any>} */
async function onStore(mode, ask) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME); // whatever its version
    opening.onupgradeneeded = () => opening.transaction?.abort(); // there is none: leave it so
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = opening.onblocked = () => reject(opening.error);
  });
}
