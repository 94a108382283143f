// @ts-check
/**
 * Install prompt: putting the application on the home screen.  Installing is a safety step:
 * browsers clear what a mere page stored.
 *
 * Knows what this browser can do, never says so in words.  The prompt must be caught before any
 * screen asks for it, so `startInstallPrompt` is called once, at the start of the page.
 */

import { askToPersist } from "../vault/storage.js";

/** "prompt": one tap installs it; "ios": by hand, through the share sheet; "menu": by hand, through
 *  the browser's menu; "installed": it runs from the home screen now.
 *  @typedef {"prompt" | "ios" | "menu" | "installed"} Way */

/** @type {any} */
let kept = null;
export const installEvents = new EventTarget(); // "change": the way may be another now

/** @param {Window} [view] */
export function startInstallPrompt(view = window) {
  view.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // asked for where it is explained, not on top of a form
    kept = event;
    installEvents.dispatchEvent(new Event("change"));
  });
  view.addEventListener("appinstalled", () => {
    kept = null;
    installEvents.dispatchEvent(new Event("change"));
    void askToPersist(); // a refusal may have become a grant
  });
}

/** @param {Window} [view] @returns {Way} */
export function installWay(view = window) {
  const standalone = view.matchMedia("(display-mode: standalone)").matches;
  if (standalone || /** @type {any} */ (view.navigator).standalone === true) return "installed";
  if (kept) return "prompt";
  return isApple(view.navigator) ? "ios" : "menu";
}

/** Ask with the browser's own window. @returns {Promise<boolean>} whether somebody said yes */
export async function askToInstall() {
  const prompt = kept;
  kept = null; // good for one question
  if (!prompt) return false;
  await prompt.prompt();
  const { outcome } = await prompt.userChoice;
  installEvents.dispatchEvent(new Event("change"));
  return outcome === "accepted";
}

/** @param {Navigator} navigator */
function isApple({ userAgent, maxTouchPoints }) {
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}
