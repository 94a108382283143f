// @ts-check
/** A packet's ZIP, read by its own rules: what libraries forgive is a fault here.
 *  The twin of `ZipBag` in app/packets/bag/verify.py; both give the same words for the same bytes. */
import { crc32, joined, sameBytes, textOf } from "./packet_check_bytes.js";

export const MAX_TAG_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 1_000_000;
const FIXED_DAY = 0x21;
const ISSUED_MODE = 0o100644 * 0x10000;
const FULL = 0xffffffff;
const HALF = 0x7fffffff;
const END_BYTES = 22;
const WIDE_END_BYTES = 56;
const LOCATOR_BYTES = 20;
const MAX_TAIL_BYTES = END_BYTES + WIDE_END_BYTES + LOCATOR_BYTES + 0xffff;
const MARK = { header: 0x04034b50, line: 0x02014b50, end: 0x06054b50, wideEnd: 0x06064b50 };

/** The file is no ZIP or no bag at all; the message is one of a few words. */
export class Unreadable extends Error {}

/** One file in a ZIP, as the directory tells it.
 *  @typedef {{ raw: Uint8Array, method: number, crc: number, packed: number, size: number,
 *    offset: number, name: string, crcFound: number | null, fits: boolean | null }} Entry
 *  `fits`: whether its header is as we write it, once looked at. */

export class PacketZip {
  /** @param {import("./packet_check_bytes.js").Window} file */
  constructor(file) {
    this.file = file;
    this.base = 0;
    this.hasEnd = true;
    this.top = "";
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {Map<string, Entry>} */
    this.byName = new Map();
  }

  /** Find the entries.  Throws Unreadable. */
  async open() {
    this.entries = (await this.directory()) ?? (await this.walk());
    if (!this.entries.length) throw new Unreadable("no ZIP");
    this.top = this.findTop();
    for (const entry of this.entries) {
      entry.name = this.belowTop(entry);
      if (!this.byName.has(entry.name)) this.byName.set(entry.name, entry);
    }
  }

  /** All files in the archive. */
  names() {
    return [...this.byName.keys()].filter((name) => !name.endsWith("/"));
  }

  /** The start of one file: all of it, where it is one of ours.
   *  @param {string} name @returns {Promise<Uint8Array>} */
  async read(name) {
    const entry = this.entry(name);
    if (entry.method) throw new Unreadable("packed again");
    const data = (
      await this.file.at(await this.startOf(entry), Math.min(entry.size, MAX_TAG_BYTES))
    ).slice();
    entry.crcFound = crc32(data);
    return data;
  }

  /** @param {string} name @returns {Entry} */
  entry(name) {
    return /** @type {Entry} */ (this.byName.get(name));
  }

  /** What in the ZIP itself is not as issued: every bit of it is accounted for.
   *  @param {string[]} order @param {Map<string, string>} info */
  async faults(order, info) {
    const found = this.base ? ["prefix"] : [];
    if (this.top !== (info.get("External-Identifier") ?? this.top)) {
      found.push(`folder ${this.top}`);
    }
    let position = 0;
    const seen = new Set();
    const lines = [];
    for (const entry of this.entries) {
      for (const word of await this.entryFaults(entry, position, seen)) {
        found.push(`${word} ${entry.name}`);
      }
      seen.add(entry.name);
      lines.push(directoryLine(entry));
      position = entry.offset + header(entry).length + entry.size;
    }
    found.push(...this.orderFault(order));
    return [...found, ...(await this.tailFault(lines, position))];
  }

  /** @param {Entry} entry @param {number} position @param {Set<string>} seen */
  async entryFaults(entry, position, seen) {
    const found = [];
    if (seen.has(entry.name) || !isPlain(entry)) found.push("name");
    if (entry.method || entry.packed !== entry.size) found.push("compressed");
    if (entry.offset !== position) found.push("place");
    if (!(await this.hasHeader(entry))) found.push("header");
    if (entry.crcFound !== null && entry.crcFound !== entry.crc) found.push("checksum");
    return found;
  }

  /** @param {Entry} entry */
  async hasHeader(entry) {
    if (entry.fits === null) await this.startOf(entry);
    return entry.fits;
  }

  /** @param {string[]} order */
  orderFault(order) {
    const ours = new Set(order);
    const there = [...this.byName.keys()].filter((name) => ours.has(name));
    const due = [...ours].filter((name) => this.byName.has(name));
    const wrong = there.find((name, n) => name !== due[n]);
    return wrong === undefined ? [] : [`order ${wrong}`];
  }

  /** @param {Uint8Array[]} lines @param {number} position */
  async tailFault(lines, position) {
    const size = lines.reduce((total, line) => total + line.length, 0);
    const due = concat([...lines, endRecords(lines.length, size, position)]);
    const tail = (await this.file.at(this.base + position, due.length + 1)).slice();
    if (!sameBytes(tail.subarray(0, due.length), due)) return [this.hasEnd ? "directory" : "cut"];
    return tail.length > due.length ? ["suffix"] : [];
  }

  /** Read the directory at the end; null where it cannot be. @returns {Promise<Entry[] | null>} */
  async directory() {
    const tailAt = Math.max(0, this.file.size - MAX_TAIL_BYTES);
    const tail = (await this.file.at(tailAt, this.file.size - tailAt)).slice();
    const view = viewOf(tail);
    let end = tail.length - 4;
    while (end >= 0 && view.getUint32(end, true) !== MARK.end) end -= 1;
    this.hasEnd = end >= 0;
    if (end < 0 || tail.length - end < END_BYTES) return null;
    let count = view.getUint16(end + 10, true);
    let length = view.getUint32(end + 12, true);
    let offset = view.getUint32(end + 16, true);
    const wide = end - LOCATOR_BYTES - WIDE_END_BYTES;
    if (wide >= 0 && view.getUint32(wide, true) === MARK.wideEnd) {
      [count, length, offset] = [32, 40, 48].map((at) => wideNumber(view, wide + at));
      end = wide;
    }
    if (length > MAX_TAG_BYTES || count > MAX_ENTRIES) throw new Unreadable("too large");
    const start = tailAt + end - length;
    if (start < 0) return null;
    const entries = parseDirectory((await this.file.at(start, length)).slice(), count);
    if (!entries || entries.some((entry) => entry.offset >= this.file.size)) return null;
    const sum = entries.reduce((total, entry) => total + entry.size, 0);
    if (sum > this.file.size) throw new Unreadable("entries overlap"); // a bomb
    await this.findBase(entries, start - offset);
    return entries;
  }

  /** Learn how many bytes somebody put before the archive.
   *  @param {Entry[]} entries @param {number} shift */
  async findBase(entries, shift) {
    if (shift <= 0) return;
    const mark = await this.file.at(shift + entries[0].offset, 4);
    if (mark.length === 4 && viewOf(mark).getUint32(0, true) === MARK.header) this.base = shift;
  }

  /** Without a directory: go from header to header, as far as they lead. */
  async walk() {
    /** @type {Entry[]} */
    const found = [];
    let position = 0;
    while (found.length <= MAX_ENTRIES) {
      const fixed = (await this.file.at(position, 30)).slice();
      const view = viewOf(fixed);
      if (fixed.length < 30 || view.getUint32(0, true) !== MARK.header) return found;
      const nName = view.getUint16(26, true);
      const nExtra = view.getUint16(28, true);
      const raw = (await this.file.at(position + 30, nName)).slice();
      const extra = (await this.file.at(position + 30 + nName, nExtra)).slice();
      const told = [view.getUint32(22, true), view.getUint32(18, true)];
      const [size, packed] = wideNumbers(extra, told);
      const [method, crc] = [view.getUint16(8, true), view.getUint32(14, true)];
      found.push({ raw, method, crc, packed, size, offset: position, name: "", crcFound: null, fits: null });
      position += 30 + nName + nExtra + packed;
    }
    throw new Unreadable("too large");
  }

  findTop() {
    for (const { raw } of this.entries) {
      const slash = raw.indexOf(0x2f);
      if (slash >= 0 && textOf(raw.subarray(slash + 1)) === "bagit.txt") {
        return textOf(raw.subarray(0, slash));
      }
    }
    throw new Unreadable(this.hasEnd ? "no bag" : "cut short");
  }

  /** @param {Entry} entry */
  belowTop(entry) {
    const name = textOf(entry.raw);
    const start = `${this.top}/`;
    return name.startsWith(start) ? name.slice(start.length) : `../${name}`;
  }

  /** Where the bytes of a file begin, also behind a header that is not as we write them.
   *  @param {Entry} entry */
  async startOf(entry) {
    const at = this.base + entry.offset;
    const due = header(entry);
    const told = await this.file.at(at, due.length);
    entry.fits = sameBytes(told, due);
    const room = 30 + entry.raw.length;
    if (!entry.fits && told.length >= room) {
      const view = viewOf(told);
      const isOurs = sameBytes(told.subarray(30, room), entry.raw);
      if (isOurs && view.getUint16(26, true) === entry.raw.length) {
        return at + room + view.getUint16(28, true);
      }
    }
    return at + due.length;
  }
}

/** @param {Uint8Array} bytes */
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** @param {DataView} view @param {number} at */
const wideNumber = (view, at) => Number(view.getBigUint64(at, true));

/** @param {Uint8Array} data @param {number} count @returns {Entry[] | null} */
function parseDirectory(data, count) {
  /** @type {Entry[]} */
  const entries = [];
  const view = viewOf(data);
  let position = 0;
  while (position < data.length) {
    if (data.length - position < 46 || view.getUint32(position, true) !== MARK.line) return null;
    const short = (/** @type {number} */ at) => view.getUint16(position + at, true);
    const long = (/** @type {number} */ at) => view.getUint32(position + at, true);
    const nameAt = position + 46;
    const extraAt = nameAt + short(28);
    const raw = data.subarray(nameAt, extraAt);
    const extra = data.subarray(extraAt, extraAt + short(30));
    const [size, packed, offset] = wideNumbers(extra, [long(24), long(20), long(42)]);
    const [method, crc] = [short(10), long(16)];
    entries.push({ raw, method, crc, packed, size, offset, name: "", crcFound: null, fits: null });
    position = extraAt + short(30) + short(32);
  }
  return entries.length === count && count > 0 ? entries : null;
}

/** Take from a ZIP64 field what did not fit into 32 bits.
 *  @param {Uint8Array} extra @param {number[]} numbers */
function wideNumbers(extra, numbers) {
  if (extra.length < 4 || viewOf(extra).getUint16(0, true) !== 1) return numbers;
  const view = viewOf(extra);
  const told = Math.floor(Math.min(view.getUint16(2, true), extra.length - 4) / 8);
  let next = 0;
  return numbers.map((n) => {
    if (n !== FULL || next >= told) return n;
    next += 1;
    return wideNumber(view, 4 + 8 * (next - 1));
  });
}

/** Whether a name can be unpacked anywhere, and nowhere but below the top folder.
 *  @param {Entry} entry */
function isPlain(entry) {
  const own = new TextEncoder().encode(entry.name);
  const end = entry.raw.subarray(Math.max(0, entry.raw.length - own.length));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!sameBytes(end, own) || /[\0-\x1f\x7f\\:]/.test(entry.name)) return false;
  return !entry.name.split("/").some((part) => part === "" || part === "." || part === "..");
}

/** Write numbers of 1, 2, 4 or 8 bytes, little-endian.
 *  @param {[number, number][]} fields size and value */
function packed(fields) {
  const bytes = new Uint8Array(fields.reduce((total, [size]) => total + size, 0));
  const view = viewOf(bytes);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  return bytes;
}

/** @param {Uint8Array[]} parts */
function concat(parts) {
  const all = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Entry} entry */
const flag = (entry) => (entry.raw.some((byte) => byte > 0x7f) ? 0x800 : 0);

/** The header before a file's bytes as the issuing system writes it. @param {Entry} entry */
function header(entry) {
  const isWide = entry.size >= FULL;
  const size = isWide ? FULL : entry.size;
  const fixed = packed([
    [4, MARK.header], [2, isWide ? 45 : 20], [2, flag(entry)], [2, 0], [2, 0], [2, FIXED_DAY],
    [4, entry.crc], [4, size], [4, size], [2, entry.raw.length], [2, isWide ? 20 : 0],
  ]);
  const extra = isWide ? packed([[2, 1], [2, 16], [8, entry.size], [8, entry.size]]) : null;
  return extra ? concat([fixed, entry.raw, extra]) : joined(fixed, entry.raw);
}

/** A file's line in the directory as the issuing system writes it. @param {Entry} entry */
function directoryLine(entry) {
  /** @type {[number, number][]} */
  const numbers = entry.size >= FULL ? [[8, entry.size], [8, entry.size]] : [];
  if (entry.offset > HALF) numbers.push([8, entry.offset]);
  const wide = packed(numbers);
  const extra = wide.length ? joined(packed([[2, 1], [2, wide.length]]), wide) : wide;
  const version = wide.length ? 45 : 20;
  const size = Math.min(entry.size, FULL);
  const fixed = packed([
    [4, MARK.line], [1, version], [1, 3], [1, version], [1, 0], [2, flag(entry)], [2, 0], [2, 0],
    [2, FIXED_DAY], [4, entry.crc], [4, size], [4, size], [2, entry.raw.length],
    [2, extra.length], [2, 0], [2, 0], [2, 0], [4, ISSUED_MODE],
    [4, entry.offset > HALF ? FULL : entry.offset],
  ]);
  return concat([fixed, entry.raw, extra]);
}

/** The end of the archive as the issuing system writes it; ZIP64 when it must.
 *  @param {number} count @param {number} size @param {number} offset */
function endRecords(count, size, offset) {
  const isWide = count > 0xffff || Math.max(size, offset) > HALF;
  const wide = packed([
    [4, MARK.wideEnd], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count],
    [8, size], [8, offset], [4, 0x07064b50], [4, 0], [8, offset + size], [4, 1],
  ]);
  const [n, s, o] = [Math.min(count, 0xffff), Math.min(size, FULL), Math.min(offset, FULL)];
  const end = packed([
    [4, MARK.end], [2, 0], [2, 0], [2, n], [2, n], [4, s], [4, o], [2, 0],
  ]);
  return isWide ? joined(wide, end) : end;
}
