// @ts-check
/** What a person does to entries that were not received: correct, retry, discard.
 *  Promise: what may have reached the server is never changed under its feet; the correction follows
 *  as an edit of its own, after it. */
import { StoreError } from "../vault/errors.js";
import { columnsOf, complete, freshInner } from "./writing.js";

/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./entries.js").Row} Row */
/** @typedef {import("./entries.js").Inner} Inner */

const OUT_OF_REACH = new Set(["sending", "pending", "received"]);

/** @param {{
 *    vault: import("./types.js").Vault, entries: import("./entries.js").Entries,
 *    put: (item: Item, attachments: []) => Promise<string>, changed: (about?: {id?: string}) => Promise<void>,
 *  }} parts */
export function createChanges({ vault, entries, put, changed }) {
  /** The unsent entries of one record, oldest first. @param {string} recordId */
  const unsentOf = async (recordId) =>
    (await entries.unsent()).filter((row) => row.record_id === recordId);

  /** Nobody but this phone can have seen it, so it may still become something else. @param {Row} row */
  const isOurs = (row) => !OUT_OF_REACH.has(row.state) && !row.maybe_sent;

  /** An edit of something that never left this phone is simply put into it.
   *  @param {Item} item @returns {Promise<string | null>} the entry that took it */
  async function fold(item) {
    if (item.op !== "edit") return null;
    const last = (await unsentOf(item.id)).pop();
    if (!last || last.op === "delete" || last.kind !== item.kind || !isOurs(last)) return null;
    return (await inPlace(last.id, item)) ? last.id : null;
  }

  /** The version this change is made upon, where the screen does not say. @param {Item} item @returns {Promise<Item>} */
  async function withBase(item) {
    if (item.op === "create" || item.base_version != null) return item;
    const all = (await entries.rows()).filter((row) => row.record_id === item.id);
    const last = all.pop();
    const inner = last && (await entries.open(last));
    const version = inner?.receipt?.version ?? (inner ? (inner.item.base_version ?? 0) + 1 : null);
    return { ...item, base_version: version };
  }

  /** Write the corrected words over the old ones. @param {string} id @param {Item} item
   *  @returns {Promise<boolean>} false: it may have left meanwhile */
  async function inPlace(id, item) {
    for (;;) {
      const before = await entries.row(id);
      const inner = before && (await entries.open(before));
      if (!before || !inner) throw new StoreError("gone");
      const conflict = inner.code === "conflict";
      if (!isOurs(before) && !(conflict && before.state === "fixing")) return false;
      const wanted = corrected(inner, item);
      const files = wanted.op === "create" ? (inner.item.attachments ?? []) : []; // a correction has none
      const made = await complete(wanted, files, vault);
      let raced = false;
      const after = await entries.update(id, (now) => {
        raced = now.rev !== before.rev;
        if (raced) return null;
        return {
          row: { ...AFRESH, order: now.order, ...plain(made.item) },
          inner: freshen(made, inner),
        };
      });
      if (after) return true;
      if (!raced) throw new StoreError("gone");
    }
  }

  /** @param {string} id @param {Item} item @returns {Promise<string>} the entry that carries it now */
  async function replace(id, item) {
    const row = await entries.row(id);
    if (!row) throw new StoreError("gone");
    if (row.state === "received") throw new StoreError("already_sent");
    let carrier = id;
    if (!(await inPlace(id, item))) {
      const edit = /** @type {Item} */ ({
        ...item,
        op: "edit",
        id: row.record_id,
        data: editData(item),
      });
      delete edit.base_version; // counted from what goes before it
      carrier = (await fold(edit)) ?? (await put(await withBase(edit), []));
    }
    await changed({ id: carrier });
    return carrier;
  }

  /** Try once more, now. @param {string} id */
  async function retry(id) {
    await entries.setColumns([id], (row) =>
      OUT_OF_REACH.has(row.state) ? {} : { state: "waiting", attempts: 0, next_try_at: 0 },
    );
    await changed({ id });
  }

  /** @param {string} id @param {{children?: boolean, reason?: string}} [how] */
  async function discard(id, { children = false, reason } = {}) {
    const row = await entries.row(id);
    if (!row) return; // already gone: what was asked for
    if (OUT_OF_REACH.has(row.state)) throw new StoreError("already_sent");
    const seen = row.maybe_sent && row.op === "create" && row.state !== "fixing";
    if (seen && !reason) throw new StoreError("already_sent");
    const hanging = row.op === "create" ? await childrenOf(row.record_id) : [];
    if (hanging.length && !children) {
      throw new StoreError("has_children", { facts: { count: hanging.length } });
    }
    for (const child of hanging) await discard(child.id, { children, reason });
    const { kind, record_id } = row;
    if (seen)
      await put({ kind, op: "delete", id: record_id, base_version: null, data: { reason } }, []);
    const later =
      row.op === "create" && !seen ? (await unsentOf(record_id)).map((one) => one.id) : [];
    await entries.remove([...new Set([id, ...later])], (now) => !OUT_OF_REACH.has(now.state));
    await changed({ id });
  }

  /** @param {string} recordId */
  const childrenOf = async (recordId) =>
    (await entries.unsent()).filter((row) => row.subject_id === recordId);

  return { fold, withBase, replace, retry, discard };
}

const AFRESH = /** @type {const} */ ({
  state: "waiting",
  attempts: 0,
  next_try_at: 0,
  maybe_sent: false,
});

/** What was parked in conflict goes again as an edit of the version it met.
 *  @param {Inner} inner @param {Item} item @returns {Item} */
function corrected({ item: old, code, current }, item) {
  const data =
    old.op === "create" && old.kind === "photo" ? { ...old.data, ...item.data } : item.data;
  const met = code === "conflict" ? current?.version : undefined;
  if (met === undefined)
    return { ...item, op: old.op, id: old.id, base_version: old.base_version, data };
  const base_version = item.base_version ?? met;
  return {
    ...item,
    op: old.op === "delete" ? "delete" : "edit",
    id: old.id,
    base_version,
    data: editData(item),
  };
}

/** An edit of a photo is its caption alone. @param {Item} item */
const editData = ({ kind, data }) => (kind === "photo" ? { caption: data.caption ?? null } : data);

/** @param {{item: Item, item_sha256: string}} made @param {Inner} before @returns {Inner} */
const freshen = (made, { uploads }) => ({ ...freshInner(made), uploads });

/** Columns that follow from the words, but for its turn. @param {Item} item */
function plain(item) {
  const { order: _turn, ...columns } = columnsOf(item);
  return columns;
}
