import { seriesBelow, smallestExponent, smoothing } from "../kernel/kernel-constants.ts";
import { type Experiment, diffusionFactor, shearFactor } from "./experiment.ts";
import { countColumns, type FitModel } from "./fit-model.ts";
import { createTimeTables, fillTimeTables, timeTable } from "./time-tables.ts";

/** g2 and its derivatives at single points, from the formulas as they stand: slow, and what the kernels are tested against. */
export interface PointModel {
  /** Sets the parameters, p doubles in the order of the model. */
  setParameters(parameters: ArrayLike<number>): void;
  value(angle: number, i: number, j: number): number;
  /** Writes ∂g2/∂column into `gradient` (5 or 9 doubles, column order of `FitModel.columns`) and returns g2. */
  differentiate(angle: number, i: number, j: number, gradient: Float64Array): number;
}

const radiansPerDegree = Math.PI / 180;

/**
 * g2 = offset + contrast·e·sinc⁴Φ with e = exp(−q²dt|ΔS|), Φ = κcos(φ0−φ)|ΔG|; |Δ| is smoothed as √(Δ² + 1e-12).
 * Laminar-flow g2 of He et al., PNAS 121 (2024) e2401162121, in the discretisation of the homodyne package.
 */
export function createPointModel(model: FitModel, experiment: Experiment): PointModel {
  const tables = createTimeTables(experiment.timeCount);
  const k2 = diffusionFactor(experiment);
  const kappa = shearFactor(experiment);
  const columnCount = countColumns(model);
  const scratch = new Float64Array(columnCount);
  let parameters: Float64Array = new Float64Array();
  let transport = model.transport([]);
  const difference = (index: number, i: number, j: number): number =>
    (tables.values[index * tables.stride + i] ?? 0) - (tables.values[index * tables.stride + j] ?? 0);

  const differentiate = (angle: number, i: number, j: number, gradient: Float64Array): number => {
    const [contrast, offset] = model.scaling(parameters, angle);
    const deltaS = difference(timeTable.diffusion, i, j);
    const absS = Math.sqrt(deltaS * deltaS + smoothing);
    const e = Math.exp(Math.max(k2 * absS, smallestExponent));
    const phase = (transport.flowAngleDegrees - (experiment.anglesDegrees[angle] ?? 0)) * radiansPerDegree;
    const deltaG = difference(timeTable.shear, i, j);
    const absG = Math.sqrt(deltaG * deltaG + smoothing);
    const phi = model.hasFlow ? kappa * Math.cos(phase) * absG : 0;
    const sinc = sincOf(phi);
    const E = e * sinc ** 4;
    const u = contrast * k2 * E * (deltaS / absS);
    gradient[0] = E;
    gradient[1] = 1;
    gradient[2] = u * difference(timeTable.diffusionByScale, i, j);
    gradient[3] = u * difference(timeTable.diffusionByExponent, i, j);
    gradient[4] = u * difference(timeTable.diffusionByOffset, i, j);
    if (model.hasFlow) {
      const slope = Math.abs(phi) < seriesBelow ? -phi / 3 : (Math.cos(phi) - sinc) / phi;
      const w = 4 * contrast * e * sinc ** 3 * slope;
      const v = w * kappa * Math.cos(phase) * (deltaG / absG);
      gradient[5] = v * difference(timeTable.shearByScale, i, j);
      gradient[6] = v * difference(timeTable.shearByExponent, i, j);
      gradient[7] = v * difference(timeTable.shearByOffset, i, j);
      gradient[8] = -w * absG * kappa * Math.sin(phase) * radiansPerDegree;
    }
    return offset + contrast * E;
  };
  return {
    setParameters(next) {
      parameters = Float64Array.from(next);
      transport = model.transport(parameters);
      fillTimeTables(experiment, transport, tables);
    },
    value: (angle, i, j) => differentiate(angle, i, j, scratch),
    differentiate,
  };
}

function sincOf(x: number): number {
  if (Math.abs(x) >= seriesBelow) return Math.sin(x) / x;
  return 1 - (x * x) / 6 + x ** 4 / 120;
}
