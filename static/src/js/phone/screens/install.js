// @ts-check
/**
 * Installing, with the pictures of the phone in hand first and those of other phones folded away.
 * A safety step, and said so: what a mere page stored may be cleared.  Works without a network.
 */
import { askToInstall, installEvents, installWay } from "../install_prompt.js";
import { fill } from "../parts.js";
import { platformOf } from "../platform.js";
import { show } from "../visible.js";

/** @type {import("../router.js").Screen} */
export default {
  name: "install",
  paths: ["/phone/install"],
  needsAccount: false,
  show({ root, ctx }) {
    const draw = () => drawWays(root, ctx);
    installEvents.addEventListener("change", draw);
    root.querySelector("[data-install]")?.addEventListener("click", async () => {
      if (await askToInstall()) ctx.toast(ctx.words("install.coming"));
      draw();
    });
    draw();
    return () => installEvents.removeEventListener("change", draw);
  },
};

/** @param {HTMLElement} root @param {import("../context.js").Context} ctx */
function drawWays(root, ctx) {
  const way = installWay();
  const platform = platformOf(navigator, { installed: way === "installed" });
  const others = /** @type {HTMLElement} */ (root.querySelector("[data-others]"));
  const mine = /** @type {HTMLElement} */ (root.querySelector("[data-mine]"));
  for (const help of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-platform]"))) {
    const fits = help.dataset.platform === platform && way !== "installed";
    (fits ? mine : others).append(help);
  }
  fill(root, { why: ctx.words(platform.endsWith("iphone") ? "install.why.iphone" : "install.why") });
  show(root, "[data-part=installed]", way === "installed");
  show(root, "[data-part=why]", way !== "installed");
  show(root, "[data-part=prompt]", way === "prompt");
}
