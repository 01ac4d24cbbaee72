import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { repositoryFolder } from "./bundles.mjs";

/*
 * `npm run wasm`: compiles the AssemblyScript of the event scanner (events.as and what it imports) into the module that the importers load.
 * What it makes is committed, so that nobody needs a compiler to build; a test compares the two.
 */

const folder = join(repositoryFolder, "traces/importers/json-scan/wasm");

/** The text of events-bytes.ts for events.as as it stands. */
export async function generateEventsBytes() {
  const { default: asc } = await import("assemblyscript/asc");
  const scratch = mkdtempSync(join(tmpdir(), "deltaflame-wasm-"));
  try {
    // The compiler reads no other suffix; the type checker shall not read this one.
    for (const name of readdirSync(folder))
      if (name.endsWith(".as")) copyFileSync(join(folder, name), join(scratch, name.replace(/\.as$/, ".ts")));
    const words =
      "events.ts -o events.wasm -O3 --noAssert --runtime stub --enable simd,threads --importMemory --sharedMemory --initialMemory 256 --maximumMemory 65536 --baseDir";
    const { error } = await asc.main([...words.split(" "), scratch], { stderr: process.stderr });
    if (error !== null) throw error;
    const base64 = readFileSync(join(scratch, "events.wasm")).toString("base64");
    return `// Made by build-wasm.mjs from events.as; do not edit.

const base64 =
  "${base64}";

/** WebAssembly of events.as; needs fixed-width SIMD. */
export function eventsBytes(): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(folder, "events-bytes.ts"), await generateEventsBytes());
}
