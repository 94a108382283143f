// @ts-check
/** Bytes for the packet check: a window that runs over a large file, a checksum, spellings.
 *  Knows neither the DOM nor where the bytes come from. */
export const WINDOW_BYTES = 8 * 1024 * 1024; // smaller slices of a file cost Chromium half its speed
const EMPTY = new Uint8Array(0);

/** Reads a file of any size through one window, the next one being fetched meanwhile; so the
 *  memory does not grow with the file.  `load(offset, size)` answers exactly those bytes. */
export class Window {
  /** @param {number} size of the file, bytes
   *  @param {(offset: number, size: number) => Promise<Uint8Array>} load */
  constructor(size, load) {
    this.size = size;
    this.load = load;
    this.start = 0;
    this.bytes = EMPTY;
    /** @type {Promise<Uint8Array> | null} */
    this.ahead = null;
  }

  /** Up to `size` bytes at `offset`; fewer at the end of the file.  Good until the next call.
   *  @param {number} offset @param {number} size @returns {Promise<Uint8Array>} */
  async at(offset, size) {
    if (offset < 0 || offset >= this.size) return EMPTY;
    const wanted = Math.min(size, this.size - offset);
    if (wanted > WINDOW_BYTES) return this.load(offset, wanted);
    if (!this.holds(offset, wanted)) await this.move(offset);
    return this.bytes.subarray(offset - this.start, offset - this.start + wanted);
  }

  /** @param {number} offset @param {number} size */
  holds(offset, size) {
    return offset >= this.start && offset + size <= this.start + this.bytes.length;
  }

  /** Let the window begin at `offset`. @param {number} offset */
  async move(offset) {
    const end = this.start + this.bytes.length;
    if (offset >= this.start && offset <= end && this.ahead) {
      const rest = this.bytes.subarray(offset - this.start);
      this.bytes = joined(rest, await this.ahead);
    } else {
      this.bytes = await this.piece(offset);
    }
    this.start = offset;
    const next = offset + this.bytes.length;
    this.ahead = next < this.size ? this.piece(next) : null;
    this.ahead?.catch(() => undefined); // told when it is awaited
  }

  /** @param {number} offset */
  piece(offset) {
    return this.load(offset, Math.min(WINDOW_BYTES, this.size - offset));
  }
}

/** @param {Uint8Array} first @param {Uint8Array} second */
export function joined(first, second) {
  if (!first.length) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Eight tables: eight bytes a step. @type {Uint32Array[]} */
const TABLES = Array.from({ length: 8 }, () => new Uint32Array(256));
for (let n = 0; n < 256; n += 1) {
  let crc = n;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  TABLES[0][n] = crc >>> 0;
}
for (let n = 0; n < 256; n += 1) {
  for (let t = 1; t < 8; t += 1) {
    const before = TABLES[t - 1][n];
    TABLES[t][n] = ((before >>> 8) ^ TABLES[0][before & 0xff]) >>> 0;
  }
}

/** CRC-32 as in a ZIP; go on from `crc`. @param {Uint8Array} bytes @param {number} [crc] */
export function crc32(bytes, crc = 0) {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let c = ~crc;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    const a =
      c ^ (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
    c =
      t7[a & 0xff] ^ t6[(a >>> 8) & 0xff] ^ t5[(a >>> 16) & 0xff] ^ t4[a >>> 24] ^
      t3[bytes[at + 4]] ^ t2[bytes[at + 5]] ^ t1[bytes[at + 6]] ^ t0[bytes[at + 7]];
  }
  for (; at < bytes.length; at += 1) c = (c >>> 8) ^ t0[(c ^ bytes[at]) & 0xff];
  return ~c >>> 0;
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
/** @param {Uint8Array} bytes */
export const textOf = (bytes) => UTF8.decode(bytes);

/** @param {string} text */
export const bytesOf = (text) => new TextEncoder().encode(text);

/** Read base64url in its one spelling; null for any other. @param {string} text */
export function fromBase64url(text) {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  const bytes = Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
  const again = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  return again.replace(/=+$/, "") === text ? bytes : null;
}

/** @param {Uint8Array} one @param {Uint8Array} other */
export function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, n) => byte === other[n]);
}

/** Sort as Python does, by code points. @param {string[]} names */
export function sorted(names) {
  return names.sort((a, b) => {
    const end = Math.min(a.length, b.length);
    let n = 0;
    while (n < end && a[n] === b[n]) n += 1;
    return n === end ? a.length - b.length : rank(a.charCodeAt(n)) - rank(b.charCodeAt(n));
  });
}

/** Surrogates stand for what comes after every other letter. @param {number} unit */
const rank = (unit) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
