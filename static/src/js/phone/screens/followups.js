// @ts-check
/** Whom to ask whether they use what they learned: overdue first.  Names and numbers stay hidden here. */
import { maskedContact } from "../contact_line.js";
import { dueBadge } from "../due_words.js";
import { joinFollowups, stillDue } from "../followup_book.js";
import { followupRow } from "../followup_words.js";
import { listen, settling } from "../listen.js";
import { fill, linkRow } from "../parts.js";
import { thaiDay } from "../thai_day.js";
import { show } from "../visible.js";
import { joinVisitToFollow } from "../visit_to_follow.js";
import { visitName } from "../visit_words.js";

const FIRST_SHOWN = 30; // what a thumb gets through; more on request
const MOST_DONE = 20;

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../followup_book.js").Due} Due */

/** @type {import("../router.js").Screen} */
export default {
  name: "followups",
  paths: ["/phone/followups", "/followups"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const centreBox = /** @type {HTMLSelectElement} */ (root.querySelector("select"));
    let shown = FIRST_SHOWN;
    await fillCentres(centreBox, ctx, params.centre);
    const draw = settling(() => drawList(root, ctx, centreBox.value, shown));
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    centreBox.addEventListener("change", () => void draw());
    root.querySelector("[data-show-more]")?.addEventListener("click", () => {
      shown += FIRST_SHOWN;
      void draw();
    });
    await draw();
  },
};

/** @param {HTMLElement} root @param {Context} ctx @param {string} centreId @param {number} shown */
async function drawList(root, ctx, centreId, shown) {
  const { words } = ctx;
  const entries = (await ctx.outbox?.list()) ?? [];
  const told = /** @type {Due[] | null} */ (await ctx.section("due"));
  const centres = /** @type {any[]} */ ((await ctx.section("centres")) ?? []);
  const due = stillDue(told ?? [], entries).filter((one) => !centreId || one.centre_id === centreId);
  const late = due.filter((one) => one.due_on < ctx.today()).length;
  fill(root, {
    lead: told ? words("followups.counts", { late, coming: due.length - late }) : words("followups.not_told"),
    due: due.slice(0, shown).map((one) => dueRow(ctx, one, centres)),
    done: await doneRows(ctx, entries, told ?? [], centreId),
  });
  show(root, "[data-slot=more]", due.length > shown);
  show(root, "[data-slot=none]", told !== null && due.length === 0);
  show(root, "[data-slot=due]", due.length > 0);
  show(root, "[data-part=done]", !slotIsEmpty(root, "done"));
}

/** @param {Context} ctx @param {Due} due @param {any[]} centres */
function dueRow(ctx, due, centres) {
  const centre = centres.length > 1 ? centres.find((one) => one.id === due.centre_id)?.name : null;
  const facts = [
    thaiDay(due.visit_date, ctx.locale),
    ctx.words("visits.n", { num: due.n_total }),
    maskedContact({ leaderName: due.leader_name, phone: due.phone }) || ctx.words("followups.no_phone"),
    centre,
  ];
  return linkRow({
    href: `/phone/followups/new?visit=${due.visit_id}`,
    title: visitName(ctx, { groupName: due.group_name, nTotal: due.n_total }),
    text: facts.filter(Boolean).join(" · "),
    icon: due.phone ? "phone" : "followup",
    side: dueBadge(ctx, due.due_on),
  });
}

/** What was written on this phone, or lately by this account.
 *  @param {Context} ctx @param {import("../../outbox/types.js").Entry[]} entries @param {Due[]} due @param {string} centreId */
async function doneRows(ctx, entries, due, centreId) {
  const records = (await ctx.section("records")) ?? { visits: [], followups: [] };
  const mine = records.followups.filter((/** @type {any} */ one) => one.mine);
  const rows = joinFollowups(entries, mine)
    .map((followup) => ({ followup, visit: joinVisitToFollow(followup.visitId, entries, records.visits, due) }))
    .filter(({ visit }) => !centreId || !visit?.centreId || visit.centreId === centreId)
    .slice(0, MOST_DONE)
    .map(({ followup, visit }) => followupRow(ctx, followup, visit));
  return rows.length ? rows : null;
}

/** @param {HTMLSelectElement} box @param {Context} ctx @param {string | undefined} asked */
async function fillCentres(box, ctx, asked) {
  const centres = /** @type {any[]} */ ((await ctx.section("centres")) ?? []);
  box.append(...centres.map((one) => new Option(`${one.code} ${one.name}`, one.id)));
  if (asked && centres.some((one) => one.id === asked)) box.value = asked;
  const frame = /** @type {HTMLElement} */ (box.closest("[data-centre-box]"));
  frame.hidden = centres.length < 2;
}

/** @param {HTMLElement} root @param {string} name */
function slotIsEmpty(root, name) {
  return !root.querySelector(`[data-slot="${name}"]`)?.firstChild;
}
