import {
  expCoefficients,
  ln2Parts,
  roundingConstant,
  smallestExponent,
  smoothing,
} from "../kernel/kernel-constants.ts";
import { type BlockJob, type BlockKernel, isWeighted, type PassInputs } from "./block-kernel.ts";
import { type AngleSpan, angleSumCount, sumAngles, sumWeightedAngles } from "./js-angle-sums.ts";

const [e0 = 0, e1 = 0, e2 = 0, e3 = 0, e4 = 0, e5 = 0, e6 = 0, e7 = 0, e8 = 0, e9 = 0] = expCoefficients;
const [ln2High = 0, ln2Low = 0] = ln2Parts;
/** 2^(k − 1100): the factor of the exponential, without a call. */
const powersOfTwo = Float64Array.from({ length: 1101 }, (_, k) => 2 ** (k - 1100));

/** Slots of a kernel for blocks of at most `elementCount` points an angle. */
export interface KernelSlots {
  readonly job: BlockJob;
  readonly elementCount: number;
  readonly rowCount: number;
}

/** The same sums as kernel.as, in plain TypeScript: one point at a time, no FMA. Fallback where WebAssembly lacks SIMD, and oracle. */
export function createJsKernel({ job, elementCount, rowCount }: KernelSlots): BlockKernel {
  const { experiment, dtype } = job.dataset;
  const weighted = isWeighted(job);
  const length = elementCount * experiment.anglesDegrees.length;
  const points = dtype === "f32" && !weighted ? new Float32Array(length) : new Float64Array(length);
  const weights = weighted ? new Float64Array(length).fill(1) : null;
  const rows = new Int32Array(2 * rowCount);
  const pair = new Float64Array(4);
  const sums = new Float64Array(angleSumCount);
  let inputs: PassInputs | null = null;
  return {
    points,
    weights,
    rows,
    setInputs: (next) => void (inputs = next),
    run(call, out) {
      if (inputs === null) return;
      out.fill(0);
      const span: Span = {
        ...call,
        inputs,
        points,
        weights,
        pair,
        sums,
        n: experiment.timeCount,
        i: 0,
        shift: 0,
        first: 0,
        end: 0,
        weight: 1,
      };
      const addSpan = job.hasFlow ? addLaminarSpan : addStaticSpan;
      for (let row = 0; row < call.rowCount; row++) {
        span.i = rows[2 * row] ?? 0;
        span.shift = rows[2 * row + 1] ?? 0;
        forEachSpan(span, job, () => addSpan(span, out));
      }
    },
  };
}

interface Span extends AngleSpan {
  readonly n: number;
  i: number;
  shift: number;
  first: number;
  end: number;
  weight: number;
}

function forEachSpan(span: Span, { dataset: { mirrored }, rules: { diagonal } }: BlockJob, add: () => void): void {
  const visit = (first: number, end: number, weight: number): void => {
    if (first >= end) return;
    span.first = first;
    span.end = end;
    span.weight = weight;
    add();
  };
  if (!mirrored && diagonal === "keep") return visit(0, span.n, 1);
  if (!mirrored) visit(0, span.i, 1);
  if (diagonal === "keep") visit(span.i, span.i + 1, 1);
  visit(span.i + 1, span.n, mirrored ? 2 : 1);
}

const expOf = (x: number): number => {
  const n = x * Math.LOG2E + roundingConstant - roundingConstant;
  const r = x - n * ln2High - n * ln2Low;
  const q = ((((((((e9 * r + e8) * r + e7) * r + e6) * r + e5) * r + e4) * r + e3) * r + e2) * r + e1) * r + e0;
  return (1 + (r + r * r * q)) * (powersOfTwo[n + 1100] ?? 0);
};

/* oxlint-disable max-lines-per-function -- the hot loop: its sums are locals so that they stay in registers */
function addLaminarSpan(span: Span, out: Float64Array): void {
  const { inputs, weights, pair, sums, i, shift, first, end, firstAngle, angleStride } = span;
  const { tables: t, tableStride: stride, scaling, factors } = inputs;
  const k2 = factors[0] ?? 0;
  const contrast = scaling[2 * firstAngle] ?? 0;
  const offset = scaling[2 * firstAngle + 1] ?? 0;
  const addAngles = weights === null ? sumAngles : sumWeightedAngles;
  for (let j = first; j < end; j++) {
    const dS = t[i] - t[j];
    const dG = t[4 * stride + i] - t[4 * stride + j];
    const absS = Math.sqrt(dS * dS + smoothing);
    const absG = Math.sqrt(dG * dG + smoothing);
    const inverseG = 1 / absG;
    const e = expOf(Math.max(k2 * absS, smallestExponent));
    const ce = contrast * e;
    pair[0] = absG;
    pair[1] = inverseG;
    pair[2] = ce;
    pair[3] = offset;
    addAngles(span, firstAngle * angleStride + shift + j);
    const FF = sums[0],
      F1 = sums[1],
      VV = sums[2],
      ZZ = sums[3],
      FV = sums[4],
      FZ = sums[5],
      VZ = sums[6],
      V1 = sums[7],
      Z1 = sums[8];
    const rF = sums[9],
      r1 = sums[10],
      rV = sums[11],
      rZ = sums[12],
      rr = sums[13],
      W1 = sums[14];
    const w = span.weight;
    const cek = (ce * k2 * dS) / absS;
    const ceg = 4 * ce * dG * inverseG;
    const z = 4 * ce * absG * w;
    const m1 = cek * (t[stride + i] - t[stride + j]);
    const m2 = cek * (t[2 * stride + i] - t[2 * stride + j]);
    const m3 = cek * (t[3 * stride + i] - t[3 * stride + j]);
    const q1 = ceg * (t[5 * stride + i] - t[5 * stride + j]);
    const q2 = ceg * (t[6 * stride + i] - t[6 * stride + j]);
    const q3 = ceg * (t[7 * stride + i] - t[7 * stride + j]);
    const Fe = FF * w * e,
      F_1 = FF * w * m1,
      F_2 = FF * w * m2;
    const Fw = F1 * w,
      Vw = V1 * w,
      VV1 = VV * w * q1,
      VV2 = VV * w * q2;
    const FV1 = FV * w * q1,
      FV2 = FV * w * q2,
      FV3 = FV * w * q3,
      FZz = FZ * z,
      VZz = VZ * z;
    const rFw = rF * w,
      rVw = rV * w;
    out[0] += Fe * e;
    out[1] += Fw * e;
    out[2] += w * W1;
    out[3] += Fe * m1;
    out[4] += Fw * m1;
    out[5] += F_1 * m1;
    out[6] += Fe * m2;
    out[7] += Fw * m2;
    out[8] += F_1 * m2;
    out[9] += F_2 * m2;
    out[10] += Fe * m3;
    out[11] += Fw * m3;
    out[12] += F_1 * m3;
    out[13] += F_2 * m3;
    out[14] += FF * w * m3 * m3;
    out[15] += FV1 * e;
    out[16] += Vw * q1;
    out[17] += FV1 * m1;
    out[18] += FV1 * m2;
    out[19] += FV1 * m3;
    out[20] += VV1 * q1;
    out[21] += FV2 * e;
    out[22] += Vw * q2;
    out[23] += FV2 * m1;
    out[24] += FV2 * m2;
    out[25] += FV2 * m3;
    out[26] += VV1 * q2;
    out[27] += VV2 * q2;
    out[28] += FV3 * e;
    out[29] += Vw * q3;
    out[30] += FV3 * m1;
    out[31] += FV3 * m2;
    out[32] += FV3 * m3;
    out[33] += VV1 * q3;
    out[34] += VV2 * q3;
    out[35] += VV * w * q3 * q3;
    out[36] += FZz * e;
    out[37] += Z1 * z;
    out[38] += FZz * m1;
    out[39] += FZz * m2;
    out[40] += FZz * m3;
    out[41] += VZz * q1;
    out[42] += VZz * q2;
    out[43] += VZz * q3;
    out[44] += ZZ * z * 4 * ce * absG;
    out[45] += rFw * e;
    out[46] += r1 * w;
    out[47] += rFw * m1;
    out[48] += rFw * m2;
    out[49] += rFw * m3;
    out[50] += rVw * q1;
    out[51] += rVw * q2;
    out[52] += rVw * q3;
    out[53] += rZ * z;
    out[54] += rr * w;
  }
}

function addStaticSpan(span: Span, out: Float64Array): void {
  const { inputs, points, weights, i, shift, first, end, firstAngle, angleCount, angleStride } = span;
  const { tables: t, tableStride: stride, scaling, factors } = inputs;
  const k2 = factors[0] ?? 0;
  const softness = factors[1] ?? 0;
  const contrast = scaling[2 * firstAngle] ?? 0;
  const offset = scaling[2 * firstAngle + 1] ?? 0;
  for (let angle = firstAngle; angle < firstAngle + angleCount; angle++) {
    const row = angle * angleStride + shift;
    for (let j = first; j < end; j++) {
      const dS = t[i] - t[j];
      const absS = Math.sqrt(dS * dS + smoothing);
      const e = expOf(Math.max(k2 * absS, smallestExponent));
      const residual = points[row + j] - offset - contrast * e;
      let w = span.weight;
      if (weights === null) out[20] += residual * residual * w;
      else {
        const given = weights[row + j] * w;
        const root = Math.sqrt(1 + residual * residual * softness);
        w = given / root;
        out[20] += (2 * given * residual * residual) / (1 + root);
      }
      const cek = (contrast * e * k2 * dS) / absS;
      const m1 = cek * (t[stride + i] - t[stride + j]);
      const m2 = cek * (t[2 * stride + i] - t[2 * stride + j]);
      const m3 = cek * (t[3 * stride + i] - t[3 * stride + j]);
      const ew = e * w,
        w1 = m1 * w,
        w2 = m2 * w,
        w3 = m3 * w;
      out[0] += ew * e;
      out[1] += ew;
      out[2] += w;
      out[3] += w1 * e;
      out[4] += w1;
      out[5] += w1 * m1;
      out[6] += w2 * e;
      out[7] += w2;
      out[8] += w2 * m1;
      out[9] += w2 * m2;
      out[10] += w3 * e;
      out[11] += w3;
      out[12] += w3 * m1;
      out[13] += w3 * m2;
      out[14] += w3 * m3;
      out[15] += residual * ew;
      out[16] += residual * w;
      out[17] += residual * w1;
      out[18] += residual * w2;
      out[19] += residual * w3;
    }
  }
}
