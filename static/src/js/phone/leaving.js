// @ts-check
/**
 * Leaving: signing out on this phone, with or without a network.
 *
 * Promises: key and token are gone from this phone at once, whatever the line does; what was not
 * sent stays, sealed; where the office could not be told, it is told later.
 */
import { setMeta, signOutHere } from "../vault/vault.js";

/** @param {import("./context.js").Context} ctx */
export async function signOutOfPhone(ctx) {
  const told = await Promise.allSettled([ctx.api.forgetToken(), ctx.api.leave()]);
  const [, left] = told;
  // A token that the office never heard of again is worth nothing either: this phone forgets it now.
  await setMeta("leave_pending", left.status === "rejected" ? true : undefined);
  await signOutHere();
  await ctx.reopen();
}
