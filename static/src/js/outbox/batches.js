// @ts-check
/** Words to the server: as many items in one request as fit, each judged by its own result.
 *  A request refused as a whole is halved until the one it cannot bear stands alone and is parked. */
import { utf8 } from "../shared/bytes.js";
import { ApiError } from "../sync/errors.js";
import { lineTrouble, waitMs } from "./backoff.js";
import { judge } from "./judge.js";
import { fitting } from "./order.js";

const MOST_ITEMS = 100;
const MOST_BYTES = 900_000; // the server takes 1 MiB; the rest is for what surrounds the items
const GATEWAY = new Set([502, 503, 504]); // the whole server is away, no item's fault

/** @typedef {import("./entries.js").Row} Row */
/** @typedef {import("./entries.js").Inner} Inner */
/** @typedef {{row: Row, inner: Inner, size: number}} Loaded */

/** @param {import("./sender.js").Parts} parts */
export function createBatches(parts) {
  const { vault, entries, api, clock, line, tell } = parts;
  let most = MOST_ITEMS;
  let troubles = 0; // in a row, with the server itself

  /** One request's worth of `rows`, which are in the order they should go. @param {Row[]} rows */
  async function send(rows) {
    const fits = fitting(await load(rows), { items: most, bytes: MOST_BYTES });
    const read = fits.map(({ row }) => row);
    const claimed = await entries.claim(read, { state: "sending", maybe_sent: true });
    const batch = fits.filter(({ row }) => claimed.has(row.id));
    if (!batch.length) return;
    const ids = [...claimed];
    tell("change");
    try {
      const items = batch.map(({ inner }) => inner.item);
      const answer = await api.records(items, new Date(clock.now()).toISOString());
      await settle(batch, answer);
    } catch (error) {
      await putBack(ids);
      await failed(error, batch);
    }
    tell("change");
  }

  /** Opens no more than one request can hold. @param {Row[]} rows @returns {Promise<Loaded[]>} */
  async function load(rows) {
    const loaded = [];
    for (const row of rows.slice(0, most)) {
      const inner = await entries.open(row);
      if (inner) loaded.push({ row, inner, size: utf8(JSON.stringify(inner.item)).length + 1 });
      else await entries.setColumns([row.id], () => ({ state: "fixing" })); // another key's
    }
    return loaded;
  }

  /** @param {Loaded[]} batch @param {{results: unknown, nonce?: string, server_time?: string}} answer */
  async function settle(batch, answer) {
    const { results } = answer;
    if (!Array.isArray(results) || results.length !== batch.length) {
      throw new ApiError("portal", "not_our_items");
    }
    let believed = 0;
    for (const [place, { row, inner }] of batch.entries()) {
      const verdict = await judge(results[place], inner, vault);
      if (verdict) believed += 1;
      await apply(row, inner, verdict);
    }
    if (!believed) return tell("line", { state: "portal", code: "no_receipts" });
    await vault.noteContact(answer);
    line.ok();
    troubles = 0;
    most = Math.min(most * 2, MOST_ITEMS);
    tell("line", { state: "ok" });
  }

  /** Never over a version that someone corrected meanwhile.
   *  @param {Row} row @param {Inner} sent @param {import("./judge.js").Verdict | null} verdict */
  async function apply(row, sent, verdict) {
    await entries.update(row.id, (now, inner) => {
      if (inner.item_sha256 !== sent.item_sha256) return { row: base(now) };
      if (!verdict) return { row: { ...base(now), ...tryLater(now) } };
      const unfinished = row.phase === "confirm" && verdict.row.state !== "received";
      if (!unfinished || verdict.row.phase === "held") return verdict;
      // All bytes were brought, and yet some are missing: bring them once more, a little later.
      return {
        row: { ...verdict.row, ...tryLater(now) },
        inner: { ...verdict.inner, uploads: {} },
      };
    });
  }

  /** @param {unknown} error @param {Loaded[]} batch */
  async function failed(error, batch) {
    if (!(error instanceof ApiError)) throw error;
    const whole = error.kind === "refused";
    const sick = error.kind === "server" && !GATEWAY.has(error.status);
    if (sick) troubles += 1;
    if (error.code === "timeout") most = halved(batch.length);
    if (!whole && !(sick && troubles > 1)) return void lineTrouble(error, parts);
    if (batch.length > 1) {
      most = halved(batch.length);
      if (sick) lineTrouble(error, parts);
      return;
    }
    const [{ row }] = batch;
    most = MOST_ITEMS;
    if (whole) await park(row, error);
    else await entries.setColumns([row.id], tryLater); // this one makes it stumble; on with the others
  }

  /** @param {Row} row @param {ApiError} error */
  const park = (row, error) =>
    entries.update(row.id, () => ({
      row: { state: "fixing", maybe_sent: false },
      inner: { code: error.code, problems: [] },
    }));

  /** @param {string[]} ids */
  const putBack = (ids) => entries.setColumns(ids, base);

  /** @param {Row} row @returns {Partial<Row>} */
  const base = (row) =>
    row.state === "sending" ? { state: row.held ? "pending" : "waiting" } : {};

  /** @param {Row} row @returns {Partial<Row>} */
  function tryLater(row) {
    const attempts = row.attempts + 1;
    const pause = waitMs(attempts, clock.random?.() ?? Math.random());
    return { attempts, next_try_at: clock.now() + pause };
  }

  return { send };
}

/** @param {number} count */
const halved = (count) => Math.max(1, Math.floor(count / 2));
