// @ts-check
/**
 * Updates: a new version of the application, brought in when it disturbs nobody.
 *
 * Promises: a version is offered only while no form is half filled in and nothing is being sent;
 * it is taken only after somebody said yes, and checked once more then; the page is loaded anew
 * exactly once, so that it never runs half old and half new.  Knows neither forms nor outbox.
 */

const LOOK_EVERY_MS = 60 * 60_000; // the browser itself looks only when a page is opened
const ASK_EVERY_MS = 4_000; // an offer that had to wait is made soon after

/**
 * @param {object} parts
 * @param {ServiceWorkerRegistration} parts.registration
 * @param {() => boolean | Promise<boolean>} parts.isIdle
 * @param {(accept: () => Promise<boolean>) => void} parts.onOffer  `accept` answers false, and
 *   does nothing, when somebody has begun to write in the meantime; the offer then comes again
 * @param {ServiceWorkerContainer} [parts.workers]
 * @param {() => void} [parts.reload]
 * @param {Pick<Window, "setInterval" | "clearInterval">} [parts.timers]
 */
export function createUpdates({
  registration,
  isIdle,
  onOffer,
  workers = navigator.serviceWorker,
  reload = () => location.reload(),
  timers = window,
}) {
  /** @type {ServiceWorker | null} */
  let offered = null;
  let accepted = false;
  let replaced = false;
  let reloading = false;
  const wasControlled = workers.controller !== null; // else it is the first version, no update

  /** Offer a version that waits, or go over to one that another window took; both only when idle. */
  async function consider() {
    const waiting = registration.waiting;
    const news = replaced || (waiting && waiting !== offered && workers.controller);
    if (reloading || !news || !(await isIdle())) return;
    if (replaced) {
      reloadOnce();
    } else if (waiting && waiting !== offered) {
      offered = waiting;
      onOffer(() => accept(waiting));
    }
  }

  /** @param {ServiceWorker} waiting */
  async function accept(waiting) {
    if (!(await isIdle())) {
      offered = null;
      return false;
    }
    accepted = true;
    waiting.postMessage("use-this-version");
    return true;
  }

  function reloadOnce() {
    if (reloading) return;
    reloading = true;
    reload();
  }

  function onReplaced() {
    replaced = wasControlled;
    if (accepted) reloadOnce();
    else void consider(); // another window said yes: this one follows when it may
  }

  function onFound() {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed") void consider();
    });
  }

  const look = () => void registration.update().catch(() => {}); // no network: later
  const onVisible = () => {
    if (document.visibilityState === "visible") look();
  };

  workers.addEventListener("controllerchange", onReplaced);
  registration.addEventListener("updatefound", onFound);
  document.addEventListener("visibilitychange", onVisible);
  const timerIds = [timers.setInterval(look, LOOK_EVERY_MS), timers.setInterval(consider, ASK_EVERY_MS)];
  onFound();
  void consider();

  return {
    consider,
    stop() {
      workers.removeEventListener("controllerchange", onReplaced);
      registration.removeEventListener("updatefound", onFound);
      document.removeEventListener("visibilitychange", onVisible);
      timerIds.forEach((id) => timers.clearInterval(id));
    },
  };
}
