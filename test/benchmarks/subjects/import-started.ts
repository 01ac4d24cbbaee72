import { setTimeout as wait } from "node:timers/promises";
import { createWorkerImports } from "../../../electron/engine/imports/worker-imports.ts";
import { yieldHelpers } from "../../../native-bench/machine/priority.ts";
import { inflateAlone } from "./inflate-alone.mjs";
import { peakRssKb } from "./peak-memory.mjs";

/** Longer than the engine takes to get ready, as one takes to choose a file. */
const restMs = 4000;

/** All in ms since the file was asked for. */
interface Import {
  readonly firstPictureMs: number;
  readonly scannedMs: number;
  readonly ms: number;
}

/**
 * Reads files in an engine that was started, as that of the app is, and waits: its workers are told of no file before.
 * One line of numbers a round: zlib alone in this process, then the file from gzip, then the file itself.
 */
async function main(workerPath: string, packed: string, plain: string, rounds: number): Promise<void> {
  yieldHelpers();
  const imports = createWorkerImports({ workerPath, forWindow: true });
  const read = async (path: string): Promise<Import> => {
    await wait(restMs);
    const startMs = performance.now();
    let firstPictureMs = 0;
    let scannedMs = 0;
    await imports.run(
      { path, fileName: "bench.json", importer: null, allowLargeInflate: false },
      {
        onProgress({ done, total }) {
          // The last one comes when all is scanned.
          if (done === total) scannedMs = performance.now() - startMs;
        },
        onSnapshot() {
          firstPictureMs ||= performance.now() - startMs;
        },
      },
      new AbortController().signal,
    );
    return { firstPictureMs, scannedMs, ms: performance.now() - startMs };
  };
  // Its own first run is not counted either.
  await inflateAlone(packed);
  for (let round = 0; round < rounds; round++) {
    await wait(restMs);
    const inflated = await inflateAlone(packed);
    const fromGzip = await read(packed);
    const itself = await read(plain);
    process.stdout.write(`${JSON.stringify({ inflatedMs: inflated.ms, fromGzip, itself, maxRssKb: peakRssKb() })}\n`);
  }
  await imports.close();
}

const [, , workerPath = "", packed = "", plain = "", rounds = "5"] = process.argv;
main(workerPath, packed, plain, Number(rounds)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
