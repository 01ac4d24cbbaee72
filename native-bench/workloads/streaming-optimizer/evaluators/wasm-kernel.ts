import { kernelConstantBytes, kernelVariant, writeKernelConstants } from "../kernel/kernel-constants.ts";
import { timeTableStride } from "../model/time-tables.ts";
import { type BlockKernel, isWeighted, sumCount } from "./block-kernel.ts";
import type { KernelSlots } from "./js-kernel.ts";

type BlockFunction = (...words: number[]) => void;
interface KernelExports {
  readonly block: BlockFunction;
  readonly clear: (out: number, count: number) => void;
}

const pageBytes = 65_536;
const alignmentBytes = 64;
const angleBytes = 32;
/** A pair of doubles may be read past the last element. */
const paddingBytes = 64;

/**
 * The kernel with a memory of its own: constants | rows | two-lane sums | angles | tables | points | weights.
 * Slots are views on that memory, so file reads land where the kernel works.
 */
export function createWasmKernel(
  { job, elementCount, rowCount }: KernelSlots,
  module: WebAssembly.Module,
): BlockKernel {
  const { dataset, hasFlow, rules } = job;
  const { timeCount, anglesDegrees } = dataset.experiment;
  const angleCount = anglesDegrees.length;
  const weighted = isWeighted(job);
  const valueBytes = dataset.dtype === "f32" && !weighted ? 4 : 8;
  const stride = timeTableStride(timeCount);
  const sums = sumCount(job);
  const length = elementCount * angleCount;

  let next = kernelConstantBytes;
  const reserve = (bytes: number): number => {
    const at = Math.ceil(next / alignmentBytes) * alignmentBytes;
    next = at + bytes;
    return at;
  };
  const rowsAt = reserve(rowCount * 8);
  const sumsAt = reserve(sums * 16);
  const anglesAt = reserve(angleCount * angleBytes);
  const tablesAt = reserve(8 * stride * 8 + paddingBytes);
  const pointsAt = reserve(length * valueBytes + paddingBytes);
  const weightsAt = weighted ? reserve(length * 8 + paddingBytes) : 0;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(next / pageBytes) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort: refuseAbort } });
  const { block, clear } = exports as unknown as KernelExports;
  const { buffer } = memory;
  writeKernelConstants(buffer);

  const variants = hasFlow ? kernelVariant.laminar : kernelVariant.static;
  const variant = weighted ? variants.weighted : variants[dataset.dtype];
  const lanes = new Float64Array(buffer, sumsAt, 2 * sums);
  const angles = new Float64Array(buffer, anglesAt, 4 * angleCount);
  const tables = new Float64Array(buffer, tablesAt, 8 * stride);
  const weights = weighted ? new Float64Array(buffer, weightsAt, length).fill(1) : null;
  let scaling = new Float64Array();
  let factors = new Float64Array();
  return {
    points: valueBytes === 4 ? new Float32Array(buffer, pointsAt, length) : new Float64Array(buffer, pointsAt, length),
    weights,
    rows: new Int32Array(buffer, rowsAt, 2 * rowCount),
    setInputs(inputs) {
      tables.set(inputs.tables);
      angles.set(inputs.angles);
      scaling = Float64Array.from(inputs.scaling);
      factors = Float64Array.from(inputs.factors);
    },
    run({ rowCount, firstAngle, angleCount, angleStride, costOnly }, out) {
      clear(sumsAt, sums);
      const skipped = firstAngle * angleStride;
      block(
        costOnly && variant === variants.f64 ? variants.cost : variant,
        rowsAt,
        rowCount,
        dataset.mirrored ? 1 : 0,
        rules.diagonal === "drop" ? 1 : 0,
        timeCount,
        pointsAt + skipped * valueBytes,
        angleStride,
        weightsAt + skipped * 8,
        anglesAt + firstAngle * angleBytes,
        angleCount,
        tablesAt,
        stride * 8,
        factors[0] ?? 0,
        scaling[2 * firstAngle] ?? 0,
        scaling[2 * firstAngle + 1] ?? 0,
        factors[1] ?? 0,
        sumsAt,
      );
      for (let index = 0; index < sums; index++) out[index] = lanes[2 * index] + lanes[2 * index + 1];
    },
  };
}

function refuseAbort(): never {
  throw new Error("the kernel aborted");
}
