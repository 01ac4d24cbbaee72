import { parseFitConfig } from "../../../native-bench/workloads/streaming-optimizer/parse-config.ts";
import { createEvaluator } from "../../../native-bench/workloads/streaming-optimizer/evaluators/create-evaluator.ts";
import type { EvaluatorId } from "../../../native-bench/workloads/streaming-optimizer/evaluators/evaluator.ts";
import { type CheckpointOptions, runFit } from "../../../native-bench/workloads/streaming-optimizer/fit.ts";
import type { FitListener } from "../../../native-bench/workloads/streaming-optimizer/fit-host.ts";
import type { FitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import type { FitResult } from "../../../native-bench/workloads/streaming-optimizer/fit-result.ts";
import type { Bounds } from "../../../native-bench/workloads/streaming-optimizer/solver/normalizer.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import {
  type Dataset,
  openDataset,
  sidecarPath,
} from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import {
  generateExperiment,
  type SyntheticOptions,
} from "../../../native-bench/workloads/streaming-optimizer/data/generate-experiment.ts";
import { formatNpyHeader } from "../../../native-bench/workloads/streaming-optimizer/data/npy.ts";
import { createBlockEvaluator } from "../../../native-bench/workloads/streaming-optimizer/evaluators/block-evaluator.ts";
import type { PointRules } from "../../../native-bench/workloads/streaming-optimizer/evaluators/block-kernel.ts";
import { planBlocks } from "../../../native-bench/workloads/streaming-optimizer/evaluators/block-plan.ts";
import type { Evaluator } from "../../../native-bench/workloads/streaming-optimizer/evaluators/evaluator.ts";
import {
  createNormalEquations,
  type NormalEquations,
  packedIndex,
} from "../../../native-bench/workloads/streaming-optimizer/evaluators/normal-equations.ts";
import { nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { compileKernel } from "../../../native-bench/workloads/streaming-optimizer/kernel/compile-kernel.ts";
import {
  createReferenceExperiment,
  type Experiment,
} from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import type { FitModel } from "../../../native-bench/workloads/streaming-optimizer/model/fit-model.ts";
import { createPointModel } from "../../../native-bench/workloads/streaming-optimizer/model/point-model.ts";
import { findFitModel } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";

export const folder = mkdtempSync(join(tmpdir(), "deltaflame-optimizer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function modelOf(id: string): FitModel {
  const model = findFitModel(id);
  if (model === null) throw new Error(`no model ${id}`);
  return model;
}

export const linearRules: PointRules = { diagonal: "keep", nonFinite: "reject", loss: "linear", lossScale: 1 };

let fileCount = 0;
export const newPath = (): string => join(folder, `experiment-${fileCount++}.npy`);

/** A synthetic experiment of a few thousand points, in a file of its own. */
export async function makeExperiment(model: FitModel, options: Partial<SyntheticOptions> = {}): Promise<Dataset> {
  const path = newPath();
  await generateExperiment({
    path,
    model,
    pointCount: 4000,
    seed: 1,
    sigma: 0.02,
    dtype: "f64",
    layout: "full",
    parameters: null,
    ...options,
  });
  return openDataset(path).dataset;
}

/** Writes maps as given: one array of n·n values an angle. */
export function writeExperiment(
  maps: readonly (readonly number[])[],
  timeCount: number,
  sidecar: object = {},
): Dataset {
  const path = newPath();
  const experiment: Experiment = createReferenceExperiment(timeCount, maps.length);
  const header = formatNpyHeader({ dtype: "f64", shape: [maps.length, timeCount, timeCount] });
  writeFileSync(path, Buffer.concat([header, new Uint8Array(Float64Array.from(maps.flat()).buffer)]));
  writeFileSync(sidecarPath(path), JSON.stringify({ experiment, ...sidecar }));
  return openDataset(path).dataset;
}

export const startOf = (model: FitModel, { experiment }: Dataset): Float64Array =>
  Float64Array.from(model.parameters(experiment), (spec) => spec.start);

export interface EvaluatorOptions {
  readonly kernel: "fma" | "plain" | "js";
  readonly threadCount?: number;
  readonly rules?: PointRules;
  readonly rowStep?: number;
  readonly onMasked?: (count: number) => void;
}

export async function makeEvaluator(
  model: FitModel,
  dataset: Dataset,
  { kernel, threadCount = 0, rules = linearRules, rowStep = 1, onMasked = () => undefined }: EvaluatorOptions,
): Promise<Evaluator> {
  return await createBlockEvaluator({
    id: kernel === "js" ? "js-f64" : "wasm-f64",
    variant: kernel,
    description: kernel,
    dataset,
    model,
    rules,
    blocks: planBlocks(dataset.experiment.timeCount, rowStep),
    module: kernel === "js" ? null : compileKernel(kernel),
    threadCount,
    recorder: nullFitRecorder,
    onMasked,
  });
}

/** One pass over everything, by an evaluator that is made and disposed for it. */
export async function evaluateOnce(
  model: FitModel,
  dataset: Dataset,
  parameters: Float64Array,
  options: EvaluatorOptions,
): Promise<NormalEquations> {
  const evaluator = await makeEvaluator(model, dataset, options);
  try {
    const out = createNormalEquations(parameters.length);
    await evaluator.evaluate(parameters, out, { first: 0, end: evaluator.blockCount });
    return out;
  } finally {
    await evaluator.dispose();
  }
}

/** A point of the oracle: its place, value and weight. */
export interface OraclePoint {
  readonly angle: number;
  readonly i: number;
  readonly j: number;
  readonly y: number;
  readonly weight: number;
}

/** Normal equations added up point by point from the formulas, in float64. */
export function sumPoints(
  model: FitModel,
  { experiment }: Dataset,
  parameters: Float64Array,
  points: Iterable<OraclePoint>,
): NormalEquations {
  const pointModel = createPointModel(model, experiment);
  pointModel.setParameters(parameters);
  const out = createNormalEquations(parameters.length);
  const gradient = new Float64Array(model.hasFlow ? 9 : 5);
  for (const { angle, i, j, y, weight } of points) {
    const residual = y - pointModel.differentiate(angle, i, j, gradient);
    const columns = model.columns(angle);
    for (const [row, parameter] of columns.entries()) {
      out.g[parameter] += weight * gradient[row] * residual;
      for (let column = 0; column <= row; column++)
        out.H[packedIndex(parameter, columns[column] ?? 0)] += weight * gradient[row] * gradient[column];
    }
    out.cost += weight * residual * residual;
  }
  return out;
}

/** Largest difference of H, g and cost, each in the units that make it comparable: |ΔH|/√(HiiHjj), |Δg|/√(Hii·C), |ΔC|/C. */
export function differenceOf(a: NormalEquations, b: NormalEquations): number {
  const diagonal = (index: number): number => b.H[packedIndex(index, index)] ?? 0;
  let worst = Math.abs(a.cost - b.cost) / b.cost;
  for (let row = 0; row < b.g.length; row++) {
    worst = Math.max(worst, Math.abs(a.g[row] - b.g[row]) / Math.sqrt(diagonal(row) * b.cost));
    for (let column = 0; column <= row; column++) {
      const index = packedIndex(row, column);
      worst = Math.max(worst, Math.abs(a.H[index] - b.H[index]) / Math.sqrt(diagonal(row) * diagonal(column)));
    }
  }
  return worst;
}

export interface FitSetup {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly start?: Float64Array;
  readonly bounds?: Bounds;
  readonly engine?: EvaluatorId;
  readonly workers?: number;
  readonly listener?: FitListener;
  readonly recorder?: FitRecorder;
  readonly checkpoint?: CheckpointOptions;
  readonly throwIfCancelled?: () => void;
  readonly rangePoints?: number;
}

/** A whole fit, as the workload runs it. */
export async function fitOnce(model: FitModel, dataset: Dataset, setup: FitSetup = {}): Promise<FitResult> {
  const config = parseFitConfig(setup.config ?? {});
  const recorder = setup.recorder ?? nullFitRecorder;
  const { start = null, bounds = null, engine = "wasm-f64", checkpoint = null } = setup;
  return await runFit(
    {
      dataset,
      model,
      start,
      bounds,
      config,
      engine,
      checkpoint,
      ...(setup.rangePoints !== undefined && { rangePoints: setup.rangePoints }),
    },
    {
      recorder,
      kernel: "plain",
      listener: setup.listener ?? {},
      throwIfCancelled: setup.throwIfCancelled ?? (() => undefined),
      createEvaluator: ({ id, blocks, onMasked }) =>
        createEvaluator(id, {
          dataset,
          model,
          rules: config,
          blocks,
          recorder,
          onMasked,
          workers: setup.workers ?? 1,
          kernel: "plain",
        }),
    },
  );
}
