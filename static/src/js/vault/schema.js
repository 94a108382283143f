// @ts-check
/** The phone's database, version by version.  Promise: a migration never loses a row. Each step runs
 *  inside the one versionchange transaction: killed half-way, the old data stand as they were.
 *  A step, once released, is never changed; the next version is a new step at the end.
 *
 *  meta      name -> value; nothing personal (install_id, active_account, data_saver, language …)
 *  accounts  who has used this storage; token and account sealed, the key only while signed in
 *  items     what was recorded here; the open columns hold no words
 *  chunks    the bytes of photos, 1 MiB each, sealed
 *  pulled    the server's sections, sealed, by name
 *  drafts    forms being filled in, sealed, by name */

/** @typedef {import("idb").IDBPDatabase<any>} Db */
/** @typedef {import("idb").IDBPTransaction<any, string[], "versionchange">} Change */
/** Only requests of this transaction may be awaited in a step: anything else ends it early.
 *  @typedef {(db: Db, change: Change) => void | Promise<void>} Step */

/** @param {Db} db */
function firstTables(db) {
  db.createObjectStore("meta", { keyPath: "name" });
  db.createObjectStore("accounts", { keyPath: "account_id" });
  const items = db.createObjectStore("items", { keyPath: ["account_id", "id"] });
  items.createIndex("by_seq", ["account_id", "seq"], { unique: true });
  items.createIndex("by_state", ["account_id", "state"]);
  items.createIndex("by_received", "received_at"); // rows without it are not in the index
  const chunks = db.createObjectStore("chunks", {
    keyPath: ["account_id", "attachment_id", "index"],
  });
  chunks.createIndex("by_photo", ["account_id", "photo_id"]);
  db.createObjectStore("pulled", { keyPath: ["account_id", "name"] });
  db.createObjectStore("drafts", { keyPath: ["account_id", "name"] });
}

/** Step n makes version n + 1. @type {Step[]} */
export const STEPS = [firstTables];
