// @ts-check
/** Unpacks the brotli files of a folder into another:
 *  node tools/unpack_browser.mjs FROM TO turns FROM/name.br into TO/name. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [from, to] = process.argv.slice(2);
await mkdir(to, { recursive: true });
for (const name of (await readdir(from)).filter((file) => file.endsWith(".br"))) {
  const target = join(to, name.slice(0, -".br".length));
  await pipeline(createReadStream(join(from, name)), createBrotliDecompress(), createWriteStream(target));
}
