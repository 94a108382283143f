// @ts-check
/** Strict reading of one record, where `true` is not 1 and null is not consent.  Twin of
 *  app/shared/decode.py, so that the phone never sends what the server would call malformed.
 *  Every reader throws Malformed(field, expected). */
import { readDay } from "./days.js";
import { cleanText } from "./text.js";

const LARGEST = Number.MAX_SAFE_INTEGER;
const LARGEST_SKEW_S = 2 ** 31 - 1;
const LONGEST_TEXT = 20_000;
const LONGEST_LIST = 100;
const LONGEST_VERSION = 40;
const SOURCES = ["device", "exif", "pin"];
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const POSITION = ["lat", "lon", "accuracy_m", "fix_age_s", "source"];

export const CAPTURE_FIELDS = [
  "captured_at",
  "device_id",
  "clock_skew_s",
  "position",
  "programme_version",
];

export class Malformed extends Error {
  /** @param {string} field @param {string} expected */
  constructor(field, expected) {
    super(`${field}: ${expected}`);
    this.field = field;
    this.expected = expected;
  }
}

/** One JSON object, read field by field. @param {any} item @param {string[]} known @param {string} [within] */
export function createReader(item, known, within = "") {
  if (item === null || typeof item !== "object" || Array.isArray(item)) {
    throw new Malformed(within.replace(/\.$/, "") || "record", "object");
  }
  for (const name of Object.keys(item)) {
    if (!known.includes(name)) throw bad(name.slice(0, 40), "known field");
  }

  /** @param {string} name @param {string} expected */
  function bad(name, expected) {
    return new Malformed(within + name, expected);
  }

  /** What is there; missing and null are null.
   *  @template T @param {string} name @param {string} expected @param {(value: any) => T | undefined} read
   *  @returns {T | null} */
  function optional(name, expected, read) {
    const value = item[name] ?? null;
    if (value === null) return null;
    const found = read(value);
    if (found === undefined) throw bad(name, expected);
    return found;
  }

  /** @template T @param {T | null} found @param {string} name @param {string} expected @returns {T} */
  function required(found, name, expected) {
    if (found === null) throw bad(name, expected);
    return found;
  }

  const reader = {
    /** Cleaned text; blank is null. @param {string} name @param {{lines?: boolean}} [how] */
    text: (name, how) =>
      optional(name, "text", (value) => (isText(value) ? cleanText(value, how) : undefined)) ||
      null,
    /** @param {string} name */
    word: (name) => required(reader.text(name), name, "text"),
    /** @param {string} name @returns {string[]} */
    words: (name) =>
      optional(name, "list of text", (value) =>
        Array.isArray(value) && value.length <= LONGEST_LIST && value.every(isText)
          ? value.map((word) => cleanText(word))
          : undefined,
      ) ?? [],
    /** @param {string} name @returns {number | null} */
    whole: (name) =>
      optional(name, "integer", (value) => (Number.isSafeInteger(value) ? value : undefined)),
    /** @param {string} name */
    count: (name) => required(reader.whole(name), name, "integer"),
    /** @param {string} name @returns {number | null} */
    number: (name) =>
      optional(name, "number", (value) =>
        typeof value === "number" && Math.abs(value) <= LARGEST ? value : undefined,
      ),
    /** @param {string} name */
    hundredths(name) {
      const value = reader.number(name);
      if (value === null || /^-?\d+(\.\d\d?)?$/.test(String(value))) return value;
      throw bad(name, "number with two decimals");
    },
    /** @param {string} name @returns {boolean} */
    flag: (name) =>
      required(
        optional(name, "boolean", (value) => (typeof value === "boolean" ? value : undefined)),
        name,
        "boolean",
      ),
    /** @param {string} name */
    dayOrNull: (name) => optional(name, "date", (value) => readDay(value) ?? undefined),
    /** @param {string} name */
    day: (name) => required(reader.dayOrNull(name), name, "date"),
    /** @param {string} name */
    idOrNull: (name) =>
      optional(name, "UUID", (value) => (UUID.test(String(value)) ? String(value) : undefined)),
    /** @param {string} name */
    id: (name) => required(reader.idOrNull(name), name, "UUID"),
    /** @param {string} name */
    instant: (name) =>
      required(
        optional(name, "instant with offset", (value) => (isInstant(value) ? value : undefined)),
        name,
        "instant with offset",
      ),
    /** @param {string} name */
    position(name) {
      if ((item[name] ?? null) === null) return null;
      const spot = createReader(item[name], POSITION, `${name}.`);
      const [lat, lon, source] = [spot.number("lat"), spot.number("lon"), spot.word("source")];
      if (lat === null || lon === null) throw bad(name, "lat and lon");
      if (!SOURCES.includes(source)) throw bad(`${name}.source`, SOURCES.join(" or "));
      const [accuracy_m, fix_age_s] = [spot.number("accuracy_m"), spot.number("fix_age_s")];
      return { lat, lon, accuracy_m, fix_age_s, source };
    },
    /** The circumstances and the programme's version, in the order the server reads them. */
    capture() {
      const captured_at = reader.instant("captured_at");
      const clock_skew_s = reader.whole("clock_skew_s");
      if (Math.abs(clock_skew_s ?? 0) > LARGEST_SKEW_S) throw bad("clock_skew_s", "integer");
      const position = reader.position("position");
      const device_id = reader.idOrNull("device_id");
      const programme_version = reader.word("programme_version");
      if (programme_version.length > LONGEST_VERSION) throw bad("programme_version", "text");
      return { captured_at, clock_skew_s, position, device_id, programme_version };
    },
  };
  return reader;
}

/** What a rule says of a record that cannot even be read. @param {() => import("../outbox/types.js").Problem[]} judge
 *  @returns {import("../outbox/types.js").Problem[]} */
export function readOrTell(judge) {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return [{ field: error.field, code: "malformed", facts: { expected: error.expected } }];
  }
}

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string" && value.length <= LONGEST_TEXT;

/** @param {unknown} value */
function isInstant(value) {
  const parts = typeof value === "string" ? INSTANT.exec(value) : null;
  if (!parts || !readDay(parts.slice(1, 4).join("-"))) return false;
  const [year, , , hour, minute, second = "0"] = parts.slice(1);
  return (
    Number(year) >= 2000 &&
    Number(year) < 2400 &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  );
}
