// @ts-check
/**
 * The public page that tells what a picture is worth.  A chosen file is hashed here first: if the
 * server knows the digest, the file is never sent.  Without this script the form sends it.
 */
const FIRST_PAUSE_MS = 800;
const LONGEST_PAUSE_MS = 6_000;

for (const form of document.querySelectorAll("form[data-verify-file]")) {
  if (form instanceof HTMLFormElement) startFile(form);
}
for (const box of document.querySelectorAll("[data-check-state]")) {
  if (box instanceof HTMLElement) watch(box.dataset.checkState ?? "");
}

/** @param {HTMLFormElement} form */
function startFile(form) {
  const input = /** @type {HTMLInputElement | null} */ (form.querySelector('input[type="file"]'));
  const busy = /** @type {HTMLElement | null} */ (form.querySelector("[data-verify-busy]"));
  if (!input || !busy) return;
  let looking = false;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    const tooLarge = file !== undefined && file.size > Number(form.dataset.maxBytes);
    busy.textContent = tooLarge ? (form.dataset.tooLarge ?? "") : "";
  });
  form.addEventListener("submit", async (event) => {
    const file = input.files?.[0];
    if (!file || looking || !globalThis.crypto?.subtle) return; // the server looks itself
    event.preventDefault();
    event.stopPropagation(); // it does not count as sent yet
    looking = true;
    busy.textContent = busy.dataset.looking ?? "";
    const address = await known(form.dataset.verifyFile ?? "", file);
    if (address) {
      location.assign(address);
      looking = false; // who comes back may ask again
      return;
    }
    busy.textContent = busy.dataset.sending ?? "";
    form.requestSubmit();
    looking = false;
  });
}

/** The address of the answer, if the server knows this very file.
 *  @param {string} start @param {File} file @returns {Promise<string | null>} */
async function known(start, file) {
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const address = start + [...new Uint8Array(digest)].map(hex).join("");
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const body = answer.ok ? await answer.json() : null;
    return body?.known === true ? address : null;
  } catch {
    return null; // too large for this phone's memory, or no network: sending it will tell
  }
}

/** @param {number} byte */
const hex = (byte) => byte.toString(16).padStart(2, "0");

/** Ask whether the answer is there, at growing intervals, and not while the page is hidden.
 *  @param {string} address */
function watch(address) {
  let pauseMs = FIRST_PAUSE_MS;
  async function look() {
    if (!document.hidden && (await isDone(address))) {
      location.reload();
      return;
    }
    pauseMs = Math.min(pauseMs * 1.4, LONGEST_PAUSE_MS);
    setTimeout(look, pauseMs);
  }
  setTimeout(look, pauseMs);
}

/** @param {string} address @returns {Promise<boolean>} */
async function isDone(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok && (await answer.json()).state === "done";
  } catch {
    return false; // no network, or a captive portal's page: ask again later
  }
}
