// @ts-check
/** Photos of a record as tiles: small pictures out of the phone's own store, each with its state. */
import { badge, part } from "./parts.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("../outbox/types.js").Entry} Entry */

/** Pictures stay in memory until `release`. @param {Context} ctx */
export function photoTiles(ctx) {
  /** @type {Map<string, string>} */
  const addresses = new Map();

  /** @param {Entry} entry */
  async function picture(entry) {
    const known = addresses.get(entry.recordId);
    if (known) return known;
    const blob =
      (await ctx.outbox?.attachment(entry.recordId, "preview")) ??
      (await ctx.outbox?.attachment(entry.recordId, "original"));
    if (!blob) return null;
    const address = URL.createObjectURL(blob);
    addresses.set(entry.recordId, address);
    return address;
  }

  /** @param {Entry} entry */
  async function tile(entry) {
    const caption = entry.item?.data.caption ?? null;
    const box = part("photo-tile", { state: badge(entry.state), caption });
    const address = await picture(entry);
    const image = box.querySelector("img");
    const none = /** @type {HTMLElement | null} */ (box.querySelector(".photo-tile__none"));
    if (image && address) {
      image.src = address;
      image.alt = caption ?? ctx.words("outbox.kind.photo");
      none?.remove();
    } else image?.remove();
    return box;
  }

  return {
    /** @param {Entry[]} entries oldest first */
    of: (entries) => Promise.all([...entries].sort((a, b) => a.createdAt - b.createdAt).map(tile)),
    release() {
      for (const address of addresses.values()) URL.revokeObjectURL(address);
      addresses.clear();
    },
  };
}
