// @ts-check
/** Rescue file: everything that waits, as one locked file out of this phone, and one brought in. */
import { handOver } from "./hand_over.js";
import { fill, part } from "./parts.js";

/** @typedef {import("./context.js").Context} Context */

/** @param {HTMLElement} root @param {Context} ctx */
export function startRescue(root, ctx) {
  root.querySelector("[data-rescue-out]")?.addEventListener("click", () => void out(root, ctx));
  const input = /** @type {HTMLInputElement | null} */ (root.querySelector("[data-rescue-in]"));
  input?.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    if (file) await bringIn(root, ctx, file);
    input.value = "";
  });
}

/** @param {HTMLElement} root @param {Context} ctx */
async function out(root, ctx) {
  const { outbox, words } = ctx;
  const summary = await outbox?.summary();
  if (!outbox || !summary || summary.waiting + summary.sending + summary.pending + summary.fixing === 0) {
    say(root, "info", words("outbox.rescue.empty"));
    return;
  }
  const how = await handOver(await outbox.rescue(), ctx.today());
  if (how !== "cancelled") say(root, "good", words("outbox.rescue.saved"));
}

/** @param {HTMLElement} root @param {Context} ctx @param {File} file */
async function bringIn(root, ctx, file) {
  const { words } = ctx;
  try {
    const { items, blobs } = await ctx.api.rescue(file);
    const received = items.filter((item) => ["created", "known", "pending"].includes(item.status)).length;
    const other = items.length - received;
    say(root, other ? "warn" : "good", words("outbox.rescue.read", { received, other, held: blobs.held }));
  } catch (error) {
    const { kind, code, detail } = /** @type {any} */ (error);
    if (!kind) throw error;
    if (kind === "refused") say(root, "bad", words("outbox.rescue.failed", { why: detail ?? words(code) }));
    else say(root, "warn", words("outbox.rescue.no_line"));
  }
}

/** @param {HTMLElement} root @param {import("./context.js").Tone} tone @param {string} title */
function say(root, tone, title) {
  const note = part(`note-${tone}`, { title, text: null });
  note.setAttribute("role", "status");
  fill(root, { rescued: note });
}
