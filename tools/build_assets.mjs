// @ts-check
/** Builds static/dist from static/src: bundles with a content hash in their names, the fonts
 *  for pages and PDF, and manifest.json, which tells the templates the hashed names.
 *  The same sources give the same bytes.  Everything is written beside static/dist first and
 *  then put in its place, so a failed build leaves the old one standing. */
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "static", "src");
const dist = join(root, "static", "dist");
const partial = `${dist}.partial`;
const sarabun = join(root, "node_modules", "@expo-google-fonts", "sarabun");

const ENTRIES = ["css/app.css", "js/app.js"];

/** What the PDF writer loads; web pages get the smaller woff2 files through the style sheet. */
const PDF_FONTS = {
  "Sarabun-Regular.ttf": "400Regular/Sarabun_400Regular.ttf",
  "Sarabun-Italic.ttf": "400Regular_Italic/Sarabun_400Regular_Italic.ttf",
  "Sarabun-Bold.ttf": "700Bold/Sarabun_700Bold.ttf",
  "Sarabun-BoldItalic.ttf": "700Bold_Italic/Sarabun_700Bold_Italic.ttf",
  "OFL.txt": "LICENSE_FONT",
};

/** Bundle the entries into `partial`; answer {"app.css": "app-HASH.css", …}. */
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES.map((entry) => join(source, entry)),
    outdir: partial,
    entryNames: "[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    bundle: true,
    format: "esm",
    target: "es2020",
    minify: true,
    legalComments: "eof",
    metafile: true,
    loader: { ".woff2": "file", ".png": "file", ".svg": "file" },
    logLevel: "warning",
  });
  const built = Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint);
  return Object.fromEntries(
    built.map(([path, output]) => [basename(output.entryPoint), basename(path)]).sort(),
  );
}

async function copyFonts() {
  const fonts = join(partial, "fonts");
  await mkdir(fonts, { recursive: true });
  for (const [name, from] of Object.entries(PDF_FONTS)) {
    await cp(join(sarabun, from), join(fonts, name));
  }
}

await rm(partial, { recursive: true, force: true });
const manifest = await bundle();
await copyFonts();
await writeFile(join(partial, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(dist, { recursive: true, force: true });
await rename(partial, dist);
