import { type BeforeAfterCase, type CaseContext, timeCase } from "../before-after-case.ts";
import { readFirstRows } from "../case-data.ts";

const mostPoints = 1_000_000;
const chunkPoints = 10_000;
const processedPoints = 10_000_000;

export const appendResiduals: BeforeAfterCase = {
  id: "append-residuals",
  seedItem: "1.4",
  title: "Residuals appended and concatenated",
  sides: [
    {
      id: "append",
      label: "append and concatenate",
      help: "A new array a chunk, a new array of all of them at the end.",
      run: (context) => run(context, true),
    },
    {
      id: "preallocated",
      label: "preallocated",
      help: "Chunks write into their place of one array that is kept.",
      run: (context) => run(context, false),
    },
  ],
  explanation:
    "The slow trace alternates between chunks and a long span without any computation at the end of each evaluation: the copy of all chunks into one array, after which the parts are garbage. The ratio of this operation is large, its share of a fit is a few percent at most, because computing a residual costs far more than copying it. So this is worth doing only after the passes are right; better still is what this optimizer does, which never has a residual vector at all.",
};

async function run(context: CaseContext, append: boolean) {
  const { values } = readFirstRows(context.dataset, mostPoints);
  const repetitions = Math.ceil(processedPoints / values.length);
  const kept = new Float64Array(values.length);
  const { elapsedMs, value } = await timeCase(
    context.recorder,
    append ? "append and concatenate" : "preallocated",
    () => {
      let residuals = kept;
      for (let repetition = 0; repetition < repetitions; repetition++) {
        context.throwIfCancelled();
        residuals = append ? concatenate(values) : fill(values, kept);
      }
      return residuals;
    },
  );
  const digest = [value.reduce((sum, residual) => sum + residual, 0), value.length];
  return { itemCount: values.length * repetitions, elapsedMs, digest };
}

function concatenate(values: Float64Array): Float64Array<ArrayBuffer> {
  const chunks: Float64Array[] = [];
  for (let first = 0; first < values.length; first += chunkPoints) {
    const chunk = new Float64Array(Math.min(chunkPoints, values.length - first));
    for (let k = 0; k < chunk.length; k++) chunk[k] = values[first + k] - 1.02;
    chunks.push(chunk);
  }
  const all = new Float64Array(values.length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function fill(values: Float64Array, kept: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  for (let index = 0; index < values.length; index++) kept[index] = values[index] - 1.02;
  return kept;
}
