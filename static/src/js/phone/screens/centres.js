// @ts-check
/** The centres of this phone's area, the nearest first once the phone has told its place. */
import { bandOf, distanceM, distanceWords } from "../distance.js";
import { startHere } from "../here.js";
import { listen, settling } from "../listen.js";
import { badge, fill, linkRow, part } from "../parts.js";
import { show } from "../visible.js";

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../distance.js").Place} Place */

/** As the office tells it (section centres).
 *  @typedef {{ id: string, code: string, name: string, plot_class: string, status: string, place: string | null,
 *    lat: number, lon: number, radius_m: number, steward_name: string | null, phone: string | null,
 *    quarter: string, visits: number, people: number, followups: number, photos: number }} Centre */

/** @type {import("../router.js").Screen} */
export default {
  name: "centres",
  paths: ["/phone/centres", "/centres"],
  needsAccount: true,
  async show({ root, ctx }) {
    const search = /** @type {HTMLInputElement} */ (root.querySelector("[type=search]"));
    /** @type {Place | null} */
    let here = null;
    const draw = settling(() => drawList(root, ctx, search.value, here));
    listen(ctx, "pulled", () => void draw());
    search.addEventListener("input", () => void draw());
    await draw();
    await startHere({
      button: /** @type {HTMLButtonElement} */ (root.querySelector("[data-here]")),
      onLeave: ctx.onLeave,
      found(place) {
        here = place;
        void draw();
      },
      failed: (why) => fill(root, { here: ctx.words(`here.${why}`) }),
    });
  },
};

/** @param {HTMLElement} root @param {Context} ctx @param {string} asked @param {Place | null} here */
async function drawList(root, ctx, asked, here) {
  const all = /** @type {Centre[] | null} */ (await ctx.section("centres"));
  const found = (all ?? []).filter((centre) => fits(centre, asked));
  if (here) found.sort((a, b) => distanceM(here, a) - distanceM(here, b));
  fill(root, {
    lead: all ? ctx.words("centres.count", { num: all.length }) : ctx.words("centres.not_told"),
    centres: found.map((centre) => centreRow(ctx, centre, here)),
  });
  show(root, "[data-part=search]", (all ?? []).length > 5);
  show(root, "[data-slot=centres]", found.length > 0);
  show(root, "[data-slot=none]", Boolean(all?.length) && found.length === 0);
}

/** @param {Centre} centre @param {string} asked */
function fits({ name, code, place }, asked) {
  const wanted = asked.trim().toLowerCase();
  return !wanted || [name, code, place].some((words) => words?.toLowerCase().includes(wanted));
}

/** @param {Context} ctx @param {Centre} centre @param {Place | null} here */
function centreRow(ctx, centre, here) {
  return linkRow({
    href: `/phone/centres/${centre.id}`,
    title: centre.name,
    text: [centre.code, centre.place].filter(Boolean).join(" · "),
    icon: "leaf",
    side: here ? farness(ctx, here, centre) : centre.status === "active" ? null : badge(centre.status),
  });
}

/** Being far from a centre is no fault: then only the distance is said.
 *  @param {Context} ctx @param {Place} here @param {Centre} centre */
export function farness({ words }, here, centre) {
  const distance = distanceWords(distanceM(here, centre), words);
  const band = bandOf(here, centre);
  return part("distance-line", {
    band: band === "far" ? null : badge(band),
    distance: words("centre.away", { distance }),
  });
}
