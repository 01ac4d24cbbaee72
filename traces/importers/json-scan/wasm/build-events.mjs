// node traces/importers/json-scan/wasm/build-events.mjs
// Compiles events.as into events-bytes.ts.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The text of events-bytes.ts for events.as as it stands. */
export async function generateEventsBytes() {
  const { default: asc } = await import("assemblyscript/asc");
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-events-"));
  try {
    copyFileSync(join(here, "events.as"), join(folder, "events.ts"));
    const words = "events.ts -o events.wasm -O3 --noAssert --runtime stub --enable simd --baseDir";
    const { error, stderr } = await asc.main([...words.split(" "), folder]);
    if (error !== null) throw new Error(stderr.toString(), { cause: error });
    const base64 = readFileSync(join(folder, "events.wasm")).toString("base64");
    return `// Made by build-events.mjs from events.as; do not edit.

const base64 =
  "${base64}";

/** WebAssembly of events.as; needs fixed-width SIMD. */
export const eventsBytes = (): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(here, "events-bytes.ts"), await generateEventsBytes());
}
