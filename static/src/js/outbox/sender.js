// @ts-check
/** The one sender.  Takes what is due, one step at a time, each noted before it is taken: killed
 *  anywhere, the next start goes on.  Promises: nothing leaves the outbox but on a receipt; one bad
 *  item never stops the others; a line in trouble is left alone for a while and stops nothing. */
import { StoreError } from "../vault/errors.js";
import { createLine } from "./backoff.js";
import { createBatches } from "./batches.js";
import { createBytes } from "./bytes.js";
import { bytesDue, heldRows, isDue, LONGEST_WAIT_MS, wordsDue } from "./order.js";

const LET_OTHERS_FIRST_MS = 3_000; // another tab is sending; look again
const LEAST_PAUSE_MS = 1_000;

/** What both parts of the sender work with. @typedef {{
 *    vault: import("./types.js").Vault, entries: import("./entries.js").Entries,
 *    api: import("../sync/api.js").Api, uploads: import("../sync/tus.js").Uploads,
 *    clock: import("./types.js").Clock, line: import("./backoff.js").Line,
 *    tell: (name: string, detail?: object) => void, signal: AbortSignal,
 *  }} Parts */

/** @param {Omit<Parts, "line" | "signal"> & {
 *    online: import("./types.js").Online, alone: import("./lock.js").Alone,
 *    saver: () => Promise<boolean>, afterwards: (moved: boolean) => Promise<void>,
 *  }} given  `afterwards`: when a run ends with the line in order, and whether it sent anything. */
export function createSender({ online, alone, saver, afterwards, ...given }) {
  const { vault, entries, clock, tell } = given;
  const line = createLine(clock);
  const stopped = new AbortController();
  const parts = { ...given, line, signal: stopped.signal };
  const batches = createBatches(parts);
  const bytes = createBytes(parts);
  const name = `lakthan-sender-${vault.account.id}`;
  let anyLine = false; // "send now": originals whatever the line costs, until nothing is left
  let again = false;
  /** @type {Promise<void> | null} */
  let running = null;
  /** @type {any} */
  let timer = null;

  /** Calls made while one run is on its way share it, and it looks once more before it ends.
   *  @param {{originals?: boolean}} [how] @returns {Promise<void>} */
  function flush({ originals = false } = {}) {
    anyLine ||= originals;
    again = true;
    line.hurry();
    return start();
  }

  function start() {
    clock.clearTimeout(timer);
    if (stopped.signal.aborted) return Promise.resolve();
    return (running ??= run());
  }

  async function run() {
    try {
      let ran;
      do {
        again = false;
        ran = line.rest() > 0 || (await alone(name, work));
        if (again) line.hurry(); // the line came back while a try of before was failing
        await plan(ran ? 0 : LET_OTHERS_FIRST_MS);
      } while (again && ran && !line.rest() && !stopped.signal.aborted); // something came in at the end
    } catch (error) {
      if (error instanceof StoreError && error.code === "signed_out") return; // a new outbox comes
      tell("stumbled", { code: error instanceof StoreError ? error.code : "unexpected" });
      later(LONGEST_WAIT_MS);
      if (!(error instanceof StoreError)) throw error; // a fault of ours: let it be seen
    } finally {
      running = null;
    }
  }

  /** @param {() => Promise<boolean>} stillMine */
  async function work(stillMine) {
    await putBack();
    const asked = new Set();
    let moved = false;
    while (!stopped.signal.aborted && !line.rest()) {
      if (!(await vault.isCurrent()) || !(await stillMine())) return;
      again = false;
      const step = await nextStep(await entries.unsent(), asked);
      if (!step && !again) break;
      await step?.();
      moved ||= Boolean(step);
    }
    await putBack();
    if (!stopped.signal.aborted && !line.rest()) await afterwards(moved);
  }

  /** @param {import("./entries.js").Row[]} rows @param {Set<string>} asked held entries asked about
   *  @returns {Promise<(() => Promise<void>) | null>} null when nothing can be done now */
  async function nextStep(rows, asked) {
    const now = clock.now();
    const words = wordsDue(rows, now);
    if (words.length) return () => batches.send(words);
    const held = heldRows(rows).filter((row) => !asked.has(row.id));
    if (held.length) {
      for (const row of held) asked.add(row.id);
      return () => batches.send(held);
    }
    const originals = anyLine || !(await saver()) || !online.costly();
    const [first] = bytesDue(rows, now, originals);
    if (first) return () => bytes.send(first);
    if (!rows.some((row) => row.phase === "original" && row.state !== "fixing")) anyLine = false;
    return null;
  }

  /** What a killed sender left as "sending" waits again. */
  async function putBack() {
    const left = (await entries.unsent()).filter((row) => row.state === "sending");
    if (!left.length) return;
    await entries.setColumns(
      left.map((row) => row.id),
      (row) => (row.state === "sending" ? { state: row.held ? "pending" : "waiting" } : {}),
    );
  }

  /** When to look again. @param {number} atLeast */
  async function plan(atLeast) {
    const rows = (await entries.unsent()).filter((row) => row.state !== "fixing");
    const now = clock.now();
    const waits = rows.filter((row) => !isDue(row, now)).map((row) => row.next_try_at - now);
    if (line.rest()) waits.push(line.rest());
    if (atLeast) waits.push(atLeast);
    if (rows.length || waits.length) waits.push(LONGEST_WAIT_MS);
    if (waits.length) later(Math.min(...waits));
  }

  /** @param {number} ms */
  function later(ms) {
    clock.clearTimeout(timer);
    if (stopped.signal.aborted) return;
    timer = clock.setTimeout(start, Math.max(ms, LEAST_PAUSE_MS));
  }

  return {
    flush,
    forced: () => anyLine,
    stop() {
      stopped.abort();
      clock.clearTimeout(timer);
    },
    /** For those who must not wait: resolves when no run is on its way. */
    idle: async () => void (await running),
  };
}
