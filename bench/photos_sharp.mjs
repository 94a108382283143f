// The same photos through sharp: `node bench/photos_sharp.mjs <pictures> <out> <most>`.
//
// As its documentation advises: the original is decoded once, scaled while decoding, turned; both
// smaller pictures and the stamped one come from those pixels.  One thread, no cache of pixels.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.env.BENCH_MODULES, "package.json"));
const sharp = require("sharp");
const exif = require("exif-reader");
const readExif = exif.default ?? exif;

const QUALITY = 80;
const HASH_SIDE = 32;
const KEPT = 8;
const LINE_PX = 44;
const PAD_PX = 16;

sharp.concurrency(1);
sharp.cache(false);

const cosines = Array.from({ length: KEPT }, (_, k) =>
  Float64Array.from({ length: HASH_SIDE }, (_, n) =>
    Math.cos(((2 * n + 1) * (k + 1) * Math.PI) / (2 * HASH_SIDE)),
  ),
);

/** 64 bits of the low frequencies of 32 x 32 greys. */
function fingerprint(grey) {
  const rows = new Float64Array(KEPT * HASH_SIDE);
  for (let k = 0; k < KEPT; k++)
    for (let x = 0; x < HASH_SIDE; x++) {
      let sum = 0;
      for (let y = 0; y < HASH_SIDE; y++) sum += cosines[k][y] * grey[y * HASH_SIDE + x];
      rows[k * HASH_SIDE + x] = sum;
    }
  const found = [];
  for (let k = 0; k < KEPT; k++)
    for (let l = 0; l < KEPT; l++) {
      let sum = 0;
      for (let x = 0; x < HASH_SIDE; x++) sum += cosines[l][x] * rows[k * HASH_SIDE + x];
      found.push(sum);
    }
  const middle = [...found].sort((a, b) => a - b)[found.length / 2];
  return found.map((value) => (value > middle ? "1" : "0")).join("");
}

function band(width, lines) {
  const height = lines.length * LINE_PX + 2 * PAD_PX;
  const texts = lines.map(
    (line, at) =>
      `<text x="${PAD_PX}" y="${PAD_PX + (at + 0.75) * LINE_PX}" font-family="Sarabun" ` +
      `font-size="32" fill="#000">${line}</text>`,
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="100%" height="100%" fill="#fff"/>${texts.join("")}</svg>`;
  return { svg: Buffer.from(svg), height };
}

async function one(file, out, wording) {
  const data = await readFile(file);
  const digest = createHash("sha256").update(data).digest("hex");
  const source = sharp(data);
  const header = await source.metadata();
  const facts = header.exif ? readExif(header.exif) : {};
  const { data: pixels, info } = await source
    .rotate()
    .resize(1600, 1600, { fit: "inside", withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const view = () => sharp(pixels, { raw });
  const caption = band(info.width, [...wording, digest.slice(0, 10)]);
  const made = {
    view: await view().jpeg({ quality: QUALITY }).toBuffer(),
    thumb: await view().resize(320, 320, { fit: "inside" }).jpeg({ quality: QUALITY }).toBuffer(),
    stamped: await view()
      .extend({ bottom: caption.height, background: "#fff" })
      .composite([{ input: caption.svg, left: 0, top: info.height }])
      .jpeg({ quality: QUALITY })
      .toBuffer(),
  };
  const grey = await sharp(made.thumb)
    .resize(HASH_SIDE, HASH_SIDE, { fit: "fill" })
    .greyscale()
    .raw()
    .toBuffer();
  for (const [name, bytes] of Object.entries(made))
    await writeFile(path.join(out, `${path.parse(file).name}-${name}.jpg`), bytes);
  return {
    digest,
    hash: fingerprint(grey),
    taken: facts.Photo?.DateTimeOriginal,
    lat: facts.GPSInfo?.GPSLatitude,
    lon: facts.GPSInfo?.GPSLongitude,
    orientation: facts.Image?.Orientation,
  };
}

const [folder, out, most] = process.argv.slice(2);
await mkdir(out, { recursive: true });
const wording = (process.env.BENCH_WORDING ?? "").split("\n");
const files = (await readdir(folder)).sort().slice(0, Number(most));
const told = [];
for (const file of files) told.push(await one(path.join(folder, file), out, wording));
await writeFile(path.join(out, "facts.json"), JSON.stringify(told));
