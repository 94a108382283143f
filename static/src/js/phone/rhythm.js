// @ts-check
/**
 * Rhythm: when this phone talks to the office without being asked - at the start, when a line
 * comes back, when somebody looks at it again, and every few minutes.
 * Promise: nothing here is needed for anything; a phone that never hears from the office works on.
 */
import { ApiError } from "../sync/errors.js";
import { createPull } from "../sync/pull.js";
import { accountEvents, meta, setMeta, signOutHere } from "../vault/vault.js";
import { onLineChange } from "./connection.js";
import { settling } from "./listen.js";

const EVERY_MS = 5 * 60_000;
const OWN_DOING_MS = 1_000;
const NO_LONGER = new Set(["device_revoked", "account_disabled", "role_without_phone"]);
const NOT_SOONER_MS = 20_000; // a thumb that goes to and fro between two apps

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./state.js").Line} Line */

/** @param {Context} ctx @param {(line: Line) => void} lineIs */
export function startRhythm(ctx, lineIs) {
  let lastPull = -Infinity;

  const pull = settling(async () => {
    if (!ctx.vault) return;
    try {
      const { left } = await createPull({ vault: ctx.vault, api: ctx.api }).pull();
      if (left) ctx.toast(ctx.words("pull.left"), "info");
      lastPull = performance.now();
      lineIs("ok");
      ctx.events.dispatchEvent(new CustomEvent("pulled"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === "auth") sayRefused(ctx, error.code);
      else if (error.kind !== "refused") lineIs(error.kind);
    }
  });

  ctx.refresh = async () => {
    await Promise.all([ctx.outbox?.flush(), pull(), endOldSession(ctx)]);
  };

  const soon = () => {
    if (document.visibilityState !== "visible" || !ctx.vault) return;
    void ctx.outbox?.flush();
    void endOldSession(ctx);
    if (performance.now() - lastPull > NOT_SOONER_MS) void pull();
  };

  onLineChange(soon);
  setInterval(soon, EVERY_MS);
  ctx.events.addEventListener("account", () => {
    lastPull = -Infinity;
    ctx.outbox?.start();
  });
  // Lost or taken out of use, or its person is no longer one who records: whoever holds it now sees nothing
  // more.  What was not sent stays, sealed; the next screen says why.
  ctx.events.addEventListener("outbox", (event) => {
    const { code } = /** @type {CustomEvent} */ (event).detail ?? {};
    if (NO_LONGER.has(code)) void setMeta("let_go", code).then(() => signOutHere({ drop: true }));
  });
  for (const name of ["signed-out", "signed-in"]) {
    // This tab's own doing is told too; by then its screen has opened the vault anew.
    accountEvents.addEventListener(name, () => setTimeout(() => void otherAccount(ctx), OWN_DOING_MS));
  }
  ctx.outbox?.start();
  soon();
}

/** @param {Context} ctx @param {string} code */
function sayRefused(ctx, code) {
  ctx.signInNeeded(true);
  ctx.events.dispatchEvent(new CustomEvent("outbox", { detail: { what: "signin-needed", code } }));
}

/** Signed out without a line: the office's own pages are still open in this browser until it is told. @param {Context} ctx */
async function endOldSession(ctx) {
  if (!(await meta("leave_pending"))) return;
  try {
    await ctx.api.leave();
    await setMeta("leave_pending", undefined);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // no line yet: next time
  }
}

/** Another tab signed somebody out or in: this one must not go on showing whose it was.
 *  @param {Context} ctx */
async function otherAccount(ctx) {
  const same = ctx.vault ? await ctx.vault.isCurrent() : !(await meta("active_account"));
  if (same) return;
  await ctx.reopen();
  ctx.go("/phone", { replace: true });
}
