// @ts-check
/**
 * Maps.  Without a script a page shows the list beside the map; with it, every `[data-map]` becomes
 * one:
 *
 *   <div data-map data-map-outlines="/map/districts.geojson" data-map-src="/map/centres.geojson …"
 *        data-map-lat="19.1" data-map-lon="99.9" data-map-words='{"in": "…", "out": "…"}'></div>
 *
 * `outlines` are the base; `src` names one or more GeoJSON files of points (app/board/points.py);
 * `lat` and `lon` alone show one place.  `data-map-tiles` and `-credit` add tiles where the office
 * set an address.  A button `[data-map-show="<id>"]` anywhere on the page shows that point.
 * Points are drawn on one canvas: five thousand of them are moved as quickly as five.
 */
import "./map_trust.js"; // first
import { dotOf, outlineStyle, sizeAt } from "./map_dots.js";
import { Canvas, GeoJSON, Map as LeafletMap, SVG, TileLayer, control, latLng, latLngBounds } from "leaflet";

const CLOSE_BY = 15; // zoom at which a village road is wide enough to be told
const FAR_OFF = 7; // a province on a phone
/** Below Leaflet's own 400, where points are. */
const PANES = /** @type {const} */ ([["base", "300"], ["names", "350"]]);
const NO_WORDS = { in: "+", out: "−", failed: "" };

/** @typedef {import("./map_canvas.js").Dot} Dot */

/** @param {ParentNode} root */
export function startMaps(root) {
  for (const box of root.querySelectorAll("[data-map]")) {
    start(/** @type {HTMLElement} */ (box));
  }
}

/** @param {HTMLElement} box */
async function start(box) {
  if (box.dataset.mapReady) return;
  box.dataset.mapReady = "loading";
  const words = { ...NO_WORDS, ...JSON.parse(box.dataset.mapWords ?? "{}") };
  const map = new LeafletMap(box, {
    renderer: new Canvas({ padding: 0.3, tolerance: 6 }), // px: a thumb is no mouse
    zoomControl: false,
    zoomSnap: box.dataset.mapTiles ? 1 : 0.25, // tiles blur between their own steps
    minZoom: FAR_OFF,
    maxZoom: 19,
    attributionControl: false, // Leaflet's own would write a link with a picture first
  });
  control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  credit(map, box);
  addTiles(map, box);
  map.setView(latLng(Number(box.dataset.mapLat ?? 19.2), Number(box.dataset.mapLon ?? 100.1)), 9);
  try {
    await fill(map, box);
    box.dataset.mapReady = "yes";
  } catch {
    box.dataset.mapReady = "failed";
    say(box, words.failed);
  }
}

/** @param {LeafletMap} map @param {HTMLElement} box */
async function fill(map, box) {
  const [outlines, ...points] = await Promise.all([
    box.dataset.mapOutlines ? read(box.dataset.mapOutlines) : null,
    ...(box.dataset.mapSrc ?? "").split(/\s+/).filter(Boolean).map(read),
  ]);
  const seen = latLngBounds([]);
  if (outlines) {
    seen.extend(addBase(map, outlines).getBounds());
  }
  const known = addPoints(map, points.filter(Boolean));
  map.on("zoomend", () => resize(map, known.values()));
  for (const dot of known.values()) seen.extend(dot.getLatLng());
  if (box.dataset.mapLat) {
    map.setView([Number(box.dataset.mapLat), Number(box.dataset.mapLon)], CLOSE_BY);
  } else if (seen.isValid()) {
    map.fitBounds(seen, { padding: [16, 16], maxZoom: CLOSE_BY, animate: false });
  }
  resize(map, known.values());
  listen(map, box, known);
}

/** Centres are smaller where many stand close together.
 *  @param {LeafletMap} map @param {Iterable<Dot>} dots */
function resize(map, dots) {
  for (const dot of dots) dot.setRadius(sizeAt(dot, map.getZoom()));
}

/** The outlines and their names lie under the points, and a finger goes through both.
 *  @param {LeafletMap} map @param {any} outlines */
function addBase(map, outlines) {
  for (const [name, level] of PANES) map.createPane(name).style.zIndex = level;
  const base = new GeoJSON(outlines, {
    style: outlineStyle,
    interactive: false,
    pane: "base",
    renderer: new SVG({ pane: "base" }),
  });
  base.eachLayer((layer) => {
    const { name } = /** @type {any} */ (layer).feature.properties;
    layer.bindTooltip(name, {
      permanent: true,
      direction: "center",
      className: "map-name",
      pane: "names",
    });
  });
  return base.addTo(map);
}

/** @param {LeafletMap} map @param {any[]} collections */
function addPoints(map, collections) {
  /** @type {Map<string, Dot>} */
  const known = new Map();
  for (const { features, common } of collections) {
    for (const feature of features) {
      const dot = dotOf(feature, common);
      dot.addTo(map);
      known.set(String(feature.id), dot);
    }
  }
  return known;
}

/** @param {LeafletMap} map @param {HTMLElement} box @param {Map<string, Dot>} known */
function listen(map, box, known) {
  box.ownerDocument.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest?.("[data-map-show]");
    const dot = known.get(button?.getAttribute("data-map-show") ?? "");
    if (!dot) return;
    map.setView(dot.getLatLng(), Math.max(map.getZoom(), 13), { animate: false });
    dot.openPopup();
    box.scrollIntoView({ block: "nearest" });
    box.focus({ preventScroll: true });
  });
}

/** @param {LeafletMap} map @param {HTMLElement} box */
function addTiles(map, box) {
  if (!box.dataset.mapTiles) return;
  // Keepers of tiles ask who is asking; they learn the host, never the page.
  new TileLayer(box.dataset.mapTiles, { referrerPolicy: "strict-origin" }).addTo(map);
}

/** Who made the outlines and the tiles: as text, never as markup.
 *  @param {LeafletMap} map @param {HTMLElement} box */
function credit(map, box) {
  if (!box.dataset.mapCredit) return;
  const words = box.ownerDocument.createElement("span");
  words.textContent = box.dataset.mapCredit;
  control.attribution({ prefix: false }).addAttribution(words.innerHTML).addTo(map);
}

/** @param {string} address */
async function read(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/** @param {HTMLElement} box @param {string} sentence */
function say(box, sentence) {
  const line = box.ownerDocument.createElement("p");
  line.className = "map__failed";
  line.textContent = sentence;
  box.append(line);
}

startMaps(document);
