// @ts-check
/** Guards: a double tap sends once (data-once), and leaving with unsaved words asks first (data-guard). */

const SENDING = "is-sending";
/** @type {Set<HTMLFormElement>} */
const changed = new Set();

/** @param {Document} root */
export function startGuards(root) {
  root.addEventListener("input", (event) => noteChange(/** @type {Element} */ (event.target)));
  root.addEventListener("submit", onSubmit);
  addEventListener("beforeunload", (event) => {
    if (changed.size) event.preventDefault();
  });
  // Back from the next page: the browser shows this one as it was left, still "sending".
  addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll(`.${SENDING}`)) form.classList.remove(SENDING);
  });
}

/** @param {Element} target */
function noteChange(target) {
  const form = target.closest?.("form[data-guard]");
  if (form) changed.add(/** @type {HTMLFormElement} */ (form));
}

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.once !== undefined && form.classList.contains(SENDING)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (event.defaultPrevented) return; // somebody else answers this submit and stays on the page
  changed.delete(form);
  if (form.method !== "dialog" && !form.target) form.classList.add(SENDING);
}

/** For a script that saved the form itself: nothing is unsaved any more. @param {HTMLFormElement} form */
export function settled(form) {
  changed.delete(form);
  form.classList.remove(SENDING);
}
