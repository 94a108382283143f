// @ts-check
/** One centre: what to do there, how far it is, whom to call, what this quarter holds of it. */
import { joinBook } from "../book.js";
import { startHere } from "../here.js";
import { listen, settling } from "../listen.js";
import { showPhone } from "../masks.js";
import { badge, fill, linkRow, part } from "../parts.js";
import { photoTiles } from "../photo_tiles.js";
import { kindsWritten } from "../record_kinds.js";
import { quarterWords } from "../quarter_words.js";
import { link } from "../visible.js";
import { visitRow } from "../visit_words.js";
import { farness } from "./centres.js";

const MOST_VISITS = 5;

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("./centres.js").Centre} Centre */

/** @type {import("../router.js").Screen} */
export default {
  name: "centre",
  paths: ["/phone/centres/:id", "/centres/:id"],
  needsAccount: true,
  async show({ root, params, ctx }) {
    const tiles = photoTiles(ctx);
    ctx.onLeave(tiles.release);
    const centre = await centreOf(ctx, params.id);
    if (!centre) {
      sayUnknown(root, ctx);
      return;
    }
    const draw = settling(async () => {
      const told = (await centreOf(ctx, params.id)) ?? centre;
      drawCentre(root, ctx, told);
      await drawWritten(root, ctx, told, tiles);
    });
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    await draw();
    await startHere({
      button: /** @type {HTMLButtonElement} */ (root.querySelector("[data-here]")),
      onLeave: ctx.onLeave,
      found: (here) => fill(root, { distance: farness(ctx, here, centre) }),
      failed: (why) => fill(root, { distance: ctx.words(`here.${why}`) }),
    });
  },
};

/** @param {Context} ctx @param {string} id @returns {Promise<Centre | null>} */
async function centreOf(ctx, id) {
  const centres = /** @type {Centre[]} */ ((await ctx.section("centres")) ?? []);
  return centres.find((one) => one.id === id) ?? null;
}

/** @param {HTMLElement} root @param {Context} ctx @param {Centre} centre */
function drawCentre(root, ctx, centre) {
  const { words } = ctx;
  fill(root, {
    heading: centre.name,
    lead: [centre.code, centre.place].filter(Boolean).join(" · "),
    status: centre.status === "active" ? null : badge(centre.status),
    quarter: quarterWords(centre.quarter, words),
    visits: centre.visits.toLocaleString("en-US"),
    people: centre.people.toLocaleString("en-US"),
    followups: centre.followups.toLocaleString("en-US"),
    photos: centre.photos.toLocaleString("en-US"),
    steward: centre.steward_name || words("not_given"),
    phone: centre.phone ? callLink(centre.phone) : words("not_given"),
    kinds: kindsWritten(ctx)
      .filter(([, facts]) => facts.level !== "district")
      .map(([kind, facts]) => linkRow({ href: newRecord(kind, centre.id), title: facts.new, text: "", icon: facts.icon })),
    "plot-class": plotWords(centre.plot_class, words),
    position: `${centre.lat.toFixed(5)}, ${centre.lon.toFixed(5)}`,
  });
  link(root, "[data-somebody-came]", `/phone/visits/new?centre=${centre.id}`);
  link(root, "[data-add-photos]", `/phone/photos/new?kind=centre&id=${centre.id}`);
  link(root, "[data-followups]", `/phone/followups?centre=${centre.id}`);
  const writes = /** @type {HTMLElement | null} */ (root.querySelector("[data-somebody-came]"));
  if (writes) writes.hidden = centre.status !== "active";
}

/** What this phone has of it: the latest visits, and photos not yet thinned out.
 *  @param {HTMLElement} root @param {Context} ctx @param {Centre} centre @param {ReturnType<typeof photoTiles>} tiles */
async function drawWritten(root, ctx, centre, tiles) {
  const entries = (await ctx.outbox?.list()) ?? [];
  const records = await ctx.section("records");
  const visits = joinBook(entries, records?.visits ?? []).filter((one) => one.centreId === centre.id && !one.deleted);
  const photos = entries.filter((one) => one.kind === "photo" && one.op === "create" && one.subjectId === centre.id);
  fill(root, {
    latest: visits.length ? visits.slice(0, MOST_VISITS).map((visit) => visitRow(ctx, visit)) : null,
    "no-visits": visits.length ? null : ctx.words("home.no_visits"),
    pictures: photos.length ? await tiles.of(photos) : null,
    "no-pictures": photos.length ? null : ctx.words("centre.no_photos_here"),
  });
}

/** A result is written of an item of the plan. @param {string} kind @param {string} centre */
function newRecord(kind, centre) {
  return kind === "plan_result" ? "/phone/records/plan_result" : `/phone/records/${kind}/new?centre=${centre}`;
}

/** The programme's words; the key itself where this shell's programme has it no more.
 *  @param {string} key @param {import("../words.js").Words} words */
function plotWords(key, words) {
  const found = words(`plot_class.${key}`);
  return found === `plot_class.${key}` ? key : found;
}

/** @param {string} phone */
function callLink(phone) {
  const line = part("call-link", { number: showPhone(phone) });
  line.setAttribute("href", `tel:${phone}`);
  return line;
}

/** @param {HTMLElement} root @param {Context} ctx */
function sayUnknown(root, { words }) {
  const text = words("centre.unknown.text");
  root.replaceChildren(part("blank", { symbol: null, title: words("centre.unknown"), text, action: null }));
}
