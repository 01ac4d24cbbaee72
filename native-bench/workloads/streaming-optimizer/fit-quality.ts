import { closeSync, openSync } from "node:fs";
import type { ComparedMap } from "../../plan/telemetry.ts";
import type { Dataset } from "./data/dataset.ts";
import { createRowModel } from "./data/generate-experiment.ts";
import { openSigma } from "./evaluators/block-processor.ts";
import { readMapRow } from "./data/read-map-row.ts";
import type { FitModel } from "./model/fit-model.ts";
import { createTimeTables, fillTimeTables } from "./model/time-tables.ts";

export interface FitQualityOptions {
  readonly dataset: Dataset;
  readonly model: FitModel;
  readonly popt: Float64Array;
  /** σ² of the fit; residuals are told in σ. Where each point has a standard deviation of its own, a factor of its square. */
  readonly residualVariance: number;
  /** Called between angles; throws when the run shall end. */
  readonly throwIfCancelled: () => void;
}

/** Cells along a side of a map: what a screen shows. */
const mostCells = 80;
/** Rows and columns of a map that are looked at, about: enough for every cell, and done in a fraction of a second. */
const leastLines = 160;

/** Data and model of each angle, averaged over cells of the map, at the end of a fit. Symmetric halves are shown in both. */
export function* compareMaps(options: FitQualityOptions): Generator<ComparedMap> {
  const { dataset, model, popt, residualVariance, throwIfCancelled } = options;
  const { experiment } = dataset;
  const { timeCount: n, timeStepSeconds, anglesDegrees } = experiment;
  const tables = createTimeTables(n);
  fillTimeTables(experiment, model.transport(popt), tables);
  const step = Math.ceil(n / leastLines);
  const side = Math.min(Math.ceil(n / step), mostCells);
  const file = openSync(dataset.path, "r");
  const sigmas = dataset.sigmaPath === null ? null : openSigma(dataset.sigmaPath, dataset);
  const measured = new Float64Array(n);
  const predicted = new Float64Array(n);
  const sigma = new Float64Array(n).fill(1);
  try {
    for (const [angle, degrees] of anglesDegrees.entries()) {
      throwIfCancelled();
      const cells = createCells(side, n, Math.sqrt(residualVariance));
      const rowOf = createRowModel({ experiment, model, truth: popt, tables, angle, step });
      for (let i = 0; i < n; i += step) {
        const first = readMapRow(dataset, file, { angle, i }, measured);
        if (sigmas !== null) readMapRow(sigmas, sigmas.file, { angle, i }, sigma);
        rowOf(i, predicted);
        for (let j = Math.ceil(first / step) * step; j < n; j += step) {
          cells.add(i, j, measured[j], predicted[j], sigma[j]);
          // The other half was not stored: it is the same measurement.
          if (dataset.layout === "upper" && j > i) cells.add(j, i, measured[j], predicted[j], sigma[j]);
        }
      }
      yield {
        title: `φ = ${degrees.toFixed(1).replace("-", "−")}°`,
        valueTitle: "g₂",
        axes: { row: "t₁", column: "t₂", unit: "s", extent: (n - 1) * timeStepSeconds },
        side,
        ...cells.finish(),
      };
    }
  } finally {
    closeSync(file);
    if (sigmas !== null) closeSync(sigmas.file);
  }
}

function createCells(side: number, n: number, scale: number) {
  const length = side * side;
  const sumMeasured = new Float64Array(length);
  const sumModel = new Float64Array(length);
  const sumResidual = new Float64Array(length);
  const counts = new Uint32Array(length);
  let squares = 0;
  let count = 0;
  return {
    add(i: number, j: number, y: number, model: number, sigma: number): void {
      // Points that the fit left out are left out here.
      if (!Number.isFinite(y)) return;
      const cell = Math.floor((i * side) / n) * side + Math.floor((j * side) / n);
      sumMeasured[cell] += y;
      sumModel[cell] += model;
      const residual = (y - model) / (sigma * scale);
      sumResidual[cell] += residual;
      counts[cell]++;
      squares += residual * residual;
      count++;
    },
    finish(): Pick<ComparedMap, "measured" | "model" | "residual" | "reducedChiSquare"> {
      const over = (sums: Float64Array): Float32Array<ArrayBuffer> =>
        Float32Array.from(sums, (sum, cell) => sum / counts[cell]);
      return {
        measured: over(sumMeasured),
        model: over(sumModel),
        residual: Float32Array.from(sumResidual, (sum, cell) => sum / Math.sqrt(counts[cell])),
        reducedChiSquare: squares / count,
      };
    },
  };
}
