// @ts-check
/** Checks a packet: nothing altered, nothing missing, nothing added; signed by whom.
 *  The twin of `verify` in app/packets/bag/verify.py: the same bytes give the same answer.
 *  Holds one window of the file at a time, whatever its size; sends nothing anywhere. */
import { sha256 } from "@noble/hashes/sha2.js";
import { crc32, hex, sorted, textOf, WINDOW_BYTES, Window } from "./packet_check_bytes.js";
import { readSignature } from "./packet_check_signature.js";
import { PacketZip, Unreadable } from "./packet_check_zip.js";

const MANIFEST = "manifest-sha256.txt";
const TAG_MANIFEST = "tagmanifest-sha256.txt";
const INFO = "bag-info.txt";
const SIGNATURE = "signature.json";
const REQUIRED = [INFO, "bagit.txt", MANIFEST, TAG_MANIFEST];
const NATIVE_BYTES = 32 * 1024 * 1024; // WebCrypto wants a file in one piece; larger ones go by piece
const SIGNED_FORMAT = 2; // from this format on a packet without a signature is not whole

/** What every verifier of ours answers.
 *  @typedef {{ whole: boolean, identifier: string, edition: number | null, fingerprint: string,
 *    files: number, altered: string[], missing: string[], added: string[], damaged: string[],
 *    signature: "valid" | "invalid" | "missing", key_id: string, signer: string,
 *    masked: boolean | null }} Answer */

/** What reading `bag-info.txt` adds, which the page shows.
 *  @typedef {{ answer: Answer, title: string, readable: boolean }} Checked */

/** Check a packet of `size` bytes.  `load(offset, size)` answers its bytes, `tell(done)` is called
 *  with the bytes looked at so far.
 *  @param {number} size @param {(offset: number, size: number) => Promise<Uint8Array>} load
 *  @param {(done: number) => void} [tell] @returns {Promise<Checked>} */
export async function checkPacket(size, load, tell = () => {}) {
  const answer = blank();
  const zip = new PacketZip(new Window(size, load));
  try {
    await zip.open();
    const info = await check(zip, answer, tell);
    answer.whole = [answer.altered, answer.missing, answer.added, answer.damaged].every(
      (names) => !names.length,
    );
    return { answer, title: info.get("External-Description") ?? "", readable: true };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { answer: { ...blank(), damaged: [error.message] }, title: "", readable: false };
  }
}

/** @returns {Answer} */
function blank() {
  return {
    whole: false, identifier: "", edition: null, fingerprint: "", files: 0, altered: [],
    missing: [], added: [], damaged: [], signature: "missing", key_id: "", signer: "",
    masked: null,
  };
}

/** @param {PacketZip} zip @param {Answer} answer @param {(done: number) => void} tell */
async function check(zip, answer, tell) {
  const names = new Set(zip.names());
  if (!names.has("bagit.txt") || !names.has(MANIFEST)) {
    throw new Unreadable(zip.hasEnd ? "no bag" : "cut short");
  }
  const info = names.has(INFO) ? await readInfo(zip, answer) : new Map();
  const listed = await manifest(zip, MANIFEST);
  const tags = names.has(TAG_MANIFEST) ? await manifest(zip, TAG_MANIFEST) : new Map();
  const expected = new Map([...listed, ...tags]);
  const due = new Set([...REQUIRED, ...expected.keys()]);
  answer.missing = sorted([...due].filter((name) => !names.has(name)));
  answer.added = sorted([...names].filter((name) => !due.has(name) && name !== SIGNATURE));
  const octets = await checkFiles(zip, answer, { expected, listed, names, tell });
  await checkSignature(zip, answer, names, number(info.get("Lakthan-Format")) ?? 1);
  sorted(answer.altered);
  answer.files = listed.size;
  const there = [...listed.keys()].filter((name) => names.has(name)).length;
  const oxum = `${octets}.${there}`;
  if (names.has(INFO) && info.get("Payload-Oxum") !== oxum) {
    answer.damaged.push(`oxum ${info.get("Payload-Oxum") ?? "none"} ${oxum}`);
  }
  const told = new Set(answer.altered.map((name) => `checksum ${name}`));
  const order = [...listed.keys(), ...tags.keys(), TAG_MANIFEST, SIGNATURE];
  const faults = await zip.faults(order, info);
  answer.damaged.push(...faults.filter((fault) => !told.has(fault)));
  return info;
}

/** Compare every file with its manifest; answers the bytes of the payload.
 *  @param {PacketZip} zip @param {Answer} answer
 *  @param {{ expected: Map<string, string>, listed: Map<string, string>, names: Set<string>,
 *    tell: (done: number) => void }} against */
async function checkFiles(zip, answer, { expected, listed, names, tell }) {
  let octets = 0;
  for (const [name, due] of expected) {
    if (!names.has(name)) continue;
    const { digest, size } = await digestOf(zip, name, tell);
    if (listed.has(name)) octets += size;
    if (digest !== null && digest !== due) answer.altered.push(name);
  }
  return octets;
}

/** SHA-256 and size of one file; null where another program compressed it.
 *  @param {PacketZip} zip @param {string} name @param {(done: number) => void} tell */
async function digestOf(zip, name, tell) {
  const entry = zip.entry(name);
  if (entry.method) return { digest: null, size: entry.size };
  const start = await zip.startOf(entry);
  const native = globalThis.crypto?.subtle; // only where the page came by HTTPS
  if (native && entry.size <= NATIVE_BYTES) {
    const bytes = await zip.file.at(start, entry.size);
    const digesting = native.digest("SHA-256", /** @type {BufferSource} */ (bytes));
    entry.crcFound = crc32(bytes);
    const digest = hex(new Uint8Array(await digesting));
    tell(start + bytes.length);
    return { digest, size: bytes.length };
  }
  const hash = sha256.create();
  let [crc, size] = [0, 0];
  while (size < entry.size) {
    const bytes = await zip.file.at(start + size, Math.min(WINDOW_BYTES, entry.size - size));
    if (!bytes.length) break;
    hash.update(bytes);
    crc = crc32(bytes, crc);
    size += bytes.length;
    tell(start + size);
  }
  entry.crcFound = crc;
  return { digest: hex(hash.digest()), size };
}

/** Read a manifest: file name -> SHA-256, in the order of its lines.
 *  @param {PacketZip} zip @param {string} name @returns {Promise<Map<string, string>>} */
async function manifest(zip, name) {
  const listed = new Map();
  for (const line of textOf(await zip.read(name)).split("\n")) {
    const gap = line.indexOf("  ");
    if (gap < 0 || gap + 2 === line.length) continue;
    listed.set(line.slice(gap + 2), line.slice(0, gap).toLowerCase());
  }
  return listed;
}

/** @param {PacketZip} zip @param {Answer} answer @returns {Promise<Map<string, string>>} */
async function readInfo(zip, answer) {
  const info = new Map();
  for (const line of textOf(await zip.read(INFO)).split("\n")) {
    const colon = line.indexOf(": ");
    if (colon < 0) info.set(line, "");
    else info.set(line.slice(0, colon), line.slice(colon + 2));
  }
  answer.identifier = info.get("External-Identifier") ?? "";
  answer.edition = number(info.get("Lakthan-Edition"));
  answer.signer = info.get("Lakthan-Signer") ?? "";
  const masked = new Map([["masked", true], ["unmasked", false]]);
  answer.masked = masked.get(info.get("Lakthan-Personal-Data")) ?? null;
  return info;
}

/** @param {string | undefined} text */
const number = (text) => (text && /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : null);

/** @param {PacketZip} zip @param {Answer} answer @param {Set<string>} names
 *  @param {number} format */
async function checkSignature(zip, answer, names, format) {
  if (names.has(TAG_MANIFEST)) answer.fingerprint = hex(sha256(await zip.read(TAG_MANIFEST)));
  if (!names.has(SIGNATURE)) {
    if (format >= SIGNED_FORMAT) sorted(answer.missing).push(SIGNATURE);
    sorted(answer.missing);
    return;
  }
  const signed = readSignature(await zip.read(SIGNATURE));
  const isValid = signed !== null && signed.fingerprint === answer.fingerprint;
  answer.signature = isValid ? "valid" : "invalid";
  if (!signed) answer.altered.push(SIGNATURE);
  else if (isValid) answer.key_id = signed.keyId;
  else if (names.has(TAG_MANIFEST)) answer.altered.push(TAG_MANIFEST);
}
