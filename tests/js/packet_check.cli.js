// @ts-check
/** `node packet_check.cli.js FILE…`: the page's answer for each packet, one JSON a line. */
import { open } from "node:fs/promises";
import { checkPacket } from "../../static/src/js/web/packet_check_bag.js";

for (const path of process.argv.slice(2)) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { answer } = await checkPacket(size, async (offset, length) => {
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
      return new Uint8Array(buffer.buffer, buffer.byteOffset, length);
    });
    console.log(JSON.stringify(answer));
  } finally {
    await file.close();
  }
}
