// @ts-check
/** A cookie that repeats how many items were not sent, for browsers clear databases without a word.
 *  Promise: if this storage was emptied while the cookie lived on, `checkWiped` says how much is gone,
 *  until someone has acknowledged it.  Where both go together only the server can tell. */
import { newId } from "../shared/ids.js";
import { installId, meta, setMeta } from "./meta.js";

// Over TLS no neighbouring host can set a cookie called `__Host-`.
const SECURE = globalThis.location?.protocol === "https:";
const NAME = `${SECURE ? "__Host-" : ""}lakthan_unsent`;
const REST = `; SameSite=Lax${SECURE ? "; Secure" : ""}`;
const AGE_S = 400 * 86_400; // the longest that browsers keep any cookie

/** @typedef {{read: () => string, write: (cookie: string) => void}} Cookies */

/** @type {Cookies} */
const PAGE = {
  read: () => globalThis.document?.cookie ?? "",
  write: (cookie) => {
    if (globalThis.document) document.cookie = cookie;
  },
};

/** @param {number} unsent of all accounts on this storage @param {Cookies} [cookies]
 *  @param {string} [formerId] what this storage called itself until now */
export async function mark(unsent, cookies = PAGE, formerId = "") {
  const lost = await checkWiped(cookies);
  // The cookie is about to say something else.
  if (lost && lost.installId !== formerId) await setMeta("wiped", lost);
  const value = `${await installId()}.${unsent}`;
  cookies.write(`${NAME}=${value}; Path=/; Max-Age=${AGE_S}${REST}`);
}

/** What was lost when this storage was emptied, or null.  The same answer until acknowledged.
 *  @param {Cookies} [cookies] @returns {Promise<{lost: number, installId: string} | null>} */
export async function checkWiped(cookies = PAGE) {
  const noted = await meta("wiped");
  if (noted) return noted;
  const marked = read(cookies);
  if (!marked?.lost || marked.installId === (await meta("install_id"))) return null;
  return marked;
}

/** The loss was told and understood. @param {Cookies} [cookies] */
export async function acknowledgeWiped(cookies = PAGE) {
  await setMeta("wiped", undefined);
  if (read(cookies)?.installId !== (await meta("install_id"))) {
    cookies.write(`${NAME}=; Path=/; Max-Age=0${REST}`);
  }
}

/** Become another installation: the server saw a copy of this storage speak (`forked`).
 *  Call it just before enrolling anew. @param {Cookies} [cookies] @returns {Promise<string>} */
export async function newInstallId(cookies = PAGE) {
  const [last, fresh] = [await installId(), newId()];
  const marked = read(cookies);
  await setMeta("install_id", fresh);
  if (marked?.installId === last) await mark(marked.lost, cookies, last);
  return fresh;
}

/** @param {Cookies} cookies */
function read(cookies) {
  const found = new RegExp(`(?:^|; )${NAME}=([0-9a-f-]{36})\\.(\\d{1,9})(?:;|$)`).exec(
    cookies.read(),
  );
  return found && { installId: found[1], lost: Number(found[2]) };
}
