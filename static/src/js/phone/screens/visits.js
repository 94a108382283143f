// @ts-check
/** The phone's visitor book: what is not received yet first, then the latest.  No person by name. */
import { joinBook } from "../book.js";
import { listen, settling } from "../listen.js";
import { fill } from "../parts.js";
import { visitRow } from "../visit_words.js";

const MOST_SHOWN = 100; // a list that a thumb can get through; the rest is at the office

/** @type {import("../router.js").Screen} */
export default {
  name: "visits",
  paths: ["/phone/visits", "/visits"],
  needsAccount: true,
  async show({ root, ctx }) {
    const draw = settling(async () => {
      const records = await ctx.section("records");
      const visits = joinBook((await ctx.outbox?.list()) ?? [], records?.visits ?? []);
      const settled = visits.filter((visit) => visit.state === "received");
      const open = visits.filter((visit) => visit.state !== "received");
      fill(root, {
        unsent: open.map((visit) => visitRow(ctx, visit)),
        recent: settled.slice(0, MOST_SHOWN).map((visit) => visitRow(ctx, visit)),
      });
      showPart(root, "unsent-part", open.length > 0);
      showPart(root, "recent-part", settled.length > 0);
      showPart(root, "none", visits.length === 0);
    });
    listen(ctx, "outbox", ({ what }) => void (what === "change" && draw()));
    listen(ctx, "pulled", () => void draw());
    await draw();
  },
};

/** @param {HTMLElement} root @param {string} name @param {boolean} visible */
function showPart(root, name, visible) {
  const found = /** @type {HTMLElement | null} */ (root.querySelector(`[data-slot="${name}"]`));
  if (found) found.hidden = !visible;
}
