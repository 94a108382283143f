// @ts-check
/** Builds static/dist from static/src: bundles with a content hash in their names, the fonts
 *  for pages and PDF, manifest.json, which tells the templates the hashed names, and shell.json,
 *  which tells the service worker what the phone's shell is made of.
 *  The same sources give the same bytes.  Everything is written beside static/dist first and
 *  then put in its place, so a failed build leaves the old one standing. */
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, parse, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "static", "src");
const dist = join(root, "static", "dist");
const partial = `${dist}.partial`;
const sarabun = join(root, "node_modules", "@expo-google-fonts", "sarabun");

/** What pages name: its source, and what the manifest calls it. */
const ENTRIES = {
  "css/app.css": "app.css",
  "css/shell.css": "shell.css",
  "js/app.js": "app.js",
  "js/web/forget_sent.js": "forget_sent.js",
  "js/web/blurboxes.js": "blurboxes.js",
  "js/web/assessment.js": "assessment.js",
  "js/web/verify.js": "verify.js",
  "js/web/packet_check.js": "packet_check.js",
  "js/web/programme.js": "programme.js",
  "js/web/reminders.js": "reminders.js",
  "js/web/passkeys.js": "passkeys.js",
  "js/web/invitation.js": "invitation.js",
  "js/web/map.js": "map.js",
  "css/map.css": "map.css",
  "img/icons/icon-192.png": "icon-192.png",
  "img/icons/icon-512.png": "icon-512.png",
  "img/icons/icon-maskable-512.png": "icon-maskable-512.png",
  "img/icons/icon-apple-180.png": "icon-apple-180.png",
};
/** Each apart, or all would be cut into many small files for what they share.  The pages' script
 *  fetches the hooks only for those who work in the field. */
const HOOKS = { "js/web/phone_hooks.js": "phone_hooks.js" };
const PHONE = { "js/phone.js": "phone.js" };
/** A worker is a plain script: no imports at run time, one file. */
const WORKER = { "js/sw/index.js": "sw.js", "js/sw/push_worker.js": "push_worker.js", "js/web/packet_check_worker.js": "packet_check_worker.js" };
/** Where the shell begins; all that these pull in has to be on the phone before it goes offline. */
const SHELL = ["shell.css", "phone.js"];

/** What the PDF writer loads; web pages get the smaller woff2 files through the style sheet. */
const PDF_FONTS = {
  "Sarabun-Regular.ttf": "400Regular/Sarabun_400Regular.ttf",
  "Sarabun-Italic.ttf": "400Regular_Italic/Sarabun_400Regular_Italic.ttf",
  "Sarabun-Bold.ttf": "700Bold/Sarabun_700Bold.ttf",
  "Sarabun-BoldItalic.ttf": "700Bold_Italic/Sarabun_700Bold_Italic.ttf",
  "OFL.txt": "LICENSE_FONT",
};

/** What the page inside a packet brings along: it opens from a folder, far from any server. */
const PACKET_FONTS = ["thai-400", "latin-400", "thai-700", "latin-700"];

const OPTIONS = {
  absWorkingDir: root,
  outdir: partial,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "assets/[name]-[hash]",
  bundle: true,
  target: "es2020",
  minify: true,
  legalComments: "eof",
  metafile: true,
  loader: { ".woff2": "file", ".png": "copy", ".svg": "file" },
  logLevel: "warning",
};

/** Bundle `entries` into `partial`; answer the outputs' records and {"app.css": "app-HASH.css", …}.
 *  @param {Record<string, string>} entries @param {import("esbuild").BuildOptions} options */
async function bundle(entries, options) {
  const { metafile } = await build({
    ...OPTIONS,
    ...options,
    entryPoints: Object.entries(entries).map(([entry, name]) => ({
      in: join(source, entry),
      out: parse(name).name,
    })),
  });
  const outputs = Object.fromEntries(
    Object.entries(metafile.outputs).map(([path, output]) => [inDist(path), output]),
  );
  /** @type {Record<string, string>} */
  const names = {};
  for (const [entry, name] of Object.entries(entries)) {
    const [file] = Object.entries(outputs).find(([, output]) => isBuiltFrom(output, entry)) ?? [];
    if (!file) throw new Error(`nothing was built from ${entry}`);
    names[name] = file;
  }
  return { names, outputs };
}

/** @param {string} path of the bundler, from the project's root @returns {string} from the dist folder */
const inDist = (path) => relative(partial, join(root, path));

/** @param {import("esbuild").Metafile["outputs"][string]} output @param {string} entry */
function isBuiltFrom(output, entry) {
  const path = join("static", "src", entry);
  // A copied file has no entry point of its own in the bundler's records, only an input.
  return output.entryPoint === path || Object.keys(output.inputs).join() === path;
}

/** What `starts` pull in: `needed` at once, `later` by a dynamic import.
 *  @param {import("esbuild").Metafile["outputs"]} outputs @param {string[]} starts */
function reachable(outputs, starts) {
  const needed = new Set(starts);
  const later = new Set();
  const walk = (/** @type {Set<string>} */ found) => {
    for (const file of found) {
      for (const { path, kind } of outputs[file]?.imports ?? []) {
        if (kind === "dynamic-import" && !needed.has(inDist(path))) later.add(inDist(path));
        else if (!needed.has(inDist(path))) found.add(inDist(path));
      }
    }
  };
  walk(needed); // a set grows while it is walked
  for (const file of needed) later.delete(file);
  walk(later);
  return { needed: [...needed].sort(), later: [...later].sort() };
}

async function copyFonts() {
  const fonts = join(partial, "fonts");
  await mkdir(fonts, { recursive: true });
  for (const [name, from] of Object.entries(PDF_FONTS)) {
    await cp(join(sarabun, from), join(fonts, name));
  }
  const packet = join(partial, "packet");
  await mkdir(packet, { recursive: true });
  const files = join(root, "node_modules", "@fontsource", "sarabun", "files");
  for (const name of PACKET_FONTS) {
    await cp(join(files, `sarabun-${name}-normal.woff2`), join(packet, `sarabun-${name}.woff2`));
  }
  await cp(join(fonts, "OFL.txt"), join(packet, "OFL.txt"));
}

/** Leave a smaller copy of every text beside it; the server sends what the browser takes. */
async function compressTexts() {
  for (const name of await readdir(partial, { recursive: true })) {
    if (!/\.(css|js|svg)$/.test(name)) continue;
    const content = await readFile(join(partial, name));
    await writeFile(join(partial, `${name}.br`), brotliCompressSync(content));
    await writeFile(join(partial, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

/** @param {string} name @param {unknown} value */
async function writeJson(name, value) {
  await writeFile(join(partial, name), `${JSON.stringify(value, null, 2)}\n`);
}

await rm(partial, { recursive: true, force: true });
const built = [
  await bundle(ENTRIES, { format: "esm" }),
  await bundle(HOOKS, { format: "esm" }),
  await bundle(PHONE, { format: "esm", splitting: true }),
  await bundle(WORKER, { format: "iife" }),
];
const names = Object.assign({}, ...built.map((one) => one.names));
const outputs = Object.assign({}, ...built.map((one) => one.outputs));
await copyFonts();
await compressTexts();
await writeJson("manifest.json", names);
await writeJson("shell.json", reachable(outputs, SHELL.map((name) => names[name])));
await rm(dist, { recursive: true, force: true });
await rename(partial, dist);
