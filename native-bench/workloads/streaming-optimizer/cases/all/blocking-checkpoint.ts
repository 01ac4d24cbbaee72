import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { SpanKind } from "../../../../../traces/model/span-kind.ts";
import { createCheckpointStore } from "../../checkpoint/checkpoint-store.ts";
import { encodeJson } from "../../checkpoint/float-codec.ts";
import { createNormalEquations } from "../../evaluators/normal-equations.ts";
import type { BeforeAfterCase, CaseContext } from "../before-after-case.ts";

const checkpoints = 50;

export const blockingCheckpoint: BeforeAfterCase = {
  id: "blocking-checkpoint",
  seedItem: "1.7",
  title: "Checkpoints on the main track",
  item: { one: "checkpoint", many: "checkpoints" },
  sides: [
    {
      id: "blocking",
      label: "blocking",
      help: "Writes and waits for the disk before the next iteration.",
      run: runBlocking,
    },
    {
      id: "async",
      label: "asynchronous",
      help: "Takes a copy and goes on; the newest waits for the one being written.",
      run: runAsync,
    },
  ],
  explanation:
    "On the slow side the write is a span on the track of the fit: it stands between two iterations, and no kernel runs beneath it. On the fast side only the serialisation is left there, a few hundredths of a millisecond; the write has a track of its own and overlaps the next pass. Both write the same bytes, wait for the disk and rename, so a crash leaves a whole file either way. How much it matters depends on the disk and on how often one saves, not on the size of the data, since a checkpoint holds parameters and sums only.",
};

/** State of a fit of nine parameters, as it is saved. */
const makeState = (iteration: number) => ({
  iteration,
  x: new Float64Array(9).fill(1 / 3),
  equations: createNormalEquations(9),
});

async function runBlocking({ recorder, scratchFolder, throwIfCancelled }: CaseContext) {
  const path = join(scratchFolder, "checkpoint.json");
  let elapsedMs = 0;
  for (let iteration = 0; iteration < checkpoints; iteration++) {
    throwIfCancelled();
    const startMs = performance.now();
    recorder.begin("checkpoint.write", SpanKind.io);
    const file = openSync(`${path}.part`, "w");
    writeSync(file, encodeJson(makeState(iteration)));
    fsyncSync(file);
    closeSync(file);
    renameSync(`${path}.part`, path);
    recorder.end();
    elapsedMs += performance.now() - startMs;
    await pretendWork();
  }
  return { itemCount: checkpoints, elapsedMs, digest: [checkpoints] };
}

async function runAsync({ recorder, scratchFolder, throwIfCancelled }: CaseContext) {
  const store = await createCheckpointStore(
    join(scratchFolder, "checkpoints"),
    { config: "case", data: "case", kernel: "case" },
    recorder,
  );
  let elapsedMs = 0;
  for (let iteration = 0; iteration < checkpoints; iteration++) {
    throwIfCancelled();
    const startMs = performance.now();
    store.save(makeState(iteration));
    elapsedMs += performance.now() - startMs;
    await pretendWork();
  }
  await store.flush();
  const { longestBlockMs } = store;
  await store.clear();
  return { itemCount: checkpoints, elapsedMs, digest: [checkpoints], facts: { "longest block ms": longestBlockMs } };
}

/** What a fit does between two checkpoints is waiting for its threads. */
const pretendWork = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
