// @ts-check
/** Shots: the photos kept on this visit to the camera, newest first: caption, discard.  A tile stands
 *  for something the outbox already has; nothing is lost when the page goes away. */
import { fill, part } from "../phone/parts.js";
import { keepCaption } from "./photo.js";

/** @typedef {import("../phone/context.js").Context} Context */

/**
 * @param {HTMLElement} list @param {Context} ctx
 * @param {{ changed: (count: number) => void }} how  `changed` is told how many are kept
 */
export function createShots(list, ctx, { changed }) {
  /** @type {Set<string>} */
  const pictures = new Set();

  /** @param {{ id: string, thumb: Blob | null, place: string }} shot */
  function add({ id, thumb, place }) {
    const tile = part("shot", { place });
    if (thumb) show(tile, thumb);
    const box = /** @type {HTMLInputElement} */ (tile.querySelector("[data-caption]"));
    box.addEventListener("input", () => void ctx.dirty(true));
    box.addEventListener("change", () => void caption(tile, id, box.value.trim()));
    tile.querySelector("[data-discard]")?.addEventListener("click", () => void discard(tile, id));
    list.prepend(tile);
    changed(list.childElementCount);
  }

  /** @param {HTMLElement} tile @param {Blob} thumb */
  function show(tile, thumb) {
    const image = /** @type {HTMLImageElement} */ (tile.querySelector("img"));
    image.src = URL.createObjectURL(thumb);
    pictures.add(image.src);
    image.hidden = false;
    tile.querySelector(".shot__picture svg")?.remove();
  }

  /** @param {HTMLElement} tile @param {string} id @param {string} text */
  async function caption(tile, id, text) {
    try {
      if (ctx.outbox) await keepCaption(ctx.outbox, id, text || null);
      fill(tile, { "caption-trouble": null });
      ctx.dirty(false);
    } catch (error) {
      fill(tile, { "caption-trouble": wordsOf(ctx, error) });
    }
  }

  /** @param {HTMLElement} tile @param {string} id */
  async function discard(tile, id) {
    const { words } = ctx;
    if (!(await ctx.ask(words("camera.discard.ask"), { yes: words("yes.discard") }))) return;
    try {
      await takeAway(id);
    } catch (error) {
      ctx.toast(wordsOf(ctx, error), "warn");
      return;
    }
    tile.remove();
    changed(list.childElementCount);
  }

  /** Gone if it never left this phone; else struck out, which the office can see. @param {string} id */
  async function takeAway(id) {
    try {
      await ctx.outbox?.discard(id, { children: true });
    } catch (error) {
      if (/** @type {any} */ (error)?.code !== "already_sent") throw error;
      const reason = ctx.words("camera.discard.reason");
      await ctx.outbox?.add({ kind: "photo", op: "delete", id, data: { reason } });
    }
  }

  function release() {
    for (const address of pictures) URL.revokeObjectURL(address);
  }

  return { add, release };
}

/** The sentence for a refusal of the camera, the file or the outbox. @param {Context} ctx @param {unknown} error */
export function wordsOf({ words }, error) {
  const { code = "failed", facts = {} } = /** @type {any} */ (error) ?? {};
  const own = words(`camera.${code}`, facts);
  return own === `camera.${code}` ? words(code, facts) : own;
}
