// @ts-check
/** Shell: starts the phone's one page - context, frame, router, state line - and keeps them going. */
import { meta, knownAccounts, setMeta } from "../vault/vault.js";
import { createContext } from "./context.js";
import { createFrame } from "./frame.js";
import { startRhythm } from "./rhythm.js";
import { handOver } from "./hand_over.js";
import { createRouter } from "./router.js";
import { SCREENS } from "./screens/index.js";
import { startStateLine } from "./state_line.js";
import { startVersions } from "./versions.js";
import { readWords } from "./words.js";

/** @typedef {import("./context.js").Context} Context */

/** Start.  A phone whose storage cannot be opened gets a plain message, not a blank page. */
export async function startShell() {
  const words = readWords(document);
  const frame = createFrame(words);
  try {
    const ctx = await createContext({ words, locale: localeOfPage(), programme: programmeOfPage() });
    Object.assign(ctx, { toast: frame.toast, ask: frame.ask });
    await useChosenLanguage();
    await run(ctx, frame);
  } catch (error) {
    frame.broken(error, { again: () => location.reload() });
  }
}

/** @param {Context} ctx @param {ReturnType<typeof createFrame>} frame */
async function run(ctx, frame) {
  history.scrollRestoration = "manual";
  const ways = { again: () => void router.show(), rescue: () => void rescue(ctx) };
  const router = createRouter({
    screens: SCREENS,
    ctx,
    place: frame.place,
    shown(found, root, how) {
      if (!found) root.querySelector("[data-again]")?.addEventListener("click", () => location.reload());
      frame.reveal(root, { quietly: !started });
      scrollTo(0, how === "back" ? Number(history.state?.y ?? 0) : 0);
      started = true;
    },
    broken: (error) => frame.broken(error, ways),
  });
  let started = false;
  Object.assign(ctx, { go: router.go, back: router.back, again: ways.again, onLeave: router.onLeave });
  const line = startStateLine(ctx, async () => unsentAsleep(await knownAccounts()));
  startLanguageLink();
  startNets(ctx);
  await router.start();
  void line.show();
  startRhythm(ctx, line.lineIs);
  void startVersions(ctx);
}

/** What an event handler throws is said, not swallowed. @param {Context} ctx */
function startNets(ctx) {
  const say = (/** @type {any} */ error) => {
    if (error?.code === "signed_out") return; // the next screen says who is signed in
    console.error(error);
    ctx.toast(ctx.words("shell.trouble"), "bad");
  };
  addEventListener("error", (event) => event.error && say(event.error));
  addEventListener("unhandledrejection", (event) => say(event.reason));
}

/** @param {Context} ctx */
async function rescue(ctx) {
  if (!ctx.outbox) return;
  await handOver(await ctx.outbox.rescue(), ctx.today());
}

/** @param {{ unsent?: number }[]} accounts */
function unsentAsleep(accounts) {
  return accounts.reduce((sum, account) => sum + (account.unsent ?? 0), 0);
}

/** @returns {"th" | "en"} */
function localeOfPage() {
  return document.documentElement.lang === "en" ? "en" : "th";
}

/** @returns {import("./context.js").Programme} */
function programmeOfPage() {
  return JSON.parse(document.getElementById("programme")?.textContent ?? "{}");
}

/** A cold start has no ?lang=: open the variant that was last chosen here. */
async function useChosenLanguage() {
  const asked = new URL(location.href);
  const chosen = await meta("language");
  if (asked.searchParams.has("lang") || !chosen || chosen === localeOfPage()) return;
  asked.searchParams.set("lang", chosen);
  location.replace(asked);
  await new Promise(() => {}); // the page is about to be another one
}

function startLanguageLink() {
  const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-language]"));
  link?.addEventListener("click", async (event) => {
    event.preventDefault();
    await setMeta("language", link.dataset.language ?? "th");
    const here = new URL(location.href);
    here.searchParams.set("lang", link.dataset.language ?? "th");
    location.assign(here);
  });
}
