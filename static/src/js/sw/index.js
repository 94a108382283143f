// @ts-check
/** Service worker: the application opens without a network.  Policy, mechanics and list stand
 *  apart; here they meet the browser.  A new version waits until the page says so: it is never put
 *  under a form somebody is filling in (phone/update.js). */
import { LIST } from "./list.js";
import { createMechanics } from "./mechanics.js";
import { dropNote, readNotes } from "./notes.js";
import { asked, choose } from "./policy.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const mechanics = createMechanics(LIST, {
  caches,
  fetch: (...asked) => fetch(...asked),
  now: () => Date.now(),
  alone,
  readNotes,
  dropNote,
  after: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

async function alone() {
  if (worker.registration.installing || worker.registration.waiting) return false;
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.length <= 1;
}

worker.addEventListener("install", (event) => event.waitUntil(mechanics.keepAll()));

worker.addEventListener("activate", (event) =>
  event.waitUntil(mechanics.sweep().then(() => worker.clients.claim())),
);

worker.addEventListener("message", (event) => {
  if (event.data === "use-this-version") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const answer = choose(asked(event.request, worker.location.origin));
  if (!answer) return;
  event.respondWith(mechanics.answers[answer](event.request));
  if (answer === "shell") event.waitUntil(mechanics.sweep()); // what an update had to leave
});
