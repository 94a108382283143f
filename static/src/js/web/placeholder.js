// @ts-check
/**
 * A blurred picture in a picture's place while it is on its way over a slow line.
 *
 * The server writes 28 letters (BlurHash, blurha.sh) beside the address; here they become a few
 * pixels, which the browser stretches.  Without this script the place stays in its own colour.
 */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const LONGER_SIDE_PX = 24; // the finest wave is 12 px long

/** @param {ParentNode} root */
export function startPlaceholders(root) {
  for (const image of root.querySelectorAll("img[data-blurhash]")) {
    if (image instanceof HTMLImageElement && !image.complete) show(image);
  }
}

/** @param {HTMLImageElement} image */
function show(image) {
  const size = sizeOf(image.width / image.height || 1);
  const pixels = pixelsOf(image.dataset.blurhash ?? "", ...size);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = size;
  const context = canvas.getContext("2d");
  if (!pixels || !context) return;
  context.putImageData(new ImageData(pixels, ...size), 0, 0);
  image.style.background = `center / cover url(${canvas.toDataURL()})`;
  const done = () => image.style.removeProperty("background");
  image.addEventListener("load", done, { once: true });
}

/** @param {number} ratio width to height @returns {[number, number]} */
function sizeOf(ratio) {
  const shorter = (/** @type {number} */ share) => Math.max(1, Math.round(LONGER_SIDE_PX * share));
  return ratio >= 1 ? [LONGER_SIDE_PX, shorter(1 / ratio)] : [shorter(ratio), LONGER_SIDE_PX];
}

/**
 * The picture of a hash as RGBA, or null where it is no hash.
 * @param {string} hash @param {number} width @param {number} height
 * @returns {Uint8ClampedArray<ArrayBuffer> | null}
 */
export function pixelsOf(hash, width, height) {
  const waves = wavesOf(hash);
  if (!waves) return null;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++) {
    const x = (Math.PI * (at % width)) / width;
    const y = (Math.PI * Math.floor(at / width)) / height;
    for (let channel = 0; channel < 3; channel++) {
      let light = 0;
      for (const wave of waves) {
        light += wave.rgb[channel] * Math.cos(x * wave.across) * Math.cos(y * wave.down);
      }
      pixels[at * 4 + channel] = curved(light);
    }
  }
  return pixels;
}

/** @typedef {{ across: number, down: number, rgb: number[] }} Wave */

/** @param {string} hash @returns {Wave[] | null} */
function wavesOf(hash) {
  const counts = read(hash.slice(0, 1));
  const across = (counts % 9) + 1;
  const down = Math.floor(counts / 9) + 1;
  if (hash.length !== 4 + 2 * across * down || [...hash].some((c) => !DIGITS.includes(c))) {
    return null;
  }
  const most = (read(hash[1]) + 1) / 166;
  return Array.from({ length: across * down }, (_, n) => ({
    across: n % across,
    down: Math.floor(n / across),
    rgb: n ? swing(read(hash.slice(4 + 2 * n, 6 + 2 * n)), most) : steady(read(hash.slice(2, 6))),
  }));
}

/** @param {string} letters */
const read = (letters) => [...letters].reduce((sum, c) => sum * 83 + DIGITS.indexOf(c), 0);

/** @param {number} rgb as 0xRRGGBB */
const steady = (rgb) => [rgb >> 16, (rgb >> 8) & 255, rgb & 255].map(straight);

/** @param {number} packed @param {number} most */
const swing = (packed, most) =>
  [Math.floor(packed / 361), Math.floor(packed / 19) % 19, packed % 19].map((step) => {
    const share = (step - 9) / 9;
    return Math.sign(share) * share * share * most;
  });

/** sRGB to light. @param {number} value 0 to 255 */
function straight(value) {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Light to sRGB. @param {number} light */
function curved(light) {
  const share = Math.max(0, Math.min(1, light));
  return 255 * (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055);
}
