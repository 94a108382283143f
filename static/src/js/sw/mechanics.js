// @ts-check
/** Mechanics: how the service worker answers.  What it answers stands in policy.js.
 *
 *  Promises: a version is kept whole or not at all; what is not ours, byte for byte, is never kept
 *  (a captive portal answers everything with 200); a page that does not come in time is replaced
 *  by the shell; after a sign-out without a network nobody's page is shown before the server knows.
 *  Knows nothing of records: those are the pages' business. */

const PREFIX = "lakthan-";
const PATIENCE_MS = 4_000; // longer, and people tap again or give up
const SECOND_PATIENCE_MS = 25_000; // who asks once more for the same page would rather wait
const SECOND_TRY_WITHIN_MS = 120_000;
const MARK = "Lakthan-Shell";
const ANY = { ignoreVary: true }; // the shell is the same for every cookie
const TYPES = /** @type {Record<string, RegExp>} */ ({
  css: /^text\/css/,
  js: /javascript/,
  png: /^image\/png/,
  svg: /^image\/svg\+xml/,
  woff2: /font|octet-stream/,
});

/** @typedef {import("./list.js").List} List */
/** @typedef {import("./notes.js").Notes} Notes */
/** What the browser gives; handed in.
 *  alone: at most one window is open, and no other version is on its way.
 *  @typedef {{
 *    caches: CacheStorage, fetch: typeof fetch, now: () => number,
 *    alone: () => Promise<boolean>, readNotes: () => Promise<Notes>, dropNote: (name: string) => Promise<void>,
 *    after: (ms: number) => Promise<void>,
 *  }} Parts */

/** @param {List} list @param {Parts} parts */
export function createMechanics(list, { caches, fetch, now, alone, readNotes, dropNote, after }) {
  const own = PREFIX + list.version;
  const pages = new Set(list.pages);
  /** @type {Map<string, number>} when a page last took too long */
  const late = new Map();

  /** Put everything of this version into its cache, or leave no trace. */
  async function keepAll() {
    try {
      const cache = await caches.open(own);
      await Promise.all(
        [...pages, ...list.files].map(async (url) => cache.put(url, await ours(url))),
      );
    } catch (error) {
      await caches.delete(own);
      throw error; // the version before goes on; the browser tries again later
    }
  }

  /** The file as the server of this version wrote it. @param {string} url */
  async function ours(url) {
    const known = pages.has(url) ? undefined : await keptBefore(url);
    const answer = known ?? (await fetchExactly(url));
    if (!looksOurs(answer, url)) throw new Error(`not ours: ${url}`);
    return answer;
  }

  /** An update fetches only what changed: a built file's name is its content. @param {string} url */
  function keptBefore(url) {
    return /-[A-Z0-9]{8}\.\w+$/.test(url) ? caches.match(url, ANY) : undefined;
  }

  /** @param {string} url */
  async function fetchExactly(url) {
    const how = { integrity: list.integrity[url], credentials: /** @type {const} */ ("omit"), redirect: /** @type {const} */ ("error") };
    if (pages.has(url)) return fetch(url, { ...how, cache: "reload" });
    // The browser's own cache may hold it, and may hold a portal's page under its name.
    return fetch(url, how).catch(() => fetch(url, { ...how, cache: "reload" }));
  }

  /** @param {Response} answer @param {string} url */
  function looksOurs(answer, url) {
    const type = answer.headers.get("Content-Type") ?? "";
    if (answer.status !== 200 || answer.redirected) return false;
    if (pages.has(url)) return answer.headers.has(MARK) && /^text\/html/.test(type);
    return TYPES[url.slice(url.lastIndexOf(".") + 1)]?.test(type) ?? false;
  }

  /** Forget other versions, once no other window may still be running on one. */
  async function sweep() {
    if (!(await alone())) return;
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== own) await caches.delete(name);
    }
  }

  /** @param {Request} request */
  async function kept(request) {
    const cache = await caches.open(own);
    return (await cache.match(request, ANY)) ?? (await caches.match(request, ANY)) ?? fetch(request);
  }

  /** @param {Request} request @param {Notes} [notes] */
  async function shell(request, notes) {
    const asked = new URL(request.url).searchParams.get("lang");
    const wanted = asked ?? (notes ?? (await readNotes())).language;
    const url = wanted === "en" ? list.shell.en : list.shell.th;
    const cache = await caches.open(own);
    return (await cache.match(url, ANY)) ?? fetch(url, { credentials: "omit" });
  }

  /** @param {Request} request */
  async function shellOnPhones(request) {
    const notes = await readNotes();
    if (notes.active_account && notes.phone_mode) return shell(request, notes);
    return networkThenShell(request);
  }

  /** @param {Request} request */
  async function networkThenShell(request) {
    return inTime(request, patienceFor(request.url));
  }

  /** @param {Request} request */
  async function patientNetwork(request) {
    return inTime(request, Infinity);
  }

  /** @param {Request} request @param {number} patienceMs */
  async function inTime(request, patienceMs) {
    const network = askAfterLeaving(request).catch(() => null); // no network
    const tooLate = patienceMs === Infinity ? [] : [after(patienceMs).then(() => undefined)];
    const came = await Promise.race([network, ...tooLate]);
    if (came === undefined) late.set(request.url, now());
    if (!came) return shell(request);
    // Somebody signed out here and the server does not know yet: the page may be theirs.
    if (!came.gone && isFromUs(came.answer)) return shell(request);
    return came.answer; // also a portal's page: that is how people log in to a Wi-Fi
  }

  /** @param {Request} request */
  async function askAfterLeaving(request) {
    const gone = await left();
    return { answer: await fetch(request), gone };
  }

  /** @param {string} url */
  function patienceFor(url) {
    const since = now() - (late.get(url) ?? -Infinity);
    return since < SECOND_TRY_WITHIN_MS ? SECOND_PATIENCE_MS : PATIENCE_MS;
  }

  /** Tell the server of a sign-out that happened without a network.  True: nothing is left to tell. */
  async function left() {
    if (!(await readNotes()).leave_pending) return true;
    try {
      const answer = await fetch("/phone/leave", {
        method: "POST",
        headers: { "Lakthan-Leave": "1" },
        redirect: "error",
      });
      if (answer.status !== 204) return false;
      await dropNote("leave_pending");
      return true;
    } catch {
      return false;
    }
  }

  return { keepAll, sweep, answers: { kept, shell, shellOnPhones, patientNetwork, networkThenShell } };
}

/** @param {Response} answer */
function isFromUs(answer) {
  return answer.headers.has("Lakthan");
}
