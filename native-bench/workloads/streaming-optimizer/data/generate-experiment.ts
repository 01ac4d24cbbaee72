import { writeFile } from "node:fs/promises";
import { CancelledError } from "../../../../traces/model/errors.ts";
import {
  chooseTimeCount,
  countPoints,
  createReferenceExperiment,
  diffusionFactor,
  type Experiment,
  referenceAngleCount,
  shearFactor,
} from "../model/experiment.ts";
import { smoothing, smallestExponent } from "../kernel/kernel-constants.ts";
import type { FitModel } from "../model/fit-model.ts";
import { createTimeTables, fillTimeTables, timeTable, type TimeTables } from "../model/time-tables.ts";
import { multiply } from "../evaluators/reduced.ts";
import { createArrayWriter } from "./array-writer.ts";
import type { NpyHeader } from "./npy.ts";
import { createNormal } from "./random.ts";
import { type Sidecar, sidecarPath } from "./dataset.ts";

export interface SyntheticOptions {
  readonly path: string;
  readonly model: FitModel;
  /** At least this many points; the grid is square. Ignored where `experiment` is given. */
  readonly pointCount: number;
  readonly experiment?: Experiment;
  readonly seed: number;
  /** Standard deviation of the Gaussian noise. */
  readonly sigma: number;
  readonly dtype: NpyHeader["dtype"];
  /** upper: only i ≤ j, as an instrument that measures half the matrix would give. */
  readonly layout: "full" | "upper";
  /** null: the truth of the model. */
  readonly parameters: Float64Array | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (pointsDone: number, pointsTotal: number) => void;
}

/** Noise level of the benchmark experiments. */
export const referenceSigma = 0.02;

/** Writes a synthetic experiment with known truth, and the description beside it. The same seed gives the same bytes. */
export async function generateExperiment(options: SyntheticOptions): Promise<Experiment> {
  const { path, model, seed, sigma, dtype, layout, signal, onProgress } = options;
  const angleCount = model.hasFlow ? referenceAngleCount : 1;
  const experiment =
    options.experiment ?? createReferenceExperiment(chooseTimeCount(options.pointCount, angleCount), angleCount);
  const specs = model.parameters(experiment);
  const truth = options.parameters ?? Float64Array.from(specs, (spec) => spec.truth);
  const n = experiment.timeCount;
  const angles = experiment.anglesDegrees.length;
  const shape = layout === "full" ? [angles, n, n] : [angles, (n * (n + 1)) / 2];
  const tables = createTimeTables(n);
  fillTimeTables(experiment, model.transport(truth), tables);
  const writer = await createArrayWriter(path, { dtype, shape });
  try {
    const row = new Float64Array(n);
    for (let angle = 0; angle < angles; angle++) {
      const rowOf = createRowModel({ experiment, model, truth, tables, angle });
      for (let i = 0; i < n; i++) {
        rowOf(i, row);
        const normal = createNormal(seed, angle * n + i);
        for (let j = 0; j < n; j++) row[j] += sigma * normal();
        await writer.write(layout === "full" ? row : row.subarray(i));
        if (signal?.aborted === true) throw new CancelledError();
      }
      onProgress?.((angle + 1) * n * n, countPoints(experiment));
    }
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  const sidecar: Sidecar = {
    model: model.id,
    layout,
    experiment,
    truth: Object.fromEntries(specs.map(({ name }, index) => [name, truth[index]])),
  };
  await writeFile(sidecarPath(path), `${JSON.stringify(sidecar, null, 2)}\n`);
  return experiment;
}

export interface RowModelOptions {
  readonly experiment: Experiment;
  readonly model: FitModel;
  readonly truth: Float64Array;
  readonly tables: TimeTables;
  readonly angle: number;
  /** Every how many columns are computed; absent: all. */
  readonly step?: number;
}

/** Writes g2 of row i of one angle: n doubles. */
export function createRowModel({
  experiment,
  model,
  truth,
  tables,
  angle,
  step = 1,
}: RowModelOptions): (i: number, row: Float64Array) => void {
  const { values, stride } = tables;
  const [contrast, offset] =
    model.reduction === undefined
      ? model.scaling(truth, angle)
      : model.reduction.base.scaling(multiply(model.reduction.matrix(experiment), truth), angle);
  const k2 = diffusionFactor(experiment);
  const phase = ((model.transport(truth).flowAngleDegrees - (experiment.anglesDegrees[angle] ?? 0)) * Math.PI) / 180;
  const kappaCos = model.hasFlow ? shearFactor(experiment) * Math.cos(phase) : 0;
  const shear = timeTable.shear * stride;
  return (i, row) => {
    for (let j = 0; j < experiment.timeCount; j += step) {
      const dS = values[i] - values[j];
      const dG = values[shear + i] - values[shear + j];
      const x = kappaCos * Math.sqrt(dG * dG + smoothing);
      const sinc = Math.abs(x) < 1e-4 ? 1 - (x * x) / 6 : Math.sin(x) / x;
      row[j] =
        offset + contrast * Math.exp(Math.max(k2 * Math.sqrt(dS * dS + smoothing), smallestExponent)) * sinc ** 4;
    }
  };
}
