// @ts-check
/** What stands on the map: how each point looks, and what it says when it is chosen. */
import { Dot } from "./map_canvas.js";

/** One point as the server tells it (app/board/points.py).
 *  @typedef {{ kind: "centre" | "photo", look: string, letter?: string, title: string, lines: string[], href: string, open: string, faded?: boolean }} Facts */
/** What thousands of points have in common: titles by number, words of looks, where they are opened.
 *  @typedef {{ kind: "photo", titles: string[], looks: Record<string, string>, href: string, open: string }} Common */
/** @typedef {{ look: string, title: number, day: string }} Brief */
/** @typedef {{ id: string, geometry: { coordinates: [number, number] }, properties: Facts | Brief }} Feature */

const INK = "#12231b";
/** Colours of app tokens; all at least 4.5:1 under white letters.
 *  @type {Record<string, { fillColor: string, form: import("./map_canvas.js").Form, ink?: string, hollow?: boolean }>} */
const LOOKS = {
  best: { fillColor: "#17633d", form: "circle" },
  good: { fillColor: "#17536f", form: "circle" },
  begun: { fillColor: "#9c431d", form: "circle" },
  none: { fillColor: "#fff", form: "circle", ink: INK, hollow: true },
  inside: { fillColor: "#2f8f5b", form: "circle" },
  near: { fillColor: "#e0a92e", form: "triangle" },
  far: { fillColor: "#98201d", form: "diamond" },
  unknown: { fillColor: "#fff", form: "square", hollow: true },
};
const SIZES = { centre: 12, photo: 5 }; // px; a letter must be read, a photo only seen
const SMALL = { centre: 9, photo: 4 };
const FROM_ABOVE = 11; // zoom below which centres of one district touch one another

/** How a district's outline looks. */
export function outlineStyle() {
  return { color: "#75786a", weight: 1.5, fillColor: "#ece6d6", fillOpacity: 0.55 };
}

/** @param {Dot} dot @param {number} zoom */
export function sizeAt(dot, zoom) {
  const { kind } = /** @type {any} */ (dot.options);
  return (zoom < FROM_ABOVE ? SMALL : SIZES)[/** @type {Facts["kind"]} */ (kind)];
}

/** @param {Feature} feature @param {Common} [common] */
export function dotOf(feature, common) {
  const [lon, lat] = feature.geometry.coordinates;
  const properties = common ? inFull(feature, common) : /** @type {Facts} */ (feature.properties);
  const look = LOOKS[properties.look] ?? LOOKS.unknown;
  const options = {
    ...look,
    kind: properties.kind,
    radius: SIZES[properties.kind] ?? SIZES.photo,
    letter: properties.letter,
    color: look.hollow || properties.kind === "centre" ? INK : "#fff",
    weight: properties.kind === "centre" ? 1.5 : 1,
    fillOpacity: properties.faded ? 0.45 : 0.95,
    opacity: 1,
  };
  const dot = new Dot([lat, lon], options);
  return dot.bindPopup(() => card(properties), { maxWidth: 260 });
}

/** @param {Feature} feature @param {Common} common @returns {Facts} */
function inFull({ id, properties }, { kind, titles, looks, href, open }) {
  const { look, title, day } = /** @type {Brief} */ (properties);
  return { kind, look, title: titles[title], lines: [day, looks[look]], href: href + id, open };
}

/** @param {Facts} facts */
function card({ title, lines, href, open }) {
  const box = document.createElement("div");
  box.className = "map-card";
  const head = box.appendChild(document.createElement("strong"));
  head.textContent = title;
  for (const line of lines) box.appendChild(document.createElement("span")).textContent = line;
  const link = box.appendChild(document.createElement("a"));
  link.href = href;
  link.textContent = open;
  return box;
}
