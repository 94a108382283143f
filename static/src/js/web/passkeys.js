// @ts-check
/** Passkeys: makes one, signs in with one, shows again with one who is there.
 *
 *  A box with data-passkey="add" or "ask" names its two addresses: the first gives the challenge, the
 *  second takes the key's answer and says where to go.  Boxes stay hidden in browsers without passkeys.
 *  On the sign-in page the browser may also offer them while the name is typed (conditional UI). */

const AGAIN_MS = 4 * 60_000; // a challenge lives five minutes
let leaving = false; // the browser's own offer and the button may both be answered: one is enough
/** @type {Promise<any>} the last challenge asked for */
let asked = Promise.resolve();

for (const box of document.querySelectorAll("[data-passkey]")) start(/** @type {HTMLElement} */ (box));

/** @param {HTMLElement} box */
function start(box) {
  if (!globalThis.PublicKeyCredential || !navigator.credentials) return;
  box.hidden = false;
  for (const other of document.querySelectorAll("[data-without-passkeys]")) other.remove();
  /** @type {AbortController | null} */
  let waiting = null;
  const offer = () => {
    waiting = new AbortController();
    void offerWhileTyping(box, waiting.signal).then((again) => again && offer());
  };
  box.querySelector("[data-passkey-go]")?.addEventListener("click", () => {
    waiting?.abort();
    void act(box, () => (box.dataset.passkey === "add" ? add(box) : ask(box)));
  });
  if (box.dataset.offer !== undefined) offer();
}

/** @param {HTMLElement} box @param {() => Promise<void>} doing */
async function act(box, doing) {
  const button = /** @type {HTMLButtonElement | null} */ (box.querySelector("[data-passkey-go]"));
  say(box, "");
  if (button) button.disabled = true;
  try {
    await doing();
  } catch (error) {
    say(box, words(box, error));
  } finally {
    if (button) button.disabled = false;
  }
}

/** @param {HTMLElement} box */
async function add(box) {
  const publicKey = await begin(box);
  publicKey.challenge = bytes(publicKey.challenge);
  publicKey.user.id = bytes(publicKey.user.id);
  for (const known of publicKey.excludeCredentials ?? []) known.id = bytes(known.id);
  const made = await navigator.credentials.create({ publicKey });
  const { rawId, response } = /** @type {PublicKeyCredential} */ (made);
  const { clientDataJSON, attestationObject } = /** @type {AuthenticatorAttestationResponse} */ (
    response
  );
  const transports = /** @type {any} */ (response).getTransports?.() ?? [];
  await answer(box, rawId, { ...texts({ clientDataJSON, attestationObject }), transports });
}

/** @param {HTMLElement} box @param {CredentialRequestOptions} [how] */
async function ask(box, how = {}) {
  const publicKey = await begin(box);
  publicKey.challenge = bytes(publicKey.challenge);
  const found = await navigator.credentials.get({ ...how, publicKey });
  const { rawId, response } = /** @type {PublicKeyCredential} */ (found);
  const { clientDataJSON, authenticatorData, signature, userHandle } =
    /** @type {AuthenticatorAssertionResponse} */ (response);
  await answer(box, rawId, texts({ clientDataJSON, authenticatorData, signature, userHandle }));
}

/** A challenge.  A browser holds one, the last to come: two asked for at once might come in either order.
 *  @param {HTMLElement} box @returns {Promise<any>} */
function begin(box) {
  const next = () => send(box.dataset.begin ?? "", box, {});
  asked = asked.then(next, next);
  return asked;
}

/** The browser lists passkeys under the box for the name.
 *  @param {HTMLElement} box @param {AbortSignal} stop @returns {Promise<boolean>} whether to offer again */
async function offerWhileTyping(box, stop) {
  if (!(await /** @type {any} */ (PublicKeyCredential).isConditionalMediationAvailable?.())) return false;
  const late = new AbortController();
  stop.addEventListener("abort", () => late.abort());
  const timer = setTimeout(() => late.abort(), AGAIN_MS);
  try {
    await ask(box, { mediation: /** @type {any} */ ("conditional"), signal: late.signal });
  } catch (error) {
    if (/** @type {Error} */ (error).name === "AbortError") return !stop.aborted;
    if (error instanceof Refusal) say(box, error.message);
  } finally {
    clearTimeout(timer);
  }
  return false;
}

/** @param {HTMLElement} box @param {ArrayBuffer} rawId @param {Record<string, unknown>} response */
async function answer(box, rawId, response) {
  if (leaving) return;
  leaving = true;
  try {
    await finish(box, rawId, response);
  } catch (error) {
    leaving = false;
    throw error;
  }
}

/** @param {HTMLElement} box @param {ArrayBuffer} rawId @param {Record<string, unknown>} response */
async function finish(box, rawId, response) {
  const id = text(rawId);
  const credential = { id, rawId: id, type: "public-key", response, clientExtensionResults: {} };
  const named = /** @type {HTMLInputElement | null} */ (box.querySelector("[data-passkey-label]"));
  const more = {
    ...(box.dataset.next && { next: box.dataset.next }),
    ...(named?.value && { label: named.value }),
  };
  const { to } = await send(box.dataset.finish ?? "", box, { credential, ...more });
  location.assign(to);
}

class Refusal extends Error {}

/** @param {string} url @param {HTMLElement} box @param {object} body @returns {Promise<any>} */
async function send(url, box, body) {
  const answered = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": box.dataset.csrf ?? "",
    },
    body: JSON.stringify(box.dataset.code ? { ...body, code: box.dataset.code } : body),
  });
  const told = await answered.json().catch(() => ({}));
  if (!answered.ok) throw new Refusal(told.detail ?? "");
  return told;
}

/** What went wrong, in words. @param {HTMLElement} box @param {unknown} error */
function words(box, error) {
  if (error instanceof Refusal && error.message) return error.message;
  const name = error instanceof Error ? error.name : "";
  if (name === "InvalidStateError") return box.dataset.saysKnown ?? "";
  if (name === "NotAllowedError" || name === "AbortError") return box.dataset.saysStopped ?? "";
  console.warn(error);
  return box.dataset.saysFailed ?? "";
}

/** @param {HTMLElement} box @param {string} sentence */
function say(box, sentence) {
  const place = /** @type {HTMLElement | null} */ (box.querySelector("[data-passkey-said]"));
  if (!place) return;
  place.textContent = sentence;
  place.hidden = !sentence;
}

/** @param {Record<string, ArrayBuffer | null>} parts */
const texts = (parts) =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part && text(part)]));

/** Bytes as base64url. @param {ArrayBuffer} buffer */
function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @param {string} base64url */
function bytes(base64url) {
  const letters = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
