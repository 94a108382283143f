// @ts-check
/** Listening while a screen is shown: what a screen listens to ends when it is left. */

/**
 * @param {import("./context.js").Context} ctx
 * @param {"outbox" | "pulled" | "account"} name
 * @param {(detail: any) => void} call
 */
export function listen(ctx, name, call) {
  const heard = (/** @type {Event} */ event) => call(/** @type {CustomEvent} */ (event).detail);
  ctx.events.addEventListener(name, heard);
  ctx.onLeave(() => ctx.events.removeEventListener(name, heard));
}

/**
 * Calls made while one is running become one call after it: a screen that redraws from the
 * store on every event never falls behind and never draws out of order.
 * @param {() => Promise<void>} work @param {(error: unknown) => void} [failed]  else it rejects
 * @returns {() => Promise<void>} resolves when everything asked for until then is done
 */
export function settling(work, failed) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;

  async function runAll() {
    try {
      while (again) {
        again = false;
        await work();
      }
    } catch (error) {
      if (!failed) throw error;
      failed(error);
    } finally {
      running = null;
    }
  }

  return () => {
    again = true;
    running ??= runAll();
    return running;
  };
}
