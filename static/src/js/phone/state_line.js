// @ts-check
/** State line: keeps the sentence under the top bar, and the outbox's count, true. */
import { settling } from "./listen.js";
import { fill, icon } from "./parts.js";
import { sayState, unsentOf } from "./state.js";

/** How the connection is, as last seen. @type {import("./state.js").Line} */
let line = "unknown";
let burst = 0;

/**
 * @param {import("./context.js").Context} ctx
 * @param {() => Promise<number>} asleep  how many items of signed-out accounts wait on this phone
 * @returns {{ show: () => Promise<void>, lineIs: (state: import("./state.js").Line) => void }}
 */
export function startStateLine(ctx, asleep) {
  const strip = /** @type {HTMLElement} */ (document.querySelector("[data-state-line]"));

  const show = settling(async () => {
    const summary = ctx.outbox ? await ctx.outbox.summary() : null;
    const unsent = summary ? summary.waiting + summary.sending : 0;
    burst = unsent ? Math.max(burst, unsent) : 0;
    const said = sayState({ summary, asleep: summary ? 0 : await asleep(), line, signInNeeded: ctx.signInNeeded(), burst });
    draw(strip, ctx, said);
    countUnsent(summary ? unsentOf(summary) : 0);
  });

  /** @param {import("./state.js").Line} state */
  const lineIs = (state) => {
    line = state;
    void show();
  };

  ctx.events.addEventListener("outbox", (event) => {
    const { what, state } = /** @type {CustomEvent} */ (event).detail;
    if (what === "line") line = state;
    void show();
  });
  ctx.events.addEventListener("account", () => {
    place(ctx);
    void show();
  });
  ctx.events.addEventListener("pulled", () => void show());
  addEventListener("offline", () => lineIs("offline"));
  addEventListener("online", () => lineIs("unknown"));
  if (!navigator.onLine) line = "offline";
  place(ctx);
  return { show, lineIs };
}

/** @param {HTMLElement} strip @param {import("./context.js").Context} ctx @param {import("./state.js").Saying} said */
function draw(strip, ctx, said) {
  const sentence = ctx.words(said.key, said.facts);
  strip.hidden = false;
  strip.dataset.tone = said.tone;
  strip.setAttribute("href", said.href);
  const words = strip.querySelector("[data-slot=state-words]");
  if (words && words.textContent !== sentence) words.textContent = sentence; // read aloud once
  fill(strip, { "state-icon": icon(said.icon), "state-more": said.more ? ctx.words(said.more) : null });
}

/** @param {number} unsent */
function countUnsent(unsent) {
  for (const count of document.querySelectorAll("[data-slot=unsent]")) {
    fill(/** @type {HTMLElement} */ (count), { unsent: unsent ? (unsent > 99 ? "99+" : unsent) : null });
  }
}

/** Whose phone this is at the moment. @param {import("./context.js").Context} ctx */
function place(ctx) {
  const where = document.querySelector("[data-slot=place]");
  if (!(where instanceof HTMLElement)) return;
  where.dataset.nobody ??= where.textContent ?? "";
  where.textContent = ctx.vault?.account.place || ctx.vault?.account.name || where.dataset.nobody;
}
