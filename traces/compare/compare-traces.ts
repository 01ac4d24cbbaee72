import { measureDependence } from "../measure/autocorrelation.ts";
import {
  createSampleComparer,
  meanShiftInterval,
  type Sample,
  type SampleOptions,
} from "../measure/compare-samples.ts";
import { conclude } from "../measure/conclude.ts";
import type { Estimate } from "../measure/estimate.ts";
import type { Sliced } from "../model/sliced.ts";
import { caveatsOf, emptySide, fixedWindow } from "./caveats.ts";
import { checkComparability, rowsSuppressed } from "./comparability.ts";
import type {
  ComparisonOptions,
  ComparisonSummary,
  DeltaMetric,
  DeltaPage,
  DeltaPer,
  DeltaRow,
  DiffTree,
  ExampleStep,
  ImportRecord,
  KernelPage,
  MeanShift,
  RowDistributions,
  SpanPairs,
  StepPicture,
  WallShare,
} from "./comparison.ts";
import { buildDeltaRows, countRows, pageOfRows, type DeltaPageOptions } from "./delta-rows.ts";
import { buildDiffTree } from "./diff-tree.ts";
import { describeValues, pairModes } from "./distribution.ts";
import { estimateRows, mostTestedRows, type RowsInput } from "./estimate-rows.ts";
import { diffPaths } from "./diff-paths.ts";
import { drawsFor } from "./draws.ts";
import { writeHeadline } from "./headline.ts";
import { buildKernelTable, pageOfKernels, type KernelPageRequest } from "./kernel-table.ts";
import type { Matching } from "./match-trees.ts";
import { nodeValues, observationRecords, observe, sampleOf, stepDurations, type PreparedSide } from "./observations.ts";
import { drawSteps, pairSpans } from "./step-spans.ts";
import { partitionSteps, type Occupancy } from "./occupancy.ts";
import type { SideInput, SidePart } from "./side.ts";
import type { SideTree } from "./side-tree.ts";
import { listImports, summarizeSide } from "./summarize-side.ts";
import { type KnownNoise, measureNoise, type RunNoise } from "./run-noise.ts";
import { pathOf, rowNodes } from "./union-rows.ts";
import {
  buildBreakdown,
  buildWaterfall,
  buildWorkWaterfall,
  deviceUseOf,
  pickExampleSteps,
  shareWall,
} from "./waterfall.ts";

/** A finished comparison; answers what views and reports ask of it. */
export interface Comparison {
  /** Without the key under which a client keeps it. */
  readonly summary: Omit<ComparisonSummary, "comparison">;
  rows(request: DeltaPageOptions): Sliced<DeltaPage>;
  /** `row` null: the step itself. */
  distributions(row: number | null, metric: DeltaMetric, per: DeltaPer): Sliced<RowDistributions>;
  tree(maxNodes: number, metric: DeltaMetric, per: DeltaPer): Sliced<DiffTree>;
  kernels(request: KernelPageRequest): KernelPage;
  /** Counterparts of the spans of two steps, by their numbers among the kept ones. */
  pairs(beforeStep: number, afterStep: number): Sliced<SpanPairs>;
  /** The spans of the median or the longest step of each side, with their counterparts. */
  stepPicture(which: ExampleStep["which"]): Sliced<StepPicture>;
  /** Of the rows that own a part of the step; of rows of one name the largest speaks for all. */
  readonly wallShares: ReadonlyMap<number, WallShare>;
  /** Of the sides that have several runs. */
  readonly noise: readonly RunNoise[];
  readonly imports: readonly ImportRecord[];
  readonly parts: { readonly before: readonly SidePart[]; readonly after: readonly SidePart[] };
}

/** Compares two sides of traces. `knownNoise`: what earlier comparisons of several runs have shown. */
export function* compareTraces(
  beforeInput: SideInput,
  afterInput: SideInput,
  asked: ComparisonOptions,
  knownNoise: KnownNoise = () => null,
): Sliced<Comparison> {
  const paths = yield* diffPaths(beforeInput, afterInput);
  const { before, after, matching, union, naming } = paths;
  const rows = rowNodes(union);
  const steps = Math.max(before.steps.kept.length, after.steps.kept.length);
  const options = { ...asked, resamples: drawsFor(asked.resamples, steps) };
  const coverage = {
    before: coverageOf(before.tree, matching.afterOf),
    after: coverageOf(after.tree, matching.beforeOf),
  };
  const sample: SampleOptions = {
    alpha: options.alpha,
    resamples: options.resamples,
    ordered: before.steps.rule !== "runs" || after.steps.rule !== "runs",
    sameRecording: before.fingerprint === after.fingerprint,
  };
  const comparer = createSampleComparer();
  const input: RowsInput = { before, after, union, rows, comparer, sample, rule: options };
  const estimates = yield* estimateRows(input, "total", "step");
  const suppressed = rowsSuppressed(coverage);
  const deltaRows = buildDeltaRows({ before, after, union, rows, matching, estimates, suppressed }, "total", "step");
  const stepEstimate = estimateSteps(input);
  const occupancies = {
    before: yield* partitionSteps(paths.beforeFacts, before.steps.kept, naming.nameOf),
    after: yield* partitionSteps(paths.afterFacts, after.steps.kept, naming.nameOf),
  };
  const rowOfName = largestRows(deltaRows, ({ row }) => canonicalNameOf(input, row));
  const summary = summarizeAll({
    input,
    knownNoise,
    rowOfName,
    options,
    coverage,
    occupancies,
    stepEstimate,
    deltaRows,
    renames: naming.renames,
  });
  return answer({
    inputs: [beforeInput, afterInput],
    input,
    matching,
    suppressed,
    deltaRows,
    stepEstimate,
    coverage,
    occupancies,
    rowOfName,
    summary,
  });
}

interface Compared extends Pick<
  SummaryInput,
  "input" | "coverage" | "occupancies" | "stepEstimate" | "deltaRows" | "rowOfName"
> {
  readonly inputs: readonly [before: SideInput, after: SideInput];
  readonly matching: Matching;
  readonly suppressed: string | null;
  readonly summary: ReturnType<typeof summarizeAll>;
}

/** What views and reports ask; rows of other metrics are made when asked for. */
function answer({
  inputs,
  input,
  matching,
  suppressed,
  deltaRows,
  stepEstimate,
  coverage,
  occupancies,
  rowOfName,
  summary,
}: Compared): Comparison {
  const { before, after, union } = input;
  const kernels = buildKernelTable(
    inputs[0].parts,
    inputs[1].parts,
    largestRows(deltaRows, (row) => row.path.at(-1)),
  );
  const rowsOf = createRowsOf(input, matching, suppressed, deltaRows);
  return {
    summary: {
      ...summary,
      before: summarizeSide(inputs[0], before, coverage.before),
      after: summarizeSide(inputs[1], after, coverage.after),
      kernelCount: kernels.rows.length,
    },
    *rows(request) {
      return pageOfRows(yield* rowsOf(request.metric, request.per), request, suppressed);
    },
    *distributions(row, metric, per) {
      const estimate = row === null ? stepEstimate : ((yield* rowsOf(metric, per))[row]?.estimate ?? null);
      return distributionsOf(input, row, metric, per, estimate);
    },
    *tree(maxNodes, metric, per) {
      const shown = yield* rowsOf(metric, per);
      return yield* buildDiffTree({ before, after, union, matching, rows: shown, metric, per }, maxNodes);
    },
    pairs: (beforeStep, afterStep) => pairSpans(before, after, matching, [beforeStep, afterStep]),
    stepPicture(which) {
      const numberOf = (side: ExampleStep["side"], { steps }: PreparedSide): number =>
        steps.recordOf.indexOf(
          summary.exampleSteps.find((each) => each.side === side && each.which === which)?.step ?? -1,
        );
      return drawSteps(before, after, matching, [numberOf("before", before), numberOf("after", after)]);
    },
    wallShares: shareWall(occupancies, rowOfName),
    noise: [measureNoise(before), measureNoise(after)].filter((noise) => noise !== null),
    kernels: (request) => pageOfKernels(kernels, request),
    imports: [...listImports("before", inputs[0]), ...listImports("after", inputs[1])],
    parts: { before: inputs[0].parts, after: inputs[1].parts },
  };
}

/** Rows of each metric, estimated when first asked for; `first` are those of total time per step. */
function createRowsOf(
  input: RowsInput,
  matching: Matching,
  suppressed: string | null,
  first: readonly DeltaRow[],
): (metric: DeltaMetric, per: DeltaPer) => Sliced<readonly DeltaRow[]> {
  const known = new Map<string, readonly DeltaRow[]>([["total step", first]]);
  return function* (metric, per) {
    const found = known.get(`${metric} ${per}`);
    if (found !== undefined) return found;
    const estimates = yield* estimateRows(input, metric, per);
    const made = buildDeltaRows({ ...input, matching, estimates, suppressed }, metric, per);
    known.set(`${metric} ${per}`, made);
    return made;
  };
}

/** Part of the exclusive time of the kept steps whose node has a partner. */
function coverageOf(tree: SideTree, partner: Int32Array): number {
  let matched = 0;
  let all = 0;
  for (let node = 1; node < tree.length; node++)
    for (let cell = node * tree.stepCount; cell < (node + 1) * tree.stepCount; cell++) {
      all += tree.selfNs[cell];
      if (partner[node] >= 0) matched += tree.selfNs[cell];
    }
  return all === 0 ? 1 : matched / all;
}

function estimateSteps({ before, after, comparer, sample, rule }: RowsInput): Estimate {
  const change = comparer.compare(
    sampleOf(before, "step", observe(before, stepDurations(before))),
    sampleOf(after, "step", observe(after, stepDurations(after))),
    sample,
  );
  return conclude(change, change.p, rule);
}

/** Means of all kept steps or runs. */
function compareMeans({ before, after, sample }: RowsInput, { before: a, after: b }: Estimate): MeanShift {
  const valuesOf = (side: PreparedSide): Sample => sampleOf(side, "step mean", observe(side, stepDurations(side)));
  const same = sample.sameRecording;
  const interval = same || sample.resamples === 0 ? null : meanShiftInterval(valuesOf(before), valuesOf(after), sample);
  return { shift: b.mean - a.mean, interval: same ? [0, 0] : interval };
}

interface SummaryInput {
  readonly input: RowsInput;
  readonly knownNoise: KnownNoise;
  readonly options: ComparisonOptions;
  readonly coverage: { readonly before: number; readonly after: number };
  readonly occupancies: { readonly before: Occupancy; readonly after: Occupancy };
  readonly stepEstimate: Estimate;
  readonly deltaRows: readonly DeltaRow[];
  readonly rowOfName: ReadonlyMap<string, number>;
  readonly renames: ComparisonSummary["renames"];
}

function summarizeAll({
  input,
  knownNoise,
  options,
  coverage,
  occupancies,
  stepEstimate,
  deltaRows,
  rowOfName,
  renames,
}: SummaryInput): Omit<ComparisonSummary, "comparison" | "before" | "after" | "kernelCount"> {
  const { before, after } = input;
  const comparability = checkComparability({ before, after, coverage });
  const waterfallSide = (side: PreparedSide, occupancy: Occupancy) => ({
    occupancy,
    seed: side.fingerprint,
    blockLength: side.steps.rule === "runs" ? 1 : measureDependence(occupancy.stepNs).blockLength,
  });
  const waterfall = buildWaterfall(
    waterfallSide(before, occupancies.before),
    waterfallSide(after, occupancies.after),
    options,
    rowOfName,
  );
  const hasDevices = occupancies.before.hasDevice && occupancies.after.hasDevice;
  const deviceUse = hasDevices
    ? { before: deviceUseOf(occupancies.before), after: deviceUseOf(occupancies.after) }
    : null;
  const single = before.steps.rule === "whole";
  const breakdown = buildBreakdown(occupancies.before, occupancies.after);
  const shared = deltaRows.filter((row) => row.before !== null && row.after !== null).length;
  return {
    headline: writeHeadline({
      quantity: before.steps.rule === "runs" ? "run time" : single ? "wall time" : "step time",
      estimate: stepEstimate,
      meanShift: compareMeans(input, stepEstimate),
      comparability,
      options,
      waterfall,
      isSingleCapture: before.parts.length < 2 || after.parts.length < 2,
      refusal: emptySide(stepEstimate) ?? (single ? fixedWindow(stepEstimate, input) : null),
      caveats: [
        ...caveatsOf(before, after, knownNoise),
        ...(shared > mostTestedRows && stepEstimate.p !== null
          ? [`of ${shared} rows of both sides the ${mostTestedRows} largest are tested`]
          : []),
      ],
    }),
    comparability,
    options,
    waterfall,
    workWaterfall: deviceUse === null ? null : buildWorkWaterfall(deviceUse.before, deviceUse.after),
    breakdown,
    exampleSteps: [
      ...pickExampleSteps("before", occupancies.before, breakdown, before.steps.recordOf),
      ...pickExampleSteps("after", occupancies.after, breakdown, after.steps.recordOf),
    ],
    deviceUse,
    rowCount: deltaRows.length,
    counts: countRows(deltaRows),
    unit: "ns",
    renames,
  };
}

function canonicalNameOf({ union, rows, before, after }: RowsInput, row: number): string {
  const node = union[rows[row]];
  return node.before >= 0 ? before.tree.name[node.before] : after.tree.name[node.after];
}

/** The largest row of each name, by the longer of its own times. */
function largestRows(
  rows: readonly DeltaRow[],
  nameOf: (row: DeltaRow) => string | undefined,
): ReadonlyMap<string, number> {
  const size = ({ before, after }: DeltaRow): number => Math.max(before?.selfNs ?? 0, after?.selfNs ?? 0);
  const largest = new Map<string, DeltaRow>();
  for (const row of rows) {
    const name = nameOf(row);
    if (name === undefined) continue;
    const known = largest.get(name);
    if (known === undefined || size(row) > size(known)) largest.set(name, row);
  }
  return new Map([...largest].map(([name, { row }]) => [name, row]));
}

function distributionsOf(
  { before, after, union, rows, rule: { alpha } }: RowsInput,
  row: number | null,
  metric: DeltaMetric,
  per: DeltaPer,
  estimate: Estimate | null,
): RowDistributions {
  const node = row === null ? null : union[rows[row]];
  const valuesOf = (side: PreparedSide, own: number): Float64Array => {
    if (row === null) return observe(side, stepDurations(side));
    return own < 0 ? new Float64Array(0) : nodeValues(side, own, metric, per);
  };
  const left = describeValues(valuesOf(before, node?.before ?? -1), observationRecords(before));
  const right = describeValues(valuesOf(after, node?.after ?? -1), observationRecords(after));
  return {
    row,
    label: row === null ? "Step" : pathOf(union, rows[row], before.tree, after.tree).join(" › "),
    unit: "ns",
    before: left,
    after: right,
    estimate,
    modePairs: pairModes(left, right, alpha),
  };
}
