// @ts-check
/** The one door through which text becomes markup or a script's address (Trusted Types): the page's
 *  policy lets nothing else do it, so a name with markup in it can never run.
 *  Only what came from this very server passes.  Browsers without Trusted Types get the text itself. */

/** @param {string} address @returns {string} it, if it is this server's */
function own(address) {
  if (new URL(address, location.href).origin !== location.origin) throw new TypeError("not ours");
  return address;
}

const RULES = { createHTML: (/** @type {string} */ text) => text, createScriptURL: own };

/** @type {typeof RULES | undefined} */
let policy;

/** @returns {typeof RULES} */
const rules = () =>
  (policy ??= /** @type {any} */ (globalThis).trustedTypes?.createPolicy("lakthan", RULES) ?? RULES);

/** @param {Response} answer of this server @returns {Promise<string>} its markup */
export async function markupOf(answer) {
  own(answer.url);
  return rules().createHTML(await answer.text());
}

/** @param {string} address of a worker of this server @returns {string} */
export const workerAt = (address) => rules().createScriptURL(address);
