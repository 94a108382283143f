// @ts-check
/**
 * Enrolling: signing in on this phone, with a code from the office or with a password.
 *
 * Promises: nothing is sent before this browser was seen to keep something; whoever was signed in
 * before is signed out, what they wrote stays, sealed; a refusal changes nothing on this phone.
 */
import { ApiError } from "../sync/errors.js";
import { createPull } from "../sync/pull.js";
import { askToPersist, canStore, newInstallId, newSigningKeys, setMeta, signInHere, StoreError } from "../vault/vault.js";
import { labelOfThisPhone } from "./platform.js";
import { setPhoneMode } from "./worker.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../outbox/types.js").EnrolAnswer} EnrolAnswer */
/** @typedef {{ code: string } | { login: string, password: string, one_time?: string }} Proof */

/** @returns {string} the version of this shell, as the page names it */
export const shellVersion = () => document.documentElement.dataset.version ?? "";

/**
 * @param {Context} ctx @param {Proof} proof
 * @returns {Promise<{ answer: EnrolAnswer, persisted: boolean | null, pulled: boolean }>}
 *   `pulled`: the area's lists are here, so everything works without a network from now on.
 * @throws {import("../sync/errors.js").ApiError | StoreError}
 */
export async function enrolThisPhone(ctx, proof) {
  const { ok, code } = await canStore();
  if (!ok) throw new StoreError(code ?? "no_storage");
  const { keyPair, publicKey } = await newSigningKeys();
  const label = await labelOfThisPhone();
  const answer = await ctx.api.enrol({
    install_id: await ownInstallId(ctx),
    label,
    app_version: shellVersion(),
    public_key: publicKey,
    web_session: true, // the office's own pages then open without a second sign-in
    ...proof,
  });
  await signInHere(answer, keyPair, ctx.installId);
  await setMeta("label", label);
  await setMeta("leave_pending", undefined); // the session it would end is another one now
  await setPhoneMode();
  const persisted = await askToPersist();
  ctx.forked(false);
  await ctx.reopen();
  return { answer, persisted, pulled: await pullFirst(ctx) };
}

/** The area's lists, before anybody goes where there is no network.  What waits is sent meanwhile.
 *  @param {Context} ctx @returns {Promise<boolean>} */
async function pullFirst(ctx) {
  if (!ctx.vault) return false;
  try {
    await createPull({ vault: ctx.vault, api: ctx.api }).pull();
    ctx.events.dispatchEvent(new CustomEvent("pulled"));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return false; // the line broke just now; the rhythm of the shell asks again
  }
}

/** A storage that the server saw copied becomes another phone; else it stays the one it is. @param {Context} ctx */
async function ownInstallId(ctx) {
  if (ctx.forked()) ctx.installId = await newInstallId();
  return ctx.installId;
}

/**
 * Why it did not work, as a key of the words block.
 * @param {any} error @returns {string | null} null: nothing that is known, so a fault
 */
export function enrolTrouble(error) {
  if (error instanceof StoreError) return error.code;
  /** @type {Record<string, string>} */
  const byKind = { offline: "enrol.offline", portal: "enrol.portal", server: "enrol.server", busy: "enrol.server" };
  if (error?.code === "too_many_requests") return "too_many_requests";
  if (error?.kind in byKind) return byKind[error.kind];
  return typeof error?.kind === "string" ? error.code : null;
}
