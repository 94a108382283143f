// @ts-check
/** Keys and seals, by WebCrypto alone.  Promises: neither the locker (AES-GCM 256) nor the signing
 *  key (ECDSA P-256) can be read out again, also not by this program; a seal opens only with the
 *  same key and the same additional data, so a row moved to another place or person stays shut. */
import { fromBase64url, fromUtf8, toBase64url, utf8 } from "../shared/bytes.js";
import { canonicalJson } from "../shared/canonical.js";
import { StoreError } from "./errors.js";

/** @typedef {import("../outbox/types.js").Sealed} Sealed */

const IV_BYTES = 12; // what AES-GCM asks for
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

function subtle() {
  const found = globalThis.crypto?.subtle;
  if (!found) throw new StoreError("no_crypto"); // a page without https has none
  return found;
}

/** A key pair that signs captures, and its public half as the server wants it.
 *  @returns {Promise<{keyPair: CryptoKeyPair, publicKey: string}>} base64url of the SPKI */
export async function newSigningKeys() {
  const keyPair = await subtle().generateKey(ECDSA, false, ["sign", "verify"]);
  return { keyPair, publicKey: toBase64url(await subtle().exportKey("spki", keyPair.publicKey)) };
}

/** @param {string} locker base64url of 32 bytes @returns {Promise<CryptoKey>} not extractable */
export function importLocker(locker) {
  return subtle().importKey("raw", fromBase64url(locker), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** @param {CryptoKey} locker @param {any} value bytes as they are, all else as JSON
 *  @param {string} ad where it belongs @returns {Promise<Sealed>} */
export async function seal(locker, value, ad) {
  const bytes =
    value instanceof ArrayBuffer || value instanceof Uint8Array
      ? value
      : utf8(JSON.stringify(value));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const how = { name: "AES-GCM", iv, additionalData: utf8(ad) };
  return { iv, data: await subtle().encrypt(how, locker, /** @type {BufferSource} */ (bytes)) };
}

/** @param {CryptoKey} locker @param {Sealed} sealed @param {string} ad @returns {Promise<ArrayBuffer>}
 *  @throws {Error} OperationError when key, place or bytes are not the same */
export function unseal(locker, sealed, ad) {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: utf8(ad) };
  return subtle().decrypt(how, locker, sealed.data);
}

/** @param {CryptoKey} locker @param {Sealed} sealed @param {string} ad @returns {Promise<any>} */
export async function unsealJson(locker, sealed, ad) {
  return JSON.parse(fromUtf8(await unseal(locker, sealed, ad)));
}

/** @param {CryptoKeyPair} keys @param {string} text @returns {Promise<string>} base64url of r||s */
export async function sign(keys, text) {
  return toBase64url(await subtle().sign(SIGNING, keys.privateKey, utf8(text)));
}

/** Whether the server signed these claims; null where this browser knows no Ed25519.
 *  @param {string} serverKey base64url of 32 bytes @param {object} claims @param {string | null} signature
 *  @returns {Promise<boolean | null>} */
export async function verifyClaims(serverKey, claims, signature) {
  let key;
  try {
    key = await subtle().importKey("raw", fromBase64url(serverKey), "Ed25519", false, ["verify"]);
  } catch {
    return null; // NotSupportedError, or an older browser's own name for it
  }
  try {
    const signed = fromBase64url(signature ?? "");
    return await subtle().verify("Ed25519", key, signed, utf8(canonicalJson(claims)));
  } catch {
    return false; // no signature at all, or one that is no base64
  }
}
