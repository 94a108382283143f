// @ts-check
/** Circumstances: what every record carries of when, where and by which phone it was written. */
import { positionOf, watchPosition } from "../capture/position.js";
import { believable, isoWithOffset, storableSkew } from "../shared/clock.js";

/** @typedef {import("./context.js").Context} Context */

/**
 * @param {Context} ctx @param {object | null} position  as `followPosition` answers it
 * @returns {Record<string, any>} the capture fields of a record's data
 */
export function circumstances(ctx, position) {
  const contact = ctx.contact();
  return {
    captured_at: believable(isoWithOffset(Date.now()), contact),
    device_id: ctx.vault?.deviceId ?? null,
    clock_skew_s: contact ? storableSkew(contact.skewS) : null,
    position,
    programme_version: ctx.programme.name,
  };
}

/**
 * Look for the place while a form is filled in; nobody waits for it.  Ends when the screen is left.
 * @param {Context} ctx @param {(sentence: string) => void} say
 * @returns {() => object | null} the best place so far, as a record carries it
 */
export function followPosition(ctx, say) {
  const watch = watchPosition(({ quality, fix }) => {
    if (fix) say(ctx.words("place.found", { metres: Math.ceil(fix.accuracyM) }));
    else if (quality !== "searching") say(ctx.words(`place.${quality}`));
  });
  ctx.onLeave(watch.stop);
  return () => positionOf(watch.where().fix, Date.now());
}
