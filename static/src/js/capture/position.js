// @ts-check
/**
 * Position: where this phone is, as well as it can tell within the last seconds.
 *
 * Promises: never a made-up place - what is no place on earth, or exactly 0,0, is no fix; each fix
 * carries how good it was and how old it is; what the phone refuses is told, not passed over.
 * One look at a cold GPS is often 500 m off, so it is watched and the best of 20 s counts.
 */

export const BEST_OF_MS = 20_000;
export const GOOD_M = 20; // within a plot of one rai, 40 m wide
export const USABLE_M = 100; // tells one village's plots from the next one's
const PATIENCE_MS = 27_000; // a cold start under trees; after that the phone says it finds none
const PERMISSION_DENIED = 1;

/** @typedef {{ lat: number, lon: number, accuracyM: number, at: number }} Fix  `at`: epoch ms, this phone's clock */
/** searching: nothing yet; denied: somebody said no; unavailable: the phone finds none.
 *  @typedef {"searching" | "good" | "usable" | "poor" | "denied" | "unavailable"} Quality
 *  @typedef {{ quality: Quality, fix: Fix | null }} Where */

/**
 * @param {(where: Where) => void} onFix  called at once and whenever it changed
 * @param {{ geolocation?: Geolocation, now?: () => number }} [parts]
 */
export function watchPosition(onFix, parts = {}) {
  const { geolocation = navigator.geolocation, now = () => Date.now() } = parts;
  /** @type {Fix[]} of the last 20 s */
  let recent = [];
  /** @type {Fix | null} the last one, however old: still better than none, and its age is said */
  let last = null;
  /** @type {Quality} */
  let trouble = geolocation ? "searching" : "unavailable";

  /** @returns {Where} */
  function where() {
    recent = recent.filter((fix) => now() - fix.at <= BEST_OF_MS);
    const fix = recent.reduce((best, one) => (one.accuracyM <= best.accuracyM ? one : best), recent[0]) ?? last;
    return fix ? { quality: qualityOf(fix.accuracyM), fix } : { quality: trouble, fix: null };
  }

  /** @param {GeolocationPosition} found */
  function onFound({ coords, timestamp }) {
    const fix = readFix(coords, timestamp, now());
    if (!fix) return;
    recent.push(fix);
    last = fix;
    onFix(where());
  }

  /** @param {GeolocationPositionError} error */
  function onTrouble({ code }) {
    trouble = code === PERMISSION_DENIED ? "denied" : "unavailable";
    if (code === PERMISSION_DENIED) [recent, last] = [[], null]; // taken back: then it is not ours to use
    onFix(where());
  }

  const watch = geolocation?.watchPosition(onFound, onTrouble, {
    enableHighAccuracy: true,
    maximumAge: 0,
    timeout: PATIENCE_MS,
  });
  onFix(where());
  return {
    where,
    stop() {
      if (watch !== undefined) geolocation.clearWatch(watch);
    },
  };
}

/** @param {GeolocationCoordinates} coords @param {number} timestamp @param {number} now @returns {Fix | null} */
export function readFix({ latitude: lat, longitude: lon, accuracy }, timestamp, now) {
  const onEarth = Math.abs(lat) <= 90 && Math.abs(lon) <= 180; // false for NaN too
  if (!onEarth || (lat === 0 && lon === 0)) return null;
  // Phones have been seen counting from 1980, or ahead of their own clock.
  const plausible = timestamp <= now && timestamp > now - 365 * 86_400_000;
  const accuracyM = Number.isFinite(accuracy) && accuracy > 0 ? accuracy : USABLE_M * 10;
  return { lat, lon, accuracyM, at: plausible ? timestamp : now };
}

/** @param {number} accuracyM @returns {Quality} */
export function qualityOf(accuracyM) {
  if (accuracyM <= GOOD_M) return "good";
  return accuracyM <= USABLE_M ? "usable" : "poor";
}

/** As a record carries it. @param {Fix | null} fix @param {number} now epoch ms, at the shutter */
export function positionOf(fix, now) {
  if (!fix) return null;
  return {
    lat: rounded(fix.lat, 7), // a centimetre; more digits are noise
    lon: rounded(fix.lon, 7),
    accuracy_m: rounded(fix.accuracyM, 1),
    fix_age_s: rounded(Math.max(now - fix.at, 0) / 1000, 1),
    source: "device",
  };
}

/** @param {number} number @param {number} digits */
function rounded(number, digits) {
  return Number(number.toFixed(digits));
}
