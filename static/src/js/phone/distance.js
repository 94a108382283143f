// @ts-check
/**
 * How far it is from here to a centre, and what that means: the bands of app/shared/geo.py.
 * The earth is taken for a sphere: 0.5 % off at most, far less than a phone's own error.  Pure.
 */

/** @typedef {"inside" | "near" | "far" | "unknown"} Band */
/** @typedef {{ lat: number, lon: number, accuracy_m?: number | null }} Place */

const EARTH_M = 6_371_008.8; // mean radius
const NEAR_FACTOR = 5; // up to five radii is "near": the car park, the village road
const KILO = 1000;

/** @param {Place} a @param {Place} b @returns {number} metres */
export function distanceM(a, b) {
  const [lat1, lat2] = [radians(a.lat), radians(b.lat)];
  const half = Math.sin((lat2 - lat1) / 2) ** 2
    + Math.cos(lat1) * Math.cos(lat2) * Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** In favour of the one who measured: the fix's own error is taken off.
 *  @param {Place | null} here @param {Place & { radius_m: number }} centre @returns {Band} */
export function bandOf(here, centre) {
  if (!here) return "unknown";
  const surelyAway = Math.max(0, distanceM(here, centre) - (here.accuracy_m ?? 0));
  if (surelyAway <= centre.radius_m) return "inside";
  return surelyAway <= centre.radius_m * NEAR_FACTOR ? "near" : "far";
}

/** @param {number} metres @param {import("./words.js").Words} words @returns {string} 180 m, 1.2 km */
export function distanceWords(metres, words) {
  if (metres < KILO) return words("distance.m", { metres: Math.round(metres) });
  const km = metres / KILO;
  return words("distance.km", { kilometres: km.toFixed(km < 10 ? 1 : 0) });
}

/** @param {number} degrees */
function radians(degrees) {
  return (degrees * Math.PI) / 180;
}
