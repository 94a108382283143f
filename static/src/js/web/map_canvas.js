// @ts-check
/** Shapes on the map's canvas: a dot is told by its form and letter, never by its colour alone. */
import { CircleMarker } from "leaflet";

/** A point with a form and, where there is one, a letter. */
export class Dot extends CircleMarker {
  /** Called by Leaflet whenever the point is drawn. */
  _updatePath() {
    const renderer = /** @type {any} */ (this)._renderer;
    if (!renderer._drawing || /** @type {any} */ (this)._empty()) return;
    const { x, y } = /** @type {any} */ (this)._point;
    /** @type {CanvasRenderingContext2D} */
    const pen = renderer._ctx;
    const options = /** @type {DotOptions} */ (/** @type {unknown} */ (this.options));
    const r = options.radius;
    pen.beginPath();
    FORMS[options.form ?? "circle"](pen, x, y, r);
    pen.closePath();
    renderer._fillStroke(pen, this);
    if (options.letter) write(pen, options, x, y);
  }
}

/** @typedef {"circle" | "square" | "triangle" | "diamond"} Form */
/** @typedef {import("leaflet").CircleMarkerOptions & { form?: Form, letter?: string, radius: number, ink?: string }} DotOptions */

/** @type {Record<Form, (pen: CanvasRenderingContext2D, x: number, y: number, r: number) => void>} */
const FORMS = {
  circle: (pen, x, y, r) => pen.arc(x, y, r, 0, Math.PI * 2),
  square: (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r),
  triangle: (pen, x, y, r) => corners(pen, [[x, y - r * 1.2], [x + r * 1.1, y + r * 0.8], [x - r * 1.1, y + r * 0.8]]),
  diamond: (pen, x, y, r) => corners(pen, [[x, y - r * 1.3], [x + r * 1.3, y], [x, y + r * 1.3], [x - r * 1.3, y]]),
};

/** @param {CanvasRenderingContext2D} pen @param {number[][]} places */
function corners(pen, places) {
  places.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
}

/** @param {CanvasRenderingContext2D} pen @param {DotOptions} options @param {number} x @param {number} y */
function write(pen, options, x, y) {
  pen.font = `700 ${Math.round(options.radius * 1.25)}px Sarabun, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = options.ink ?? "#fff";
  pen.fillText(options.letter ?? "", x, y + 0.5);
}
