// @ts-check
/** One follow-up as this phone knows it: how far it is, its facts, what may be done. */
import { fieldProblems } from "../entry_words.js";
import { joinFollowup } from "../followup_book.js";
import { followedName, followupFacts } from "../followup_words.js";
import { listen, settling } from "../listen.js";
import { badge, fill, part } from "../parts.js";
import { photoTiles } from "../photo_tiles.js";
import { strikeOut } from "../strike_out.js";
import { thaiDay } from "../thai_day.js";
import { link, show } from "../visible.js";
import { visitToFollow } from "../visit_to_follow.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../followup_book.js").BookFollowup} BookFollowup */

/** @type {import("../router.js").Screen} */
export default {
  name: "followup",
  paths: ["/phone/followups/:id", "/followups/:id"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const tiles = photoTiles(ctx);
    ctx.onLeave(tiles.release);
    const draw = settling(async () => {
      const followup = await followupOf(ctx, params.id);
      if (followup) await drawFollowup(root, ctx, followup, tiles);
      else sayGone(root, ctx);
    });
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    const form = /** @type {HTMLFormElement} */ (root.querySelector("[data-strike-form]"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const followup = await followupOf(ctx, params.id);
      const sentences = { discard: ctx.words("followup.discard"), strike: ctx.words("followup.strike") };
      if (!followup || !(await strikeOut(ctx, { kind: "followup", ...followup }, { form, sentences }))) return;
      ctx.go("/phone/followups", { replace: true });
    });
    await draw();
  },
};

/** @param {Context} ctx @param {string} id */
async function followupOf(ctx, id) {
  const records = await ctx.section("records");
  return joinFollowup(id, (await ctx.outbox?.list()) ?? [], records?.followups ?? []);
}

/** @param {HTMLElement} root @param {Context} ctx @param {BookFollowup} followup @param {ReturnType<typeof photoTiles>} tiles */
async function drawFollowup(root, ctx, followup, tiles) {
  const { words, locale } = ctx;
  const visit = await visitToFollow(ctx, followup.visitId);
  const photos = followup.photoEntries;
  fill(root, {
    heading: followedName(ctx, visit),
    lead: followup.followedOn ? thaiDay(followup.followedOn, locale, "long") : "",
    state: stateNote(ctx, followup),
    facts: followupFacts(ctx, followup, visit),
    photos: photos.length ? await tiles.of(photos) : null,
    "no-photos": photos.length ? null : words("visit.photos.none"),
  });
  show(root, "[data-slot=only-told]", !followup.data);
  show(root, "[data-slot=edit]", Boolean(followup.data) && !followup.deleted);
  show(root, "[data-slot=at-office]", followup.version > 0);
  show(root, "[data-slot=strike]", !followup.deleted);
  show(root, "[data-slot=next]", !followup.deleted);
  link(root, "[data-slot=edit]", `/phone/followups/${followup.id}/edit`);
  link(root, "[data-slot=at-office]", `/followups/${followup.id}`);
  link(root, "[data-the-visit]", `/phone/visits/${followup.visitId}`);
  link(root, "[data-add-photos]", `/phone/photos/new?kind=followup&id=${followup.id}`);
}

/** How far it is, in a sentence, with what to fix. @param {Context} ctx @param {BookFollowup} followup */
function stateNote(ctx, followup) {
  const tones = { fixing: "bad", received: "good", pending: "info", sending: "info", waiting: "info" };
  const state = followup.deleted ? "deleted" : followup.state;
  const note = part(`note-${followup.deleted ? "info" : tones[followup.state]}`, {
    title: ctx.words(`visit.state.${state}`),
    text: null,
  });
  const why = followup.entries.filter((entry) => entry.state === "fixing").flatMap((entry) => fieldProblems(ctx, entry));
  if (why.length) {
    const list = document.createElement("ul");
    list.append(...why.map((sentence) => part("error-line", { sentence })));
    note.lastElementChild?.append(list);
  }
  if (followup.state !== "received") note.lastElementChild?.append(badge(followup.state));
  return note;
}

/** @param {HTMLElement} root @param {Context} ctx */
function sayGone(root, ctx) {
  const title = ctx.words("followup.gone");
  root.replaceChildren(part("blank", { symbol: null, title, text: ctx.words("visit.gone.text"), action: null }));
}
