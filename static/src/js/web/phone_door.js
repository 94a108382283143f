// @ts-check
/** Phone door: on the server's pages, wakes the part that works without a network - for those who work
 *  in the field, and on a phone that knows it already.  Everybody else loads nothing of it. */

/** @param {Document} root */
export function startPhoneDoor(root) {
  const account = content(root, "lakthan-account");
  const csrf = content(root, "csrf-token"); // only for those who record in the field
  const known = Boolean(navigator.serviceWorker?.controller);
  const address = content(root, "phone-hooks");
  if (!address || (!csrf && !known)) return;
  /** @type {Promise<typeof import("./phone_hooks.js")>} */
  const hooks = import(address);
  hooks.then(({ startPhoneHooks }) => startPhoneHooks({ account, csrf })).catch(failed);
  for (const form of root.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const submit = () => /** @type {HTMLFormElement} */ (form).submit();
      hooks.then(({ leaveThisPhone }) => leaveThisPhone()).catch(failed).finally(submit);
    });
  }
}

/** The page works without; the next one tries again. @param {unknown} error */
function failed(error) {
  console.warn(error);
}

/** @param {Document} root @param {string} name */
function content(root, name) {
  return root.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? null;
}
