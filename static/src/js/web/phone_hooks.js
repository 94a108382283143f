// @ts-check
/**
 * Phone hooks: what a page of the server does for the phone's own pages.
 *
 * Promises: whoever signs in here in the field can go on without a network (`data-phone="ready"` says
 * when); nobody's records are opened for somebody else - another account's sign-in signs the last one
 * out of this phone, what it wrote stays, sealed; what waits here is counted and sent.
 */
import { createOutbox } from "../outbox/outbox.js";
import { shellVersion } from "../phone/enrolling.js";
import { onLineChange } from "../phone/connection.js";
import { labelOfThisPhone } from "../phone/platform.js";
import { registerWorker, setPhoneMode } from "../phone/worker.js";
import { createApi } from "../sync/api.js";
import { createPull } from "../sync/pull.js";
import { createUploads } from "../sync/tus.js";
import * as phone from "../vault/vault.js";

const FORGET_MS = 3_000; // a sign-out must not hang on a bad line

/** @param {{ account: string | null, csrf: string | null }} page  `account`: whose page it is;
 *    `csrf`: there for those who work in the field */
export async function startPhoneHooks({ account, csrf }) {
  // On the way in or out: until it is known who comes, "/" is not the last one's shell.
  if (!account) return setPhoneMode(false);
  await becomeOnly(account);
  if (!csrf || !(await phone.canStore()).ok) return;
  const worker = await registerWorker();
  const vault = (await phone.openVault()) ?? (await enrolHere(csrf));
  if (!vault) return;
  const api = createApi({ token: vault.token });
  const outbox = startOutbox(vault, api);
  await createPull({ vault, api }).pull();
  if (!worker) return;
  await navigator.serviceWorker.ready;
  await setPhoneMode();
  document.documentElement.dataset.phone = "ready";
  await offerPhone();
  void phone.askToPersist();
  return outbox;
}

/** @param {string} account */
async function becomeOnly(account) {
  const active = await phone.meta("active_account");
  if (active && active !== account) await phone.signOutHere();
}

/** Enrol this browser for whoever is signed in; two tabs do it once. @param {string} csrf */
async function enrolHere(csrf) {
  const enrol = () => enrolOnce(csrf);
  return navigator.locks ? navigator.locks.request("lakthan-enrol", enrol) : enrol();
}

/** @param {string} csrf */
async function enrolOnce(csrf) {
  const there = await phone.openVault();
  if (there) return there;
  const { keyPair, publicKey } = await phone.newSigningKeys();
  const [installId, label] = [await phone.installId(), await labelOfThisPhone()];
  const who = { install_id: installId, label, app_version: shellVersion(), public_key: publicKey };
  await phone.signInHere(await createApi().enrolHere(who, csrf), keyPair, installId);
  await phone.setMeta("label", label);
  await phone.setMeta("leave_pending", undefined); // it was another session's
  return phone.openVault();
}

/** @param {import("../outbox/types.js").Vault} vault @param {import("../sync/api.js").Api} api */
function startOutbox(vault, api) {
  const uploads = createUploads({ token: vault.token });
  const outbox = createOutbox({ vault, api, uploads, appVersion: shellVersion() });
  const count = async () => {
    const { waiting, sending, fixing } = await outbox.summary();
    showCount(waiting + sending + fixing);
  };
  outbox.events.addEventListener("change", () => void count());
  onLineChange(() => void outbox.flush());
  outbox.start();
  void count();
  return outbox;
}

/** @param {number} unsent */
function showCount(unsent) {
  const link = /** @type {HTMLElement | null} */ (document.querySelector("[data-sync-link]"));
  const count = link?.querySelector("[data-sync-count]");
  if (!link || !count) return;
  link.hidden = unsent === 0;
  count.textContent = String(unsent);
}

/** Said once: that there is a part that works without a network. */
async function offerPhone() {
  const bar = /** @type {HTMLElement | null} */ (document.querySelector("[data-phone-bar]"));
  if (!bar || (await phone.meta("bar_seen"))) return;
  const seen = () => phone.setMeta("bar_seen", true);
  bar.hidden = false;
  bar.querySelector("a")?.addEventListener("click", () => void seen());
  bar.querySelector("[data-phone-bar-close]")?.addEventListener("click", () => {
    bar.hidden = true;
    void seen();
  });
}

/** Signing out of the server's pages signs out of this phone too; what was not sent stays, sealed. */
export async function leaveThisPhone() {
  const vault = await phone.openVault();
  const told = vault && createApi({ token: vault.token }).forgetToken();
  const enough = new Promise((resolve) => setTimeout(resolve, FORGET_MS));
  await Promise.race([told, enough]).catch(() => {}); // a token nobody has any more is harmless
  await phone.signOutHere();
  await setPhoneMode(false);
}
