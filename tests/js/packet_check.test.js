// @ts-check
/** What the packet check's parts promise; that it agrees with verify.py on whole packets is shown
 *  by tests/packets/test_verify_agreement.py. */
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { crc32, fromBase64url, sorted, WINDOW_BYTES, Window } from "../../static/src/js/web/packet_check_bytes.js";
import { isSigned, readSignature } from "../../static/src/js/web/packet_check_signature.js";
import { sayOf } from "../../static/src/js/web/packet_check_words.js";

const bytes = (/** @type {string} */ hex) => new Uint8Array(Buffer.from(hex, "hex"));

test("the checksum is the one of a ZIP, in one piece or in several", () => {
  const text = new TextEncoder().encode("123456789");
  assert.equal(crc32(text), 0xcbf43926);
  for (let cut = 0; cut <= text.length; cut += 1) {
    assert.equal(crc32(text.subarray(cut), crc32(text.subarray(0, cut))), 0xcbf43926);
  }
});

test("a window over a large file gives any bytes of it and never holds more than two pieces", async () => {
  const size = 3 * WINDOW_BYTES + 5;
  let most = 0;
  const file = new Window(size, async (offset, length) => {
    most = Math.max(most, length);
    return Uint8Array.from({ length }, (_, n) => (offset + n) % 251);
  });
  for (const [offset, length] of [[0, 9], [WINDOW_BYTES - 4, 9], [2 * WINDOW_BYTES - 1, WINDOW_BYTES], [3, 2]]) {
    const got = await file.at(offset, length);
    assert.equal(got.length, length);
    assert.equal(got[0], offset % 251);
    assert.equal(got[length - 1], (offset + length - 1) % 251);
    assert.ok(file.bytes.length <= 2 * WINDOW_BYTES);
  }
  assert.equal((await file.at(size - 2, 100)).length, 2);
  assert.equal((await file.at(size, 1)).length, 0);
  assert.ok(most <= WINDOW_BYTES);
});

test("the examples of RFC 8032 are valid, and a flipped bit, a twin number or no key is not", () => {
  const key = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const signature = bytes(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
  const message = bytes("72");
  assert.ok(isSigned(key, message, signature));
  for (const at of [0, 31, 32, 63]) {
    const flipped = signature.slice();
    flipped[at] ^= 4;
    assert.ok(!isSigned(key, message, flipped));
  }
  const neutral = bytes(`01${"00".repeat(31)}`);
  assert.ok(!isSigned(neutral, message, new Uint8Array([...neutral, ...new Uint8Array(32)])));
});

test("a signature file by another library is read, in its one spelling only", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const fingerprint = "ab".repeat(32);
  const keyId = createHash("sha256").update(raw).digest("hex").slice(0, 16);
  const made = sign(null, Buffer.from(`lakthan-packet-v1\n${fingerprint}\n`), privateKey);
  const told = {
    algorithm: "Ed25519", fingerprint, key: raw.toString("base64url"), key_id: keyId,
    signature: made.toString("base64url"),
  };
  const read = (/** @type {string} */ text) => readSignature(new TextEncoder().encode(text));
  assert.deepEqual(read(`${JSON.stringify(told)}\n`), { fingerprint, keyId });
  assert.equal(read(JSON.stringify(told)), null);
  assert.equal(read(`${JSON.stringify(told, null, 1)}\n`), null);
  assert.equal(read(`${JSON.stringify({ ...told, key_id: "0".repeat(16) })}\n`), null);
});

test("base64url has one spelling", () => {
  assert.deepEqual(fromBase64url("AQI"), new Uint8Array([1, 2]));
  assert.equal(fromBase64url("AQJ"), null); // the same bytes with spare bits set
});

test("names are sorted as Python sorts them", () => {
  assert.deepEqual(sorted(["\u{1f600}", "\uffee", "ก", "a/b", "a"]), ["a", "a/b", "ก", "\uffee", "\u{1f600}"]);
});

/** Sentences that are their own names. @type {any} */
const words = new Proxy({}, { get: (_, name) => (name === "container" ? words : `<${String(name)}>`) });
/** @type {any} */
const whole = {
  whole: true, identifier: "p", edition: 2, fingerprint: "f", files: 3, altered: [], missing: [], added: [],
  damaged: [], signature: "valid", key_id: "ours", signer: "s", masked: true,
};
const current = { known: true, newest_edition: 2 };

test("only a whole packet of our key that is the newest, or cannot be asked about, looks good", () => {
  const tone = (/** @type {object} */ more, /** @type {any} */ told = current) =>
    sayOf({ ...whole, ...more }, true, told, "ours", words).tone;
  assert.equal(tone({}), "good");
  assert.equal(tone({}, null), "good");
  assert.equal(tone({}, { known: false }), "warn");
  assert.equal(tone({}, { known: true, newest_edition: 3 }), "warn");
  assert.equal(tone({}, { ...current, withdrawn: true }), "warn");
  assert.equal(tone({ key_id: "theirs" }), "warn");
  assert.equal(tone({ whole: false, altered: ["a"] }), "warn");
});

test("faults are listed by kind, with the file's name", () => {
  const broken = { ...whole, whole: false, altered: ["a b.jpg"], damaged: ["header x y", "cut"] };
  const said = sayOf(broken, true, null, "ours", words);
  assert.deepEqual(said.lists, [
    { title: "<altered>", names: ["a b.jpg"] },
    { title: "<damaged>", names: ["<header>", "<cut>"] },
  ]);
});
