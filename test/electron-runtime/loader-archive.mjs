import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Bumped whenever the loader or the layout of the unpacked runtime changes, so that old caches are made anew. */
export const loaderVersion = "1";

/**
 * The bytes of an asar archive with the loader app.
 * Layout: four u32 (4, 8+L+p, 4+L+p, L), the JSON header of L bytes, p zero bytes up to a multiple of 4, the bodies.
 */
export function createLoaderArchive() {
  const manifest = Buffer.from(JSON.stringify({ name: "electron", main: "index.js" }));
  const loader = readFileSync(fileURLToPath(new URL("loader.cjs", import.meta.url)));
  const header = Buffer.from(
    JSON.stringify({
      files: {
        "package.json": { size: manifest.length, offset: "0" },
        "index.js": { size: loader.length, offset: String(manifest.length) },
      },
    }),
  );
  const padding = (4 - (header.length % 4)) % 4;
  const prefix = Buffer.alloc(16);
  prefix.writeUInt32LE(4, 0);
  prefix.writeUInt32LE(8 + header.length + padding, 4);
  prefix.writeUInt32LE(4 + header.length + padding, 8);
  prefix.writeUInt32LE(header.length, 12);
  return Buffer.concat([prefix, header, Buffer.alloc(padding), manifest, loader]);
}
