// @ts-check
/** Invitation: the code behind # goes into the box and is sent.  It leaves the address, so that it
 *  stays in no history; looking uses nothing up. */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-invitation]"));
const box = /** @type {HTMLInputElement | null} */ (form?.querySelector("[name=code]") ?? null);
const code = location.hash.slice(1);
if (form && box && code) {
  history.replaceState(null, "", location.pathname);
  box.value = code;
  form.requestSubmit();
}
