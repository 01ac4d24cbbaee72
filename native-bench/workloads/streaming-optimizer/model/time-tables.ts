import type { Experiment } from "./experiment.ts";

/** Transport coefficients: D(t) = D0·τ^α + Doff in Å²/s, γ̇(t) = γ̇0·τ^β + γ̇off in 1/s, φ0 in degrees. */
export interface Transport {
  readonly diffusion: number;
  readonly diffusionExponent: number;
  readonly diffusionOffset: number;
  readonly shearRate: number;
  readonly shearExponent: number;
  readonly shearOffset: number;
  readonly flowAngleDegrees: number;
}

/** Where each cumulative integral lies in `TimeTables.values`, in tables. */
export const timeTable = {
  diffusion: 0,
  diffusionByScale: 1,
  diffusionByExponent: 2,
  diffusionByOffset: 3,
  shear: 4,
  shearByScale: 5,
  shearByExponent: 6,
  shearByOffset: 7,
} as const;
const tableCount = 8;

/**
 * Cumulative trapezoids, in units of steps, of D, γ̇ and their derivatives by scale, exponent and offset.
 * Table k begins at `values[k * stride]` and has n entries; the stride is even, so that pairs of doubles stay aligned.
 */
export interface TimeTables {
  readonly values: Float64Array;
  readonly stride: number;
}

/** Floor of D and γ̇: below it the value is constant and its derivatives are 0. */
const rateFloor = 1e-10;

export const timeTableStride = (timeCount: number): number => timeCount + (timeCount & 1);

export function createTimeTables(timeCount: number): TimeTables {
  const stride = timeTableStride(timeCount);
  return { values: new Float64Array(tableCount * stride), stride };
}

/** Fills `tables` for one parameter vector: O(n), the only place where powers and logarithms are computed. */
export function fillTimeTables(experiment: Experiment, transport: Transport, tables: TimeTables): void {
  const { values, stride } = tables;
  const table = (index: number): Float64Array => values.subarray(index * stride, index * stride + experiment.timeCount);
  integratePowerLaw(
    experiment,
    [transport.diffusion, transport.diffusionExponent, transport.diffusionOffset],
    [0, 1, 2, 3].map((index) => table(timeTable.diffusion + index)),
  );
  integratePowerLaw(
    experiment,
    [transport.shearRate, transport.shearExponent, transport.shearOffset],
    [0, 1, 2, 3].map((index) => table(timeTable.shear + index)),
  );
}

/** Integrates f = max(scale·τ^exponent + offset, floor) and ∂f/∂(scale, exponent, offset) over the grid. */
function integratePowerLaw(
  { timeStepSeconds, timeCount }: Experiment,
  [scale = 0, exponent = 0, offset = 0]: readonly number[],
  sums: readonly Float64Array[],
): void {
  const [value, byScale, byExponent, byOffset] = sums;
  if (value === undefined || byScale === undefined || byExponent === undefined || byOffset === undefined) return;
  const shortestSeconds = Math.max(timeStepSeconds / 2, 1e-8);
  let previous: readonly number[] = [0, 0, 0, 0];
  for (let i = 0; i < timeCount; i++) {
    const seconds = Math.max(i * timeStepSeconds, shortestSeconds);
    const power = Math.pow(seconds, exponent);
    const rate = scale * power + offset;
    const floored = !(rate > rateFloor);
    const current = floored ? [rateFloor, 0, 0, 0] : [rate, power, scale * power * Math.log(seconds), 1];
    if (i > 0) {
      value[i] = (value[i - 1] ?? 0) + (current[0] + previous[0]) / 2;
      byScale[i] = (byScale[i - 1] ?? 0) + (current[1] + previous[1]) / 2;
      byExponent[i] = (byExponent[i - 1] ?? 0) + (current[2] + previous[2]) / 2;
      byOffset[i] = (byOffset[i - 1] ?? 0) + (current[3] + previous[3]) / 2;
    } else {
      value[0] = byScale[0] = byExponent[0] = byOffset[0] = 0;
    }
    previous = current;
  }
}
