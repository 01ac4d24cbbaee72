import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";
import { readFirstRows } from "../case-data.ts";

const mostPoints = 1_000_000;
const mostChunkPoints = 10_000;
const arraysPerChunk = 10;
const processedPoints = 2_000_000;

export const allocationChurn: BeforeAfterCase = {
  id: "allocation-churn",
  seedItem: "1.6",
  title: "Ten temporary arrays a chunk",
  sides: [
    {
      id: "temporary",
      label: "temporary arrays",
      help: "Each operation of a chunk makes a new array for its result.",
      run: (context) => run(context, true),
    },
    {
      id: "pool",
      label: "pool",
      help: "The same operations write into ten arrays that are kept.",
      run: (context) => run(context, false),
    },
  ],
  explanation:
    "In the slow trace chunks of equal size take unequal times: most are quick, some many times longer. Those are the ones in which the collector of garbage ran, and their number grows with the bytes allocated, not with the points computed. With a pool all chunks take the same time. The gain is the collector's time plus the zeroing of fresh memory; the arithmetic is the same on both sides. On a GPU the same habit shows as stalls of the allocator between kernels.",
};

async function run(context: CaseContext, temporary: boolean) {
  const { recorder, dataset } = context;
  const { values } = readFirstRows(dataset, mostPoints);
  const chunkPoints = Math.min(mostChunkPoints, values.length);
  const repetitions = Math.ceil(processedPoints / values.length);
  const pool = Array.from({ length: arraysPerChunk }, () => new Float64Array(chunkPoints));
  const { elapsedMs, value } = await timeCase(recorder, temporary ? "temporary arrays" : "pool", () => {
    let sum = 0;
    for (let repetition = 0; repetition < repetitions; repetition++)
      for (let first = 0; first + chunkPoints <= values.length; first += chunkPoints) {
        context.throwIfCancelled();
        recorder.begin("chunk", 0);
        sum += computeChunk(values.subarray(first, first + chunkPoints), (index) =>
          temporary ? new Float64Array(chunkPoints) : pool[index],
        );
        recorder.end();
      }
    return sum;
  });
  const chunks = Math.floor(values.length / chunkPoints) * repetitions;
  return {
    itemCount: chunks * chunkPoints,
    elapsedMs,
    digest: [value],
    facts: { arrays: temporary ? chunks * arraysPerChunk : arraysPerChunk },
  };
}

/** Ten operations in a row, each on whole arrays: r = y − o, then powers of it and their sum. */
function computeChunk(y: Float64Array, target: (index: number) => Float64Array): number {
  let current = y;
  for (let step = 0; step < arraysPerChunk; step++) {
    const next = target(step);
    const factor = 1 - step / 100;
    for (let index = 0; index < next.length; index++) next[index] = current[index] * factor + 0.01;
    current = next;
  }
  return current[0] + current[current.length - 1];
}
