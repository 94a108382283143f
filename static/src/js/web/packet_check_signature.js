// @ts-check
/** The signature under a packet: Ed25519 (RFC 8032), as strictly as app/packets/bag/verify.py.
 *  Reckoned here and not by WebCrypto: older browsers lack Ed25519, and browsers differ on keys
 *  and numbers in a second spelling.  One signature takes some milliseconds. */
import { Point } from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesOf, fromBase64url, hex, joined, textOf } from "./packet_check_bytes.js";

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const START = "lakthan-packet-v1\n";
const KEY_ID_DIGITS = 16;
/** The one spelling of signature.json. */
const SPELLING =
  /^\{"algorithm":"Ed25519","fingerprint":"([0-9a-f]{64})","key":"([A-Za-z0-9_-]{43})","key_id":"([0-9a-f]{16})","signature":"([A-Za-z0-9_-]{86})"\}\n$/;

/** Fingerprint and key id of a signature.json that holds good in itself; null otherwise.
 *  @param {Uint8Array} data @returns {{ fingerprint: string, keyId: string } | null} */
export function readSignature(data) {
  const told = SPELLING.exec(textOf(data));
  if (!told) return null;
  const [, fingerprint, keyText, keyId, signatureText] = told;
  const key = fromBase64url(keyText);
  const signature = fromBase64url(signatureText);
  if (!key || !signature || hex(sha256(key)).slice(0, KEY_ID_DIGITS) !== keyId) return null;
  const message = bytesOf(`${START}${fingerprint}\n`);
  return isSigned(key, message, signature) ? { fingerprint, keyId } : null;
}

/** Whether `signature` is the one of `message` by `key`; refuses all other spellings of either.
 *  @param {Uint8Array} key @param {Uint8Array} message @param {Uint8Array} signature */
export function isSigned(key, message, signature) {
  const point = pointOf(key);
  const nonce = pointOf(signature.subarray(0, 32));
  const s = numberOf(signature.subarray(32));
  if (!point || !nonce || s >= ORDER || point.isSmallOrder()) return false;
  const digest = sha512(joined(signature.subarray(0, 32), joined(key, message)));
  const k = numberOf(digest) % ORDER;
  const left = s === 0n ? Point.ZERO : Point.BASE.multiply(s, false);
  return left.equals(nonce.add(k === 0n ? Point.ZERO : point.multiply(k, false)));
}

/** @param {Uint8Array} bytes */
function pointOf(bytes) {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    return null; // not on the curve, or not in its one spelling
  }
}

/** Little-endian. @param {Uint8Array} bytes */
const numberOf = (bytes) => BigInt(`0x${hex(bytes.slice().reverse())}`);
