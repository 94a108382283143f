// @ts-check
/**
 * A packet that is being built: ask how far it is and show it; load the page anew when it is done.
 * Asks at growing intervals and not while the page is hidden.
 */
const FIRST_PAUSE_MS = 1_500;
const LONGEST_PAUSE_MS = 10_000;

/** @typedef {{ state: string, label: string, count: string, done: number, total: number }} PacketState */

for (const box of document.querySelectorAll("[data-packet-state]")) {
  if (box instanceof HTMLElement) watch(box, box.dataset.packetState ?? "");
}

/** @param {HTMLElement} box @param {string} address */
function watch(box, address) {
  let pauseMs = FIRST_PAUSE_MS;
  let last = "";

  async function look() {
    const packet = document.hidden ? null : await ask(address);
    if (packet && packet.state !== "queued" && packet.state !== "building") {
      location.reload();
      return;
    }
    if (packet) {
      show(box, packet);
      const seen = JSON.stringify(packet);
      pauseMs = seen === last ? Math.min(pauseMs * 1.3, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
      last = seen;
    }
    setTimeout(look, pauseMs);
  }
  setTimeout(look, pauseMs);
}

/** @param {string} address @returns {Promise<PacketState | null>} */
async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const body = answer.ok ? await answer.json() : null;
    return body && typeof body.state === "string" ? body : null;
  } catch {
    return null; // no network, or a captive portal's page: ask again later
  }
}

/** @param {HTMLElement} box @param {PacketState} packet */
function show(box, packet) {
  const words = box.querySelector(".progress__words > span");
  const count = box.querySelector("[data-progress-text]");
  const bar = box.querySelector("progress");
  if (words) words.textContent = packet.label;
  if (count) count.textContent = packet.count;
  if (!bar) return;
  bar.setAttribute("aria-label", packet.label);
  if (packet.total) {
    bar.max = packet.total;
    bar.value = packet.done;
  } else {
    bar.removeAttribute("value");
  }
}
