// @ts-check
/**
 * Photos that are still being prepared: ask how far they are, put the picture in when it is there.
 * Asks at growing intervals, not while the page is hidden, and stops when nothing waits any more.
 */
const FIRST_PAUSE_MS = 1_500;
const LONGEST_PAUSE_MS = 20_000;
const LONGEST_WAIT_MS = 10 * 60_000; // after that the next visit to the page shows it

/** @typedef {{ id: string, state: string, thumb: string | null }} PhotoState */

for (const group of document.querySelectorAll("[data-photo-states]")) {
  if (group instanceof HTMLElement) watch(group, group.dataset.photoStates ?? "");
}

/** @param {HTMLElement} group @param {string} address */
function watch(group, address) {
  const until = Date.now() + LONGEST_WAIT_MS;
  let pauseMs = FIRST_PAUSE_MS;
  const again = () => setTimeout(look, (pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)));

  async function look() {
    const waiting = waitingIn(group);
    if (!waiting.size || Date.now() > until) return;
    if (!document.hidden) {
      for (const photo of await ask(address, [...waiting.keys()])) {
        const place = waiting.get(photo.id);
        if (place && photo.state !== "received") settle(place, photo);
      }
    }
    again();
  }
  if (waitingIn(group).size) setTimeout(look, FIRST_PAUSE_MS);
}

/** @param {HTMLElement} group @returns {Map<string, HTMLElement>} */
function waitingIn(group) {
  const found = /** @type {NodeListOf<HTMLElement>} */ (
    group.querySelectorAll("[data-photo-waiting]")
  );
  return new Map([...found].map((place) => [place.dataset.photoWaiting ?? "", place]));
}

/** @param {string} address @param {string[]} ids @returns {Promise<PhotoState[]>} */
async function ask(address, ids) {
  try {
    const answer = await fetch(`${address}?ids=${ids.join(",")}`, {
      headers: { Accept: "application/json" },
    });
    const body = answer.ok ? await answer.json() : {};
    return Array.isArray(body.photos) ? body.photos : [];
  } catch {
    return []; // no network, or a captive portal's page: ask again later
  }
}

/** @param {HTMLElement} place @param {PhotoState} photo */
function settle(place, photo) {
  delete place.dataset.photoWaiting;
  if ("photoReload" in place.dataset) {
    location.reload();
    return;
  }
  const box = /** @type {HTMLElement | null} */ (place.querySelector("[data-photo-place]"));
  place.querySelector("[data-photo-badge]")?.remove();
  if (!box) return;
  if (photo.thumb) box.replaceWith(picture(photo.thumb, box.dataset.alt ?? ""));
  else box.textContent = box.dataset.none ?? "";
}

/** @param {string} address @param {string} words */
function picture(address, words) {
  const image = document.createElement("img");
  image.src = address;
  image.alt = words;
  image.width = 320;
  image.height = 240;
  image.decoding = "async";
  return image;
}
