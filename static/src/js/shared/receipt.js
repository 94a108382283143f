// @ts-check
/** Receipt codes (app/shared/codes.py), made without a network: 60 bits, for people to read out. */

/** Crockford's base32: no I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;

/** @returns {string} */
export const newReceipt = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(LENGTH)), (byte) => ALPHABET[byte & 31]).join("");

/** As people read it out: 7K3Q-9XWD-2M4P. @param {string} code */
export const showReceipt = (code) => code.replace(/.{4}(?=.)/g, "$&-");
