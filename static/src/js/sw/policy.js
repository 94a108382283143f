// @ts-check
/** Policy: what the service worker answers itself.  Pure; how it answers stands in mechanics.js.
 *  First match wins.  Anything absent goes to the network untouched, above all every POST. */

/** @typedef {"kept" | "shell" | "shellOnPhones" | "patientNetwork" | "networkThenShell"} Answer */
/** `here`: our own address; `page`: the browser goes there, as opposed to a page's own request.
 *  @typedef {{ method: string, page: boolean, here: boolean, path: string, online: boolean }} Asked */

/** What somebody in the field opens; on a phone that is signed in, the shell answers at once. */
const FIELD_PAGES = new Set(["/", "/visits/new", "/followups/new"]);
const FILES = /\.(csv|xlsx|jpg|webmanifest)$|\/(original|download)$/;

/** @type {{ matches: (asked: Asked) => boolean, answer: Answer }[]} */
export const POLICY = [
  { matches: ({ path }) => path.startsWith("/static/") || path === "/phone/more", answer: "kept" },
  { matches: ({ page, path }) => page && /^\/phone(\/|$)/.test(path), answer: "shell" },
  // ?online=1 asks for the office's page on purpose.
  { matches: ({ page, path, online }) => page && FIELD_PAGES.has(path) && !online, answer: "shellOnPhones" },
  // A table or a packet may take its time; nobody waits for a form there.
  { matches: ({ page, path }) => page && FILES.test(path), answer: "patientNetwork" },
  { matches: ({ page }) => page, answer: "networkThenShell" },
];

/** @param {Asked} asked @returns {Answer | null} null: not our business */
export function choose(asked) {
  if (asked.method !== "GET" || !asked.here || asked.path.startsWith("/api/")) return null;
  return POLICY.find(({ matches }) => matches(asked))?.answer ?? null;
}

/** @param {Request} request @param {string} origin @returns {Asked} */
export function asked(request, origin) {
  const url = new URL(request.url);
  return {
    method: request.method,
    page: request.mode === "navigate",
    here: url.origin === origin,
    path: url.pathname,
    online: url.searchParams.has("online"),
  };
}
