// @ts-check
/** What this phone's storage will not do, as a code.  Screens turn codes into sentences. */

/** no_storage: the browser keeps nothing here (private window, blocked, broken);
 *  no_crypto: the page came without https, so nothing may be sealed;
 *  no_room: the phone is full; outdated: another tab already runs a newer version, reload;
 *  not_kept: what was read back differs from what was written;
 *  signed_out: nobody, or somebody else, is signed in by now; empty: a photo without bytes;
 *  exists, already_sent, has_children, gone: refused by the outbox, `facts` say more.
 *  @typedef {"no_storage" | "no_crypto" | "no_room" | "outdated" | "not_kept" | "exists"
 *    | "signed_out" | "empty" | "already_sent" | "has_children" | "gone"} StoreCode */

export class StoreError extends Error {
  /** @param {StoreCode} code @param {{cause?: unknown, facts?: Record<string, any>}} [more] */
  constructor(code, { cause, facts = {} } = {}) {
    super(code, { cause });
    this.name = "StoreError";
    this.code = code;
    this.facts = facts;
  }
}
