// @ts-check
/**
 * Leaving: signing out on this phone, with or without a network.
 *
 * Promises: key and token are gone from this phone at once, whatever the line does; what was not
 * sent stays, sealed; where the office could not be told, it is told later.
 */
import { setMeta, signOutHere } from "../vault/vault.js";

const PATIENCE_MS = 3_000; // long enough for an office that answers; nobody waits for one that does not

/** @param {import("./context.js").Context} ctx */
export async function signOutOfPhone(ctx) {
  const { api } = ctx; // with the token, which is gone from here in a moment
  const told = Promise.allSettled([api.forgetToken(), api.leave()]);
  await setMeta("leave_pending", true);
  await signOutHere();
  await ctx.reopen();
  const settled = told.then(([, left]) => {
    // A token that the office never heard of again is worth nothing either: no phone has it now.
    if (left.status === "fulfilled") return setMeta("leave_pending", undefined);
  });
  await Promise.race([settled, new Promise((done) => setTimeout(done, PATIENCE_MS))]);
}
