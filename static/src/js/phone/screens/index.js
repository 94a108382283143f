// @ts-check
/** The phone's screens.  What it takes to write a visit down comes with the shell; all else in one more
 *  script and one more page of templates, kept on the phone like the shell itself.
 *  A new one: its module, a line here and in more.js, its name in app/phone/screens.py. */
import home from "./home.js";
import visitForm from "./visit-form.js";
import visit from "./visit.js";
import { addWords } from "../words.js";
import { markupOf } from "../../shared/trusted.js";

/** @typedef {import("../router.js").Screen} Screen */

/** @type {Promise<Screen[]> | null} */
let coming = null;

/** @returns {Promise<Screen[]>} the other screens, once their templates are in the page */
function more() {
  coming ??= Promise.all([import("./more.js"), putTemplates()])
    .then(([{ MORE }]) => MORE)
    .catch((error) => {
      coming = null; // no network, and not kept yet: tried again when asked again
      throw error;
    });
  return coming;
}

async function putTemplates() {
  const answer = await fetch(`/phone/more?lang=${document.documentElement.lang}`, { credentials: "omit" });
  if (!answer.ok || !answer.headers.has("Lakthan-Shell")) throw new Error("these screens are not here");
  const page = document.createElement("template");
  // nosemgrep: text-becomes-markup - argued below, and shared/trusted.js makes it
  page.innerHTML = await markupOf(answer); // our own server's, as the header and the service worker vouch
  document.body.append(page.content);
  addWords(document.getElementById("more-words"));
}

/** @param {string} name @param {string[]} paths @param {{ needsAccount?: boolean }} [how] @returns {Screen} */
function later(name, paths, { needsAccount = true } = {}) {
  const screen = async () => /** @type {Screen} */ ((await more()).find((one) => one.name === name));
  const show = async (/** @type {import("../router.js").Showing} */ showing) => (await screen()).show(showing);
  return { name, paths, needsAccount, prepare: screen, show };
}

/** @type {Screen[]} */
export const SCREENS = [
  home,
  visitForm,
  visit,
  later("camera", ["/phone/photos/new"]),
  later("centre", ["/phone/centres/:id", "/centres/:id"]),
  later("centres", ["/phone/centres", "/centres"]),
  later("device", ["/phone/device"]),
  later("enrol", ["/phone/enrol"], { needsAccount: false }),
  later("followup-form", ["/phone/followups/new", "/followups/new", "/phone/followups/:id/edit"]),
  later("followup", ["/phone/followups/:id", "/followups/:id"]),
  later("followups", ["/phone/followups", "/followups"]),
  later("install", ["/phone/install"], { needsAccount: false }),
  later("outbox", ["/phone/outbox"]),
  later("record-form", ["/phone/records/:kind/new", "/phone/records/:kind/:id/edit"]),
  later("record", ["/phone/records/:kind/:id"]),
  later("records", ["/phone/records", "/phone/records/:kind"]),
  later("rounds", ["/phone/rounds"]),
  later("visits", ["/phone/visits", "/visits"]),
];
