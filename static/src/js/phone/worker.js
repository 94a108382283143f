// @ts-check
/** Worker: registers the service worker, and tells it whether this is a phone somebody works on.
 *  Where a browser knows no service workers nothing happens: pages then need a network. */
import { workerAt } from "../shared/trusted.js";
import { setMeta } from "../vault/vault.js";

/** @returns {Promise<ServiceWorkerRegistration | null>} */
export async function registerWorker() {
  if (!("serviceWorker" in navigator)) return null;
  try {
    return await navigator.serviceWorker.register(workerAt("/sw.js"), { scope: "/", updateViaCache: "none" });
  } catch {
    return null; // refused (private window, http) or no network: asked again at the next start
  }
}

/** From now on a touch screen gets the shell also for /, /visits/new and /followups/new.
 *  @param {boolean} [on] */
export async function setPhoneMode(on = matchMedia("(pointer: coarse)").matches) {
  await setMeta("phone_mode", on);
}
