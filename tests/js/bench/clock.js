// @ts-check
/** A clock that stands still until told, with its own timers. */

/** @param {number} [start] epoch ms */
export function handClock(start = Date.parse("2024-02-13T03:00:00Z")) {
  const state = { now: start, mono: 1_000 };
  /** @type {{at: number, work: () => void}[]} */
  let timers = [];
  return {
    now: () => state.now,
    mono: () => state.mono,
    random: () => 0.5,
    setTimeout(work, ms) {
      const timer = { at: state.mono + ms, work };
      timers.push(timer);
      return timer;
    },
    clearTimeout(timer) {
      timers = timers.filter((one) => one !== timer);
    },
    /** Let time pass and ring what is due. @param {number} ms */
    pass(ms) {
      state.mono += ms;
      state.now += ms;
      const due = timers.filter((one) => one.at <= state.mono).sort((a, b) => a.at - b.at);
      timers = timers.filter((one) => !due.includes(one));
      for (const { work } of due) work();
      return due.length;
    },
    /** Somebody sets the phone's clock. @param {number} now */
    set(now) {
      state.now = now;
    },
    /** ms until the next timer rings, null when none is set */
    get next() {
      return timers.length ? Math.min(...timers.map((one) => one.at)) - state.mono : null;
    },
  };
}

/** Let everything that is under way happen, without waiting on a wall clock.
 *  @param {() => boolean | Promise<boolean>} condition */
export async function until(condition) {
  for (let turn = 0; turn < 20_000; turn += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it never came about");
}
