import { roundingConstant, seriesBelow } from "../kernel/kernel-constants.ts";
import type { KernelCall, PassInputs } from "./block-kernel.ts";

/** Where the sums over the angles of one pair of times begin. */
export interface AngleSpan extends Pick<KernelCall, "firstAngle" | "angleCount" | "angleStride"> {
  readonly inputs: PassInputs;
  readonly points: Float64Array | Float32Array;
  readonly weights: Float64Array | null;
  /** [|ΔG|, 1/|ΔG|, contrast·e, offset] of the pair: doubles in an array, since arguments would be boxed. */
  readonly pair: Float64Array;
  /** Receives Σ over the angles of F², F, V², Z², FV, FZ, VZ, V, Z, rF, r, rV, rZ, r², weights; F, V, Z as in kernel.as. */
  readonly sums: Float64Array;
}

export const angleSumCount = 15;

/*
 * Sine and cosine modulo π from 256 places a half turn (in pairs), the nearest at |r| ≤ π/512: there
 * sin r = r − r³/6 + r⁵/120 and cos r = 1 − r²/2 + r⁴/24 are exact to 1e-16. Six coefficients less than without a table.
 */
const placeCount = 256;
const places = Float64Array.from({ length: 2 * placeCount }, (_, index) => {
  const phase = ((index >> 1) * Math.PI) / placeCount;
  return index % 2 === 0 ? Math.sin(phase) : Math.cos(phase);
});
/** π/256 in two parts (Cody and Waite): 26 bits, whose products with whole numbers below 2²⁷ are exact, and the rest. */
const stepHigh = 3.1415926218032837 / placeCount;
const stepLow = 3.178650954705639e-8 / placeCount;
const inverseStep = placeCount / Math.PI;
const seriesBelowSquared = seriesBelow ** 2;

/* oxlint-disable max-lines-per-function -- the innermost loop: its sums are locals so that they stay in registers */

/** All points alike. Two functions that differ by their weights alone: the branch would sit in the innermost loop. */
export function sumAngles(
  { inputs, points, pair, sums, firstAngle, angleCount, angleStride }: AngleSpan,
  start: number,
): void {
  const { angles } = inputs;
  const absG = pair[0];
  const inverseG = pair[1];
  const ce = pair[2];
  const offset = pair[3];
  let FF = 0,
    F1 = 0,
    VV = 0,
    ZZ = 0,
    FV = 0,
    FZ = 0,
    VZ = 0,
    V1 = 0,
    Z1 = 0;
  let rF = 0,
    r1 = 0,
    rV = 0,
    rZ = 0,
    rr = 0;
  let at = start;
  const end = 4 * (firstAngle + angleCount);
  for (let angle = 4 * firstAngle; angle < end; angle += 4) {
    const kappaCos = angles[angle];
    const x = kappaCos * absG;
    const xx = x * x;
    let sinc: number;
    let slope: number;
    if (xx < seriesBelowSquared) {
      sinc = 1 - xx * (1 / 6);
      slope = x * (-1 / 3);
    } else {
      const inverse = angles[angle + 2] * inverseG;
      const n = x * inverseStep + roundingConstant - roundingConstant;
      const place = (n & (placeCount - 1)) << 1;
      const r = x - n * stepHigh - n * stepLow;
      const z = r * r;
      const sine = r + r * z * (z * (1 / 120) - 1 / 6);
      const cosine = z * (z * (1 / 24) - 0.5);
      const S = places[place];
      const C = places[place + 1];
      sinc = (S + (C * sine + S * cosine)) * inverse;
      slope = (C + (C * cosine - S * sine) - sinc) * inverse;
    }
    const sinc2 = sinc * sinc;
    const F = sinc2 * sinc2;
    const common = sinc2 * sinc * slope;
    const V = common * kappaCos;
    const Z = common * angles[angle + 1];
    const residual = points[at] - offset - ce * F;
    FF += F * F;
    F1 += F;
    VV += V * V;
    ZZ += Z * Z;
    FV += F * V;
    FZ += F * Z;
    VZ += V * Z;
    V1 += V;
    Z1 += Z;
    rF += residual * F;
    r1 += residual;
    rV += residual * V;
    rZ += residual * Z;
    rr += residual * residual;
    at += angleStride;
  }
  sums[0] = FF;
  sums[1] = F1;
  sums[2] = VV;
  sums[3] = ZZ;
  sums[4] = FV;
  sums[5] = FZ;
  sums[6] = VZ;
  sums[7] = V1;
  sums[8] = Z1;
  sums[9] = rF;
  sums[10] = r1;
  sums[11] = rV;
  sums[12] = rZ;
  sums[13] = rr;
  sums[14] = angleCount;
}

/** The same with a weight a point, and soft-L1. */
export function sumWeightedAngles(
  { inputs, points, weights, pair, sums, firstAngle, angleCount, angleStride }: AngleSpan,
  start: number,
): void {
  if (weights === null) return;
  const { angles, factors } = inputs;
  const softness = factors[1];
  const absG = pair[0];
  const inverseG = pair[1];
  const ce = pair[2];
  const offset = pair[3];
  let FF = 0,
    F1 = 0,
    VV = 0,
    ZZ = 0,
    FV = 0,
    FZ = 0,
    VZ = 0,
    V1 = 0,
    Z1 = 0;
  let rF = 0,
    r1 = 0,
    rV = 0,
    rZ = 0,
    rr = 0,
    W1 = 0;
  let at = start;
  const end = 4 * (firstAngle + angleCount);
  for (let angle = 4 * firstAngle; angle < end; angle += 4) {
    const kappaCos = angles[angle];
    const x = kappaCos * absG;
    const xx = x * x;
    let sinc: number;
    let slope: number;
    if (xx < seriesBelowSquared) {
      sinc = 1 - xx * (1 / 6);
      slope = x * (-1 / 3);
    } else {
      const inverse = angles[angle + 2] * inverseG;
      const n = x * inverseStep + roundingConstant - roundingConstant;
      const place = (n & (placeCount - 1)) << 1;
      const r = x - n * stepHigh - n * stepLow;
      const z = r * r;
      const sine = r + r * z * (z * (1 / 120) - 1 / 6);
      const cosine = z * (z * (1 / 24) - 0.5);
      const S = places[place];
      const C = places[place + 1];
      sinc = (S + (C * sine + S * cosine)) * inverse;
      slope = (C + (C * cosine - S * sine) - sinc) * inverse;
    }
    const sinc2 = sinc * sinc;
    const F = sinc2 * sinc2;
    const common = sinc2 * sinc * slope;
    const V = common * kappaCos;
    const Z = common * angles[angle + 1];
    const residual = points[at] - offset - ce * F;
    const given = weights[at];
    const root = Math.sqrt(1 + residual * residual * softness);
    const w = given / root;
    FF += F * F * w;
    F1 += F * w;
    VV += V * V * w;
    ZZ += Z * Z * w;
    FV += F * V * w;
    FZ += F * Z * w;
    VZ += V * Z * w;
    V1 += V * w;
    Z1 += Z * w;
    rF += residual * F * w;
    r1 += residual * w;
    rV += residual * V * w;
    rZ += residual * Z * w;
    rr += (2 * given * residual * residual) / (1 + root);
    W1 += w;
    at += angleStride;
  }
  sums[0] = FF;
  sums[1] = F1;
  sums[2] = VV;
  sums[3] = ZZ;
  sums[4] = FV;
  sums[5] = FZ;
  sums[6] = VZ;
  sums[7] = V1;
  sums[8] = Z1;
  sums[9] = rF;
  sums[10] = r1;
  sums[11] = rV;
  sums[12] = rZ;
  sums[13] = rr;
  sums[14] = W1;
}
