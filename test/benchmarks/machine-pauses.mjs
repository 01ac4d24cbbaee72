import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** Shorter pauses are those of a timer or an interrupt. */
const toldFromMs = 4;

/** A loop that only looks at the clock; it could go on for ever. */
const loop = `
  const { parentPort, workerData } = require("node:worker_threads");
  const pausesMs = [];
  let last = performance.now();
  for (const end = last + workerData.ms; last < end;) {
    const now = performance.now();
    if (now - last >= workerData.toldFromMs) pausesMs.push(now - last);
    last = now;
  }
  parentPort.postMessage(pausesMs);
`;

/**
 * What the machine itself takes from a program that wants every processor: a bare loop on each, and nothing else of
 * ours. Its pauses are what any task may be stretched by.
 * @param {number} ms
 * @returns {Promise<{ processors: number, seconds: number, toldFromMs: number, count: number, longestMs: number }>}
 */
export async function measureMachinePauses(ms) {
  const processors = availableParallelism();
  const found = await Promise.all(
    Array.from(
      { length: processors },
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(loop, { eval: true, workerData: { ms, toldFromMs } });
          worker.once("message", resolve);
          worker.once("error", reject);
        }),
    ),
  );
  const pausesMs = /** @type {number[][]} */ (found).flat();
  return { processors, seconds: ms / 1000, toldFromMs, count: pausesMs.length, longestMs: Math.max(0, ...pausesMs) };
}
