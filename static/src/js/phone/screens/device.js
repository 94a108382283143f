// @ts-check
/**
 * This phone and whose it is: contact, storage, installing, data saver, language, version, sign-out.
 * Promise: signing out works without a network, and says beforehand what stays here unsent.
 */
import { askToPersist, meta, setMeta, storageState } from "../../vault/vault.js";
import { shellVersion } from "../enrolling.js";
import { askToInstall, installEvents, installWay } from "../install_prompt.js";
import { signOutOfPhone } from "../leaving.js";
import { listen, settling } from "../listen.js";
import { fill, part } from "../parts.js";
import { phoneFacts } from "../phone_facts.js";
import { startRescue } from "../rescue.js";
import { unsentOf } from "../state.js";
import { show } from "../visible.js";

/** @typedef {import("../context.js").Context} Context */

/** @type {import("../router.js").Screen} */
export default {
  name: "device",
  paths: ["/phone/device"],
  needsAccount: true,
  async show({ root, ctx }) {
    const draw = settling(() => drawDevice(root, ctx));
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    const installed = () => void draw();
    installEvents.addEventListener("change", installed);
    ctx.onLeave(() => installEvents.removeEventListener("change", installed));
    startStorage(root, ctx, draw);
    await startSaver(root, ctx);
    startLanguage(root);
    startVersion(root, ctx);
    startRescue(root, ctx);
    root.querySelector("[data-sign-out]")?.addEventListener("click", () => void signOut(root, ctx));
    await draw();
  },
};

/** @param {HTMLElement} root @param {Context} ctx */
async function drawDevice(root, ctx) {
  const { vault, outbox, words } = ctx;
  if (!vault || !outbox) return;
  const account = (await ctx.section("account")) ?? vault.account;
  const summary = await outbox.summary();
  const unsent = unsentOf(summary) + summary.pending;
  fill(root, {
    heading: account.name,
    lead: [words(`role.${account.role}`), account.place].filter(Boolean).join(" · "),
    facts: [part("entry", { label: words("device.label"), value: (await meta("label")) ?? words("unknown") }), ...(await phoneFacts(ctx))],
    safety: await safetyNote(words),
    receipts: await receiptWords(ctx),
    version: words("device.version", { version: shellVersion() || words("unknown") }),
    "sign-out-hint": unsent ? words("device.unsent_stays", { num: unsent }) : words("device.nothing_unsent"),
  });
  const way = installWay();
  show(root, "[data-part=installed]", way === "installed");
  show(root, "[data-part=not-installed]", way !== "installed");
  show(root, "[data-install]", way === "prompt");
}

/** @param {import("../words.js").Words} words */
async function safetyNote(words) {
  const { persisted } = await storageState();
  if (persisted) return part("note-good", { title: words("device.persisted"), text: words("device.persisted.text") });
  const how = installWay() === "installed" ? "device.not_persisted.installed" : "device.not_persisted.text";
  return part("note-warn", { title: words("device.not_persisted"), text: words(how) });
}

/** How many receipts of what lies here were checked against the office's signature. @param {Context} ctx */
async function receiptWords({ outbox, words }) {
  const held = ((await outbox?.list()) ?? []).filter((entry) => entry.receipt);
  if (!held.length) return words("device.receipts.none");
  const right = held.filter((entry) => entry.verified === true).length;
  if (right === held.length) return words("device.receipts.all", { num: right });
  const unable = held.filter((entry) => entry.verified === null).length;
  return words(unable ? "device.receipts.unable" : "device.receipts.some", { right, total: held.length });
}

/** @param {HTMLElement} root @param {Context} ctx @param {() => Promise<void>} draw */
function startStorage(root, ctx, draw) {
  root.querySelector("[data-persist]")?.addEventListener("click", async () => {
    const kept = await askToPersist();
    const answer = kept ? "device.persist.yes" : kept === null ? "device.persist.unknown" : "device.persist.no";
    ctx.toast(ctx.words(answer), kept ? "good" : "warn");
    await draw();
  });
  root.querySelector("[data-install]")?.addEventListener("click", async () => {
    await askToInstall();
    await draw();
  });
}

/** @param {HTMLElement} root @param {Context} ctx */
async function startSaver(root, ctx) {
  const saving = Boolean(await meta("data_saver"));
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("[name=saver]"))) {
    box.checked = (box.value === "on") === saving;
    box.addEventListener("change", async () => {
      await setMeta("data_saver", box.value === "on");
      ctx.toast(ctx.words(box.value === "on" ? "device.saver.on" : "device.saver.off"));
      void ctx.outbox?.flush();
    });
  }
}

/** @param {HTMLElement} root */
function startLanguage(root) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (root.querySelectorAll("[data-choose-language]"))) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      event.stopPropagation(); // the router would keep the page, and with it the old language
      await setMeta("language", link.lang);
      location.assign(link.href);
    });
  }
}

/** Look for a new version; it is offered where all screens offer it, once nothing is half written.
 *  @param {HTMLElement} root @param {Context} ctx */
function startVersion(root, ctx) {
  root.querySelector("[data-look]")?.addEventListener("click", async () => {
    const { words } = ctx;
    const registration = await navigator.serviceWorker?.getRegistration();
    if (!registration) {
      fill(root, { update: words("device.update.unable") });
      return;
    }
    fill(root, { update: words("device.update.looking") });
    try {
      await registration.update();
      const coming = registration.installing ?? registration.waiting;
      fill(root, { update: words(coming ? "device.update.coming" : "device.update.newest") });
    } catch {
      fill(root, { update: words("enrol.offline") });
    }
  });
}

/** @param {HTMLElement} root @param {Context} ctx */
async function signOut(root, ctx) {
  const { outbox, words } = ctx;
  const summary = await outbox?.summary();
  const unsent = summary ? unsentOf(summary) + summary.pending : 0;
  const details = unsent ? words("device.sign_out.unsent", { num: unsent }) : words("device.sign_out.nothing");
  if (!(await ctx.ask(words("device.sign_out.sure"), { details, yes: words("device.sign_out.yes") }))) return;
  fill(root, { leaving: words("device.sign_out.busy") });
  await signOutOfPhone(ctx);
  ctx.go("/phone/enrol", { replace: true });
}
