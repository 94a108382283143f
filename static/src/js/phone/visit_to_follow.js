// @ts-check
/** The visit that a follow-up is about, out of what this phone has: written here, due, or listed. */
import { joinVisit } from "./book.js";

/** @typedef {import("./context.js").Context} Context */

/**
 * @typedef {object} VisitToFollow
 * @property {string} id
 * @property {string | null} centreId
 * @property {string | null} groupName
 * @property {number} nTotal
 * @property {string} visitDate
 * @property {string | null} leaderName
 * @property {string | null} phone
 * @property {boolean | null} consent  may be called; null where the phone was not told
 * @property {number | null} stepMonths  which check is due
 */

/** @param {Context} ctx @param {string | undefined} id @returns {Promise<VisitToFollow | null>} */
export async function visitToFollow(ctx, id) {
  if (!id) return null;
  const records = await ctx.section("records");
  const due = /** @type {import("./followup_book.js").Due[]} */ ((await ctx.section("due")) ?? []);
  return joinVisitToFollow(id, (await ctx.outbox?.list()) ?? [], records?.visits ?? [], due);
}

/**
 * @param {string} id @param {import("../outbox/types.js").Entry[]} entries
 * @param {import("./book.js").Listed[]} listed @param {import("./followup_book.js").Due[]} dueVisits
 * @returns {VisitToFollow | null}
 */
export function joinVisitToFollow(id, entries, listed, dueVisits) {
  const visit = joinVisit(id, entries, listed);
  const due = dueVisits.find((one) => one.visit_id === id) ?? null;
  if (!due && (!visit || visit.deleted)) return null;
  const written = visit?.data ?? null;
  return {
    id,
    centreId: visit?.centreId ?? due?.centre_id ?? null,
    groupName: visit ? visit.groupName : (due?.group_name ?? null),
    nTotal: visit?.nTotal ?? due?.n_total ?? 0,
    visitDate: visit?.visitDate ?? due?.visit_date ?? "",
    leaderName: written ? written.leader_name : (due?.leader_name ?? null),
    phone: written ? written.phone : (due?.phone ?? null),
    consent: written ? Boolean(written.consent_followup) : (due?.consent_followup ?? null),
    stepMonths: due?.step_months ?? null,
  };
}
