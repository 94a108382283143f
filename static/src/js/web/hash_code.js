// @ts-check
/** A code that came behind # in the address (from a QR): put into its box, gone from the address.
 *  It never reaches a server but in the form's own body.
 *
 *  <input data-code-from-hash="yes"> */

/** @param {Document} root */
export function startHashCodes(root) {
  const box = root.querySelector("input[data-code-from-hash]");
  const code = location.hash.slice(1);
  if (!(box instanceof HTMLInputElement) || !/^[\w-]{8,60}$/.test(code)) return;
  box.value = code;
  history.replaceState(null, "", location.pathname + location.search);
  box.form?.querySelector("button")?.focus();
}
