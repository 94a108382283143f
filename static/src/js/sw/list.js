// @ts-check
/** List: what this version of the application is made of.  The server writes it in front of this
 *  script (app/phone/worker.py), so a new release or programme is a new script. */

/** @typedef {"th" | "en"} Language */
/** version: names the cache; shell: the page of each language; pages: they, and what their scripts put
 *  into them; files: all else that is kept; integrity: the SHA-256 of each, as `fetch` checks it.
 *  @typedef {{
 *    version: string, shell: Record<Language, string>, pages: string[], files: string[],
 *    integrity: Record<string, string>,
 *  }} List */

/** @type {List} */
export const LIST = /** @type {any} */ (self).LAKTHAN;
