// @ts-check
/** The outbox: what was recorded on this phone, until the server has confirmed it, and a while longer.
 *  Promises: what `add` accepted is on this phone's disk, read back; it leaves only on a verified receipt
 *  or by a person's own hand; a correction never overtakes what it corrects.
 *  Knows no screen, no form and no camera; network, clock and locks are handed in. */
import { newId } from "../shared/ids.js";
import { browserClock } from "../shared/clock.js";
import { withDb } from "../vault/db.js";
import { StoreError } from "../vault/errors.js";
import { mark } from "../vault/marker.js";
import { meta } from "../vault/meta.js";
import { storageState } from "../vault/storage.js";
import { assemble } from "./chunks.js";
import { createChanges } from "./changes.js";
import { createEntries } from "./entries.js";
import { createHeartbeat, EVERY_MS } from "./heartbeat.js";
import { browserLine } from "./line.js";
import { createLock } from "./lock.js";
import { freeRoom, prune } from "./pruning.js";
import { rescueFile } from "./rescue.js";
import { createSender } from "./sender.js";
import { otherTabs } from "./tabs.js";
import { complete, describe, hasBytes, keep } from "./writing.js";

/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").NewAttachment} NewAttachment */
/** @typedef {import("./types.js").Outbox} Outbox */

/** @param {{
 *    vault: import("./types.js").Vault, api: import("../sync/api.js").Api,
 *    uploads: import("../sync/tus.js").Uploads, clock?: import("./types.js").Clock,
 *    online?: import("./types.js").Online, locks?: import("./types.js").Locks | null,
 *    events?: EventTarget, storage?: typeof storageState, appVersion?: string,
 *    cookies?: import("../vault/marker.js").Cookies,
 *  }} given  `locks: null` for a browser without Web Locks.
 *  @returns {Outbox} */
export function createOutbox({
  vault,
  api,
  uploads,
  clock = browserClock,
  online = browserLine(),
  locks = globalThis.navigator?.locks ?? null,
  events = new EventTarget(),
  storage = storageState,
  appVersion = "",
  cookies,
}) {
  const entries = createEntries(vault);
  const others = otherTabs(vault.account.id, events);
  let started = false;
  /** @type {any} */
  let timer = null;

  /** @param {string} name @param {object} [detail] */
  function tell(name, detail = {}) {
    events.dispatchEvent(new CustomEvent(name, { detail }));
    if (name === "change") others.tell();
  }

  const saver = async () => Boolean(await meta("data_saver"));
  const heartbeat = createHeartbeat({ vault, api, clock, summary, storage, appVersion, tell });
  const sender = createSender({
    ...{ vault, entries, api, uploads, clock, online, tell, saver },
    alone: createLock(locks, clock),
    async afterwards(moved) {
      if (moved || heartbeat.isDue()) {
        await heartbeat.beat();
        await prune(entries, (await vault.contact())?.serverTime);
      }
      await markUnsent();
    },
  });

  const markUnsent = async () => mark(await countUnsent(), cookies);
  /** @param {{id?: string}} [about] */
  async function changed(about = {}) {
    tell("change", about);
    await markUnsent();
    if (started) sender.flush().catch(() => {}); // it tells by itself
  }

  /** @param {Item} item @param {NewAttachment[]} attachments */
  async function put(item, attachments) {
    const made = await complete(item, await describe(attachments), vault);
    const id = item.op === "create" ? item.id : newId();
    const by = { vault, now: clock.now() };
    let fresh;
    try {
      fresh = await keep(id, made, attachments, by);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "no_room") throw error;
      const size = attachments.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
      if (!(await freeRoom(entries, size + 1))) throw error;
      fresh = await keep(id, made, attachments, by);
    }
    if (!fresh && !(await isSame(id, item))) throw new StoreError("exists");
    return id;
  }

  /** A second tap on "save": the same words again. @param {string} id @param {Item} item */
  async function isSame(id, item) {
    const there = (await get(id))?.item;
    return there?.kind === item.kind && sameWords(there.data, item.data);
  }

  /** @param {Item} item @param {NewAttachment[]} [attachments] @returns {Promise<Entry>} */
  async function add(item, attachments = []) {
    const merged = item.op === "create" ? null : await changes.fold(item);
    const id = merged ?? (await put(await changes.withBase(item), attachments));
    await changed({ id });
    const entry = await get(id);
    if (!entry) throw new StoreError("not_kept");
    return entry;
  }

  const changes = createChanges({ vault, entries, put, changed });

  /** @returns {Promise<Entry[]>} */
  async function list() {
    const rows = await entries.rows();
    const held = (await saver()) && online.costly() && !sender.forced();
    const all = await Promise.all(rows.map(async (row) => noted(row, held)));
    return all.reverse();
  }

  /** @param {string} id @returns {Promise<Entry | null>} */
  async function get(id) {
    const row = await entries.row(id);
    return row ? noted(row, (await saver()) && online.costly() && !sender.forced()) : null;
  }

  /** @param {import("./entries.js").Row} row @param {boolean} held large photos are held back now */
  async function noted(row, held) {
    const entry = entries.toEntry(row, await entries.open(row));
    const waits = held && row.phase === "original" && row.state === "waiting";
    return { ...entry, note: waits ? /** @type {const} */ ("waits_for_wifi") : null };
  }

  /** @returns {Promise<import("./types.js").Summary>} */
  async function summary() {
    const [unsent, received] = await Promise.all([entries.unsent(), entries.countReceived()]);
    const counts = { waiting: 0, sending: 0, pending: 0, fixing: 0, received };
    for (const row of unsent) counts[row.state] += 1;
    const photos = unsent.filter(hasBytes);
    const bytesSent = photos.reduce((sum, row) => sum + row.bytes_sent, 0);
    const bytesTotal = photos.reduce((sum, row) => sum + row.bytes_total, 0);
    const oldest = unsent.length ? Math.min(...unsent.map((row) => row.created_at)) : null;
    const bytesWaiting = bytesTotal - bytesSent;
    return { ...counts, photosUnsent: photos.length, bytesWaiting, bytesSent, oldest };
  }

  /** @param {string} photoId @param {import("./types.js").Role} [role] */
  async function attachment(photoId, role = "preview") {
    const listed = (await get(photoId))?.item?.attachments ?? [];
    const wanted =
      listed.find((one) => one.role === role) ?? (role === "preview" ? listed[0] : null);
    return wanted ? assemble(vault, wanted) : null;
  }

  const beat = () => {
    timer = clock.setTimeout(() => {
      sender.flush().catch(() => {});
      beat();
    }, EVERY_MS);
  };

  return {
    ...{ add, list, get, summary, attachment, events },
    ...{ retry: changes.retry, replace: changes.replace, discard: changes.discard },
    rescue: async () =>
      (await rescueFile(vault.account.id, { now: clock.now(), appVersion })) ?? new Blob([]),
    flush: (how) => sender.flush(how),
    start() {
      started = true;
      sender.flush().catch(() => {});
      beat();
    },
    stop() {
      started = false;
      clock.clearTimeout(timer);
      sender.stop();
      others.close();
    },
  };
}

/** How much waits on this storage, whoever it belongs to. @returns {Promise<number>} */
function countUnsent() {
  return withDb(
    async (db) => (await db.count("items")) - (await db.countFromIndex("items", "by_received")),
  );
}

/** @param {Record<string, any>} kept @param {Record<string, any>} again without what `complete` fills in */
function sameWords(kept, again) {
  const differs = (/** @type {string} */ name) =>
    JSON.stringify(kept[name] ?? null) !== JSON.stringify(again[name] ?? null);
  const filled = ["captured_at", "device_id", "clock_skew_s", "position"];
  return !Object.keys(again).some((name) => !filled.includes(name) && differs(name));
}
