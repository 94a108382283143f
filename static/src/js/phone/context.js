// @ts-check
/**
 * Context: what every screen is handed.  The one place where the shell's parts are put together.
 *
 * Promises: `vault` and `outbox` are both there or both null (nobody signed in on this phone);
 * after `reopen()` they are those of whoever is signed in then.  Screens are handed everything;
 * they import rules and pieces, never the vault or the network.
 */
import { createApi } from "../sync/api.js";
import { createUploads } from "../sync/tus.js";
import { startsSlow } from "../outbox/line.js";
import { createOutbox } from "../outbox/outbox.js";
import { likelyNow } from "../shared/clock.js";
import { bangkokDay } from "../shared/days.js";
import { installId, openVault } from "../vault/vault.js";

/** @typedef {import("../outbox/types.js").Vault} Vault */
/** @typedef {import("../outbox/types.js").Outbox} Outbox */
/** @typedef {import("../outbox/types.js").Contact} Contact */
/** @typedef {import("../sync/api.js").Api} Api */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {"info" | "good" | "warn" | "bad"} Tone */

/** @typedef {{ key: string, th: string, en: string }} Choice */
/** The lists the shell's forms offer; a record is written under this programme's name.
 *  @typedef {{
 *    name: string, followup_months: number[], visit_kinds: Choice[], visitor_sectors: Choice[],
 *    topics: Choice[], followup_methods: Choice[], followup_uses: Choice[], outcomes: Choice[],
 *  }} Programme */

/**
 * @typedef {object} Context
 * @property {Vault | null} vault
 * @property {Outbox | null} outbox
 * @property {Api} api  with the account's token, when there is one
 * @property {Words} words
 * @property {"th" | "en"} locale
 * @property {Programme} programme  as the shell's forms offer it; there before anything was pulled
 * @property {string} installId
 * @property {EventTarget} events  "account" after reopen, "pulled" after a pull, "outbox" on any change there
 * @property {(name: string) => Promise<any>} section  a pulled section (account, centres, rounds, due, records), or null
 * @property {() => string} today  Bangkok's day, "2024-02-13"
 * @property {() => number} now  epoch ms, this phone's clock set right by the server's last word
 * @property {() => Contact | null} contact  the server's last word
 * @property {(path: string, how?: { replace?: boolean }) => void} go
 * @property {() => void} back
 * @property {() => void} again  shows the present screen anew
 * @property {(call: import("./router.js").Leaving) => void} onLeave
 * @property {(text: string, tone?: Tone) => void} toast
 * @property {(question: string, how?: { details?: string, yes?: string }) => Promise<boolean>} ask
 * @property {(flag?: boolean) => boolean} dirty  is a form half filled in?  With a flag, says so
 * @property {() => Promise<void>} reopen  after signing in or out
 * @property {() => Promise<void>} refresh  send what waits and fetch what is new, now
 * @property {(flag?: boolean) => boolean} forked  did the server see a copy of this storage?
 * @property {(flag?: boolean) => boolean} signInNeeded  did the server refuse this sign-in?  Everything is kept
 */

/**
 * Everything but the ways between screens and the frame, which shell.js adds.
 * @param {{ words: Words, locale: "th" | "en", programme: Programme }} page
 * @returns {Promise<Context>}
 */
export async function createContext({ words, locale, programme }) {
  const state = { dirty: false, forked: false, signInNeeded: false };
  /** @type {Contact | null} */
  let contact = null;
  const nowhere = () => {
    throw new Error("the shell has not started");
  };
  /** @type {Context} */
  const ctx = {
    vault: null,
    outbox: null,
    api: createApi(),
    words,
    locale,
    programme,
    installId: await installId(),
    events: new EventTarget(),
    section: async (name) => (await ctx.vault?.pulled(name)) ?? null,
    today: () => bangkokDay(ctx.now()),
    now: () => likelyNow(Date.now(), contact),
    contact: () => contact,
    go: nowhere,
    back: nowhere,
    again: nowhere,
    onLeave: nowhere,
    toast: nowhere,
    ask: nowhere,
    refresh: async () => {},
    async reopen() {
      state.signInNeeded = false;
      await putTogether(ctx);
      contact = (await ctx.vault?.contact()) ?? null;
      ctx.events.dispatchEvent(new CustomEvent("account"));
    },
    dirty: (flag) => (state.dirty = flag ?? state.dirty),
    forked: (flag) => (state.forked = flag ?? state.forked),
    signInNeeded: (flag) => (state.signInNeeded = flag ?? state.signInNeeded),
  };
  ctx.events.addEventListener("pulled", async () => {
    state.signInNeeded = false;
    contact = (await ctx.vault?.contact()) ?? contact;
  });
  await ctx.reopen();
  return ctx;
}

/** Vault, network and outbox of whoever is signed in now. @param {Context} ctx */
async function putTogether(ctx) {
  ctx.outbox?.stop();
  ctx.vault?.close();
  ctx.outbox = null;
  const vault = await openVault();
  ctx.vault = vault;
  ctx.installId = await installId();
  ctx.api = createApi({ token: vault?.token ?? null });
  if (!vault) return;
  const events = new EventTarget();
  const appVersion = document.documentElement.dataset.version ?? "";
  const uploads = createUploads({ token: vault.token, slow: startsSlow() });
  ctx.outbox = createOutbox({ vault, api: ctx.api, uploads, events, appVersion });
  for (const name of EVENTS) events.addEventListener(name, (event) => pass(ctx, event));
}

const EVENTS = ["change", "progress", "signin-needed", "line", "forked", "stumbled"];

/** The outbox changes with the account, its listeners stay. @param {Context} ctx @param {Event} event */
function pass(ctx, event) {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (event.type === "forked") ctx.forked(true);
  if (event.type === "forked" || event.type === "signin-needed") ctx.signInNeeded(true);
  ctx.events.dispatchEvent(new CustomEvent("outbox", { detail: { ...detail, what: event.type } }));
}
