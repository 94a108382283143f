// @ts-check
/** Versions: keeps this shell's version on the phone, and offers a newer one when nothing is half done. */
import { createUpdates } from "./update.js";
import { registerWorker, setPhoneMode } from "./worker.js";

/** @typedef {import("./context.js").Context} Context */

/** @param {Context} ctx */
export async function startVersions(ctx) {
  if (ctx.vault) await setPhoneMode();
  const registration = await registerWorker();
  if (!registration) return;
  const { consider } = createUpdates({ registration, isIdle: () => isIdle(ctx), onOffer });
  ctx.events.addEventListener("outbox", () => void consider());
}

/** Nothing half written, nothing on its way. @param {Context} ctx */
async function isIdle(ctx) {
  if (ctx.dirty()) return false;
  return !ctx.outbox || (await ctx.outbox.summary()).sending === 0;
}

/** @param {() => Promise<boolean>} accept */
function onOffer(accept) {
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-update]"));
  if (!bar) return;
  const yes = /** @type {HTMLButtonElement} */ (bar.querySelector("[data-update-yes]"));
  const no = /** @type {HTMLButtonElement} */ (bar.querySelector("[data-update-no]"));
  bar.hidden = false;
  yes.onclick = async () => {
    bar.hidden = true;
    await accept();
  };
  no.onclick = () => {
    bar.hidden = true;
  };
}
