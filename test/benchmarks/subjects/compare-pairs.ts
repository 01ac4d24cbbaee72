import { readFileSync } from "node:fs";
import { createSampleComparer, type SampleOptions } from "../../../traces/measure/compare-samples.ts";
import { conclude } from "../../../traces/measure/conclude.ts";
import type { Verdict } from "../../../traces/measure/estimate.ts";
import { resampleIndices } from "../../../traces/measure/bootstrap.ts";
import { createRandom } from "../../../traces/measure/random.ts";

/*
 * Judges pairs of step times of one and the same program, and pairs with a known change. Reads a JSON file of live
 * series: { name, samplesMs }[]. Prints one JSON line a group.
 */

const steps = 20;
const options: SampleOptions = { alpha: 0.05, resamples: 2000, ordered: true, sameRecording: false };
const comparer = createSampleComparer();

type Pair = readonly [before: Float64Array, after: Float64Array];

interface LiveSeries {
  readonly name: string;
  readonly samplesMs: readonly number[];
}

function judge(pairs: readonly Pair[], tolerance: number): { verdicts: Record<string, number>; found: number } {
  const verdicts: Record<Verdict, number> = { regressed: 0, improved: 0, equivalent: 0, inconclusive: 0 };
  let found = 0;
  pairs.forEach(([a, b], index) => {
    const change = comparer.compare({ values: a, seed: `a${index}` }, { values: b, seed: `b${index}` }, options);
    const estimate = conclude(change, change.p, { tolerance, alpha: options.alpha });
    verdicts[estimate.verdict]++;
    if (estimate.significant && (estimate.relativeInterval?.[0] ?? 0) > 0) found++;
  });
  return { verdicts, found };
}

/** Every other block of ten steps to one side, as an interleaved run does: drift of the machine hits both. */
function livePairs({ samplesMs }: LiveSeries): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let first = 0; first + 2 * steps <= samplesMs.length; first += 2 * steps) {
    const block = (at: number): readonly number[] => samplesMs.slice(first + at * 10, first + at * 10 + 10);
    pairs.push([Float64Array.from([...block(0), ...block(2)]), Float64Array.from([...block(1), ...block(3)])]);
  }
  return pairs;
}

/** Two draws of blocks of five steps from the live series. */
function resampledPairs({ name, samplesMs }: LiveSeries, count: number): readonly Pair[] {
  const random = createRandom(name);
  const indices = new Uint32Array(samplesMs.length);
  const draw = (): Float64Array => {
    resampleIndices(random, 5, indices);
    return Float64Array.from(indices.subarray(0, steps), (index) => samplesMs[index]);
  };
  return Array.from({ length: count }, () => [draw(), draw()] as const);
}

/** Mean 1 ms, 3 % variation. */
function madePairs(change: number, count: number): readonly Pair[] {
  const random = createRandom(`made ${change}`);
  const draw = (factor: number): Float64Array =>
    Float64Array.from({ length: steps }, () => factor * (1 + 0.03 * random.normal()));
  return Array.from({ length: count }, () => [draw(1), draw(1 + change)] as const);
}

const series = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as readonly LiveSeries[];
const groups = [
  ...series.flatMap((live) => [
    { name: `${live.name}, live pairs`, pairs: livePairs(live), tolerance: 0.05 },
    { name: `${live.name}, resampled pairs`, pairs: resampledPairs(live, 100), tolerance: 0.05 },
  ]),
  { name: "made, no change", pairs: madePairs(0, 400), tolerance: 0.05 },
  { name: "made, +5 % at a tolerance of 0", pairs: madePairs(0.05, 400), tolerance: 0 },
  { name: "made, +10 % at a tolerance of 5 %", pairs: madePairs(0.1, 400), tolerance: 0.05 },
];
for (const { name, pairs, tolerance } of groups)
  process.stdout.write(`${JSON.stringify({ name, pairs: pairs.length, tolerance, ...judge(pairs, tolerance) })}\n`);
