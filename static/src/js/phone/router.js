// @ts-check
/**
 * Router: which screen an address means, and showing it.
 *
 * Promises: an address nobody knows, and a screen that throws, each end in a plain message with
 * a way on, never in a blank page; a screen that took long to open never covers a later one.
 * Knows nothing of what screens hold; the frame (shell.js) tells it where to put them.
 */

/**
 * @typedef {import("./context.js").Context} Context
 * @typedef {() => void | Promise<void>} Leaving  a promise is waited for before another screen is shown
 * @typedef {Record<string, string>} Params  parts of the path and the query, decoded
 * @typedef {object} Showing
 * @property {HTMLElement} root  the screen's own fresh copy of its template
 * @property {Params} params
 * @property {Context} ctx
 * @typedef {object} Screen
 * @property {string} name  also its template: <template id="screen-NAME">
 * @property {string[]} paths  such as "/phone/visits/:id"; `:id` is a UUID, other names any word
 * @property {() => Promise<unknown>} [prepare]  fetches what the screen is made of, before its template is used
 * @property {boolean} needsAccount  without an account the enrolment screen is shown instead
 * @property {(showing: Showing) => (void | Leaving | Promise<void | Leaving>)} show
 *   fills `root`; may answer a function that is called when the screen is left, as `onLeave` has it
 * @typedef {{ screen: Screen, params: Params }} Found
 */

const UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
const WORD = "[^/]+";

/**
 * The screen of an address; of several that fit, the one with most literal parts.
 * @param {Screen[]} screens @param {URL} url @returns {Found | null}
 */
export function findScreen(screens, url) {
  const path = url.pathname.replace(/(.)\/+$/, "$1");
  let best = null;
  for (const screen of screens) {
    for (const pattern of screen.paths) {
      const match = matcher(pattern).exec(path);
      const literal = pattern.split("/").filter((part) => part && !part.startsWith(":")).length;
      if (match && (!best || literal > best.literal)) best = { screen, match, literal };
    }
  }
  if (!best) return null;
  const parts = Object.entries(best.match.groups ?? {}).map(([k, v]) => [k, decoded(v)]);
  return { screen: best.screen, params: { ...Object.fromEntries(url.searchParams), ...Object.fromEntries(parts) } };
}

/** @type {Map<string, RegExp>} */
const matchers = new Map();

/** @param {string} pattern */
function matcher(pattern) {
  let found = matchers.get(pattern);
  if (!found) {
    const parts = pattern.split("/").map((part) =>
      part.startsWith(":") ? `(?<${part.slice(1)}>${part.endsWith("id") ? UUID : WORD})` : part,
    );
    found = new RegExp(`^${parts.join("/")}$`);
    matchers.set(pattern, found);
  }
  return found;
}

/** @param {HTMLElement | null} place */
function lookAt(place) {
  place?.scrollIntoView({ block: "center" });
  place?.focus({ preventScroll: true });
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % in an address somebody typed
  }
}

/**
 * @param {object} parts
 * @param {Screen[]} parts.screens
 * @param {Context} parts.ctx
 * @param {(name: string) => HTMLElement} parts.place  puts a fresh screen on the page
 * @param {(found: Found | null, root: HTMLElement, how: "new" | "back") => void} parts.shown
 * @param {(error: unknown) => void} parts.broken  shows the plain message instead
 * @param {Window} [parts.view]
 */
export function createRouter({ screens, ctx, place, shown, broken, view = window }) {
  let turn = 0;
  /** @type {Leaving[]} */
  const leaving = [];
  let left = Promise.resolve();

  /** Show what the address bar says. @param {"new" | "back"} [how] */
  async function show(how = "new") {
    const mine = ++turn;
    await leave();
    if (mine !== turn) return;
    const url = new URL(view.location.href);
    const wanted = findScreen(screens, url);
    const found = wanted && wanted.screen.needsAccount && !ctx.vault ? signIn(url) : wanted;
    try {
      await found?.screen.prepare?.();
      if (mine !== turn) return;
      const root = place(found ? found.screen.name : "unknown");
      const cleanup = await found?.screen.show({ root, params: found.params, ctx });
      if (cleanup) mine === turn ? leaving.push(cleanup) : void tidy([cleanup]);
      if (mine === turn) shown(found, root, how);
    } catch (error) {
      if (mine === turn) broken(error);
    }
  }

  /** The enrolment screen in place of one that needs an account. @param {URL} url @returns {Found | null} */
  function signIn(url) {
    const screen = screens.find((one) => one.name === "enrol");
    return screen ? { screen, params: { next: url.pathname + url.search } } : null;
  }

  /** Also what a screen before the present one is still at. */
  function leave() {
    const calls = leaving.splice(0);
    left = left.then(() => tidy(calls));
    return left;
  }

  /** @param {Leaving[]} calls */
  async function tidy(calls) {
    for (const call of calls) {
      try {
        await call();
      } catch (error) {
        console.error(error); // a screen that cannot tidy up must not keep the next one away
      }
    }
  }

  /** Go to an address.  One that is no screen is asked of the server. @param {string} path @param {{replace?: boolean}} [how] */
  function go(path, { replace = false } = {}) {
    const url = new URL(path, view.location.href);
    keepLanguage(url);
    if (!findScreen(screens, url)) {
      view.location.assign(url);
      return;
    }
    if (replace) view.history.replaceState({ depth: depth() }, "", url);
    else {
      view.history.replaceState({ ...view.history.state, y: view.scrollY }, ""); // for the way back
      view.history.pushState({ depth: depth() + 1 }, "", url);
    }
    void show();
  }

  const depth = () => Number(view.history.state?.depth ?? 0);

  /** The page before, or home where there is none. */
  function back() {
    if (depth() > 0) view.history.back();
    else go("/phone", { replace: true });
  }

  /** A language asked for in the address goes along from screen to screen. @param {URL} url */
  function keepLanguage(url) {
    const language = new URL(view.location.href).searchParams.get("lang");
    if (language && !url.searchParams.has("lang")) url.searchParams.set("lang", language);
  }

  /** @param {MouseEvent} event */
  function onClick(event) {
    const link = /** @type {Element} */ (event.target).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const url = new URL(link.href);
    const here = new URL(view.location.href);
    if (url.origin !== here.origin || "outside" in link.dataset) return;
    if (url.hash && url.pathname === here.pathname) {
      event.preventDefault(); // a place on this very screen; the address stays what it is
      lookAt(view.document.getElementById(decoded(url.hash.slice(1))));
      return;
    }
    if (!findScreen(screens, url)) return;
    event.preventDefault();
    go(url.pathname + url.search);
  }

  return {
    show,
    go,
    back,
    /** @param {Leaving} call  called once, when the present screen is left */
    onLeave: (call) => void leaving.push(call),
    start() {
      view.document.addEventListener("click", onClick);
      view.addEventListener("popstate", () => void show("back"));
      return show();
    },
  };
}
