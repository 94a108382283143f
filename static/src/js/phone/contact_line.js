// @ts-check
/**
 * Whom to call: hidden until asked for, and every look is noted.
 * Promise: name and number are shown only after the note about it is safe in the outbox.
 */
import { newId } from "../shared/ids.js";
import { believable, isoWithOffset } from "../shared/clock.js";
import { maskName, maskPhone, showPhone } from "./masks.js";
import { part } from "./parts.js";

/** @typedef {import("./context.js").Context} Context */
/** @typedef {{ leaderName: string | null, phone: string | null }} Contact */

/** Hidden but for the ends, in one line. @param {Contact} contact @returns {string} */
export function maskedContact({ leaderName, phone }) {
  return [maskName(leaderName ?? ""), phone ? maskPhone(phone) : ""].filter(Boolean).join(" ");
}

/** Note the look, then show. @param {Context} ctx @param {{ id: string } & Contact} visit @returns {Promise<HTMLElement>} */
export async function revealContact(ctx, visit) {
  const seenAt = believable(isoWithOffset(Date.now()), ctx.contact());
  await ctx.outbox?.add({
    kind: "contact_seen",
    op: "create",
    id: newId(),
    data: { visit_id: visit.id, seen_at: seenAt },
  });
  void ctx.outbox?.flush();
  const line = part("contact-line", { name: visit.leaderName, number: visit.phone ? showPhone(visit.phone) : null });
  const call = line.querySelector("a");
  if (call && visit.phone) call.href = `tel:${visit.phone}`;
  else call?.remove();
  return line;
}
