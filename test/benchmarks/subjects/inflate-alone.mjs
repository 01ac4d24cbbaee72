import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

/**
 * Inflates a file and drops what comes out: no import of it can be quicker.
 * @param {string} file
 */
export async function inflateAlone(file) {
  const startMs = performance.now();
  let bytes = 0;
  const pieces = createReadStream(file, { highWaterMark: 2 ** 18 }).pipe(createGunzip({ chunkSize: 2 ** 20 }));
  for await (const piece of pieces) bytes += piece.length;
  return { ms: performance.now() - startMs, bytes };
}
