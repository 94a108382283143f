// @ts-check
/**
 * Frame: what stands around every screen - its place on the page, heading, navigation, short
 * messages, questions.  Promise: whatever goes wrong in a screen, the frame stays and says where
 * the outbox and the rescue file are.
 */
import { fill, part } from "./parts.js";

const TOAST_MS = 6_000; // long enough to be read twice in the sun

/** @param {import("./context.js").Words} words */
export function createFrame(words) {
  const main = /** @type {HTMLElement} */ (document.getElementById("screen"));
  const product = document.title;

  /** A fresh copy of a screen's template, put on the page. @param {string} name */
  function place(name) {
    const template = templateOf(name);
    const root = document.createElement("div");
    root.className = `screen screen--${template.id.replace("screen-", "")} screen--opening`;
    root.append(document.importNode(template.content, true));
    root.dataset.title = template.dataset.title ?? "";
    main.replaceChildren(root);
    return root;
  }

  /** The screen is filled: show it, say its name, give it the focus. @param {HTMLElement} root @param {{quietly?: boolean}} [how] */
  function reveal(root, { quietly = false } = {}) {
    root.classList.remove("screen--opening");
    const heading = root.querySelector("h1");
    // Never a group's or a person's name: browsers keep titles in their history, in the open.
    const title = root.dataset.title || heading?.textContent?.trim();
    document.title = title ? `${title} · ${product}` : product;
    markNavigation();
    if (!quietly && !root.contains(document.activeElement)) {
      (heading ?? main).focus({ preventScroll: true });
    }
  }

  /** @param {any} error @param {{ again: () => void, rescue?: () => void }} ways  no rescue: nothing could be opened */
  function broken(error, { again, rescue }) {
    console.error(error);
    const root = place("broken");
    const known = typeof error?.code === "string" ? words(error.code) : "";
    fill(root, { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    if (known && known !== error.code) fill(root, { text: known });
    root.querySelector("[data-again]")?.addEventListener("click", again);
    const save = root.querySelector("[data-rescue]");
    if (rescue) save?.addEventListener("click", rescue);
    else save?.remove();
    reveal(root);
  }

  /** @param {string} text @param {import("./context.js").Tone} [tone] */
  function toast(text, tone = "good") {
    const box = /** @type {HTMLElement} */ (document.querySelector("[data-toasts]"));
    const note = part(`toast-${tone}`, { text });
    box.replaceChildren(note); // one at a time: a pile of messages hides the page
    setTimeout(() => note.remove(), TOAST_MS);
  }

  /** @param {string} question @param {{ details?: string, yes?: string }} [how] @returns {Promise<boolean>} */
  function ask(question, { details, yes } = {}) {
    const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("[data-ask]"));
    fill(dialog, { question, details: details ?? null, yes: yes ?? words("ask.yes") });
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((answer) => {
      dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
    });
  }

  return { place, reveal, broken, toast, ask };
}

/** @param {string} name @returns {HTMLTemplateElement} */
function templateOf(name) {
  const template = document.getElementById(`screen-${name}`) ?? document.getElementById("screen-unknown");
  return /** @type {HTMLTemplateElement} */ (template);
}

/** The door one came through is marked, on its own page and below it. */
function markNavigation() {
  const here = location.pathname.replace(/^\/(?!phone\b)/, "/phone/").replace(/(.)\/+$/, "$1");
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".nav__link"))) {
    const isHome = link.pathname === "/phone";
    const current = isHome ? here === "/phone" : here === link.pathname || here.startsWith(`${link.pathname}/`);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
