import { closeSync, openSync, readSync } from "node:fs";
import { TraceFormatError } from "../../../../traces/model/errors.ts";
import { checkUnchanged, type Dataset } from "../data/dataset.ts";
import { parseNpyHeader, npyHeadBytes, valueBytes } from "../data/npy.ts";
import { type BlockJob, type BlockKernel, type PassInputs, sumCount } from "./block-kernel.ts";
import { type Block, countBlockElements, fillRowIndex } from "./block-plan.ts";
import { createJsKernel } from "./js-kernel.ts";
import { createWasmKernel } from "./wasm-kernel.ts";

/** What one block gave besides its sums. Times in ms since `performance.timeOrigin` of this thread, plus that origin. */
export interface BlockReport {
  startMs: number;
  readEndMs: number;
  endMs: number;
  /** Points left out because they are not finite. */
  maskedCount: number;
  /** Place of the first point that is not finite, counted over [angle][i][j]; −1: none. */
  nonFiniteAt: number;
}

/** Reads blocks and sums them: the work of one thread. */
export interface BlockProcessor {
  setInputs(inputs: PassInputs): void;
  /** Overwrites `sums` with those of the block: sumCount doubles, per angle where scaling is per angle. */
  process(block: Block, sums: Float64Array, report: BlockReport): void;
  dispose(): void;
}

export const sumLength = (job: BlockJob): number =>
  sumCount(job) * (job.scalingPerAngle ? job.dataset.experiment.anglesDegrees.length : 1);

/** Opens the files of `job`; `dispose` closes them. `module` is the compiled kernel; null: plain TypeScript. */
export function createBlockProcessor(job: BlockJob, module: WebAssembly.Module | null): BlockProcessor {
  const { dataset } = job;
  const { timeCount, anglesDegrees } = dataset.experiment;
  const largest: Block = { firstRow: 0, rowCount: Math.min(job.blockRows, timeCount), rowStep: 1 };
  const slots = { job, elementCount: countBlockElements(dataset, largest), rowCount: job.blockRows };
  const kernel = module === null ? createJsKernel(slots) : createWasmKernel(slots, module);
  const reader = createBlockReader(job, kernel);
  const angleCount = anglesDegrees.length;
  const count = sumCount(job);
  let costOnly = false;
  const nowMs = (): number => performance.timeOrigin + performance.now();
  return {
    setInputs(inputs) {
      kernel.setInputs(inputs);
      costOnly = inputs.factors[2] === 1;
    },
    process(block, sums, report) {
      report.startMs = nowMs();
      const angleStride = countBlockElements(dataset, block);
      fillRowIndex(dataset, block, kernel.rows);
      report.maskedCount = reader.read(block, angleStride);
      report.readEndMs = nowMs();
      if (job.scalingPerAngle)
        for (let angle = 0; angle < angleCount; angle++)
          kernel.run(
            { rowCount: block.rowCount, firstAngle: angle, angleCount: 1, angleStride, costOnly },
            sums.subarray(angle * count, (angle + 1) * count),
          );
      else kernel.run({ rowCount: block.rowCount, firstAngle: 0, angleCount, angleStride, costOnly }, sums);
      report.nonFiniteAt = sums.every(Number.isFinite) ? -1 : reader.findNonFinite(block, angleStride);
      report.endMs = nowMs();
    },
    dispose: () => reader.close(),
  };
}

interface BlockReader {
  /** Fills the slots of the kernel; returns how many points were masked. */
  read(block: Block, angleStride: number): number;
  findNonFinite(block: Block, angleStride: number): number;
  close(): void;
}

function createBlockReader(job: BlockJob, kernel: BlockKernel): BlockReader {
  const { dataset, rules } = job;
  const angleCount = dataset.experiment.anglesDegrees.length;
  const file = openSync(dataset.path, "r");
  const sigma = dataset.sigmaPath === null ? null : openSigma(dataset.sigmaPath, dataset);
  const direct = kernel.points instanceof Float32Array === (dataset.dtype === "f32");
  const staging = direct ? null : new Float32Array(kernel.points.length);
  const masks = rules.nonFinite === "mask";
  return {
    read(block, angleStride) {
      checkUnchanged(dataset, file);
      readBlock({ ...dataset, file }, block, angleStride, staging ?? kernel.points);
      if (staging !== null) kernel.points.set(staging.subarray(0, angleStride * angleCount));
      if (kernel.weights === null) return 0;
      if (sigma === null) kernel.weights.fill(1);
      else readWeights({ ...dataset, ...sigma }, block, angleStride, kernel.weights);
      return masks ? maskNonFinite(kernel, angleStride * angleCount) : 0;
    },
    findNonFinite(block, angleStride) {
      const at = kernel.points.subarray(0, angleStride * angleCount).findIndex((value) => !Number.isFinite(value));
      return at < 0 ? -1 : locate(dataset, block, at, angleStride);
    },
    close() {
      closeSync(file);
      if (sigma !== null) closeSync(sigma.file);
    },
  };
}

type OpenArray = Pick<Dataset, "path" | "experiment" | "layout" | "dtype" | "dataOffset"> & { readonly file: number };

/** Reads the rows of a block, angle after angle, to the start of `target`; rows that follow each other come in one read. */
function readBlock(array: OpenArray, block: Block, angleStride: number, target: Float64Array | Float32Array): void {
  const {
    experiment: { timeCount: n, anglesDegrees },
    layout,
    dataOffset,
    dtype,
  } = array;
  const bytes = valueBytes(dtype);
  const perAngle = layout === "full" ? n * n : (n * (n + 1)) / 2;
  const elementOf = (row: number): number => (layout === "full" ? row * n : row * n - (row * (row - 1)) / 2);
  for (let angle = 0; angle < anglesDegrees.length; angle++) {
    let at = angle * angleStride;
    const runs = block.rowStep === 1 ? 1 : block.rowCount;
    for (let run = 0; run < runs; run++) {
      const first = block.firstRow + run * block.rowStep;
      const end = block.rowStep === 1 ? first + block.rowCount : first + 1;
      const count = elementOf(end) - elementOf(first);
      readFully(array, dataOffset + (angle * perAngle + elementOf(first)) * bytes, target, at, count);
      at += count;
    }
  }
}

function readFully(
  { path, file, dtype }: OpenArray,
  position: number,
  target: Float64Array | Float32Array,
  at: number,
  count: number,
): void {
  const bytes = valueBytes(dtype);
  const buffer = new Uint8Array(target.buffer, target.byteOffset + at * bytes, count * bytes);
  let done = 0;
  while (done < buffer.length) {
    const read = readSync(file, buffer, done, buffer.length - done, position + done);
    if (read === 0)
      throw new TraceFormatError(
        `expected ${buffer.length - done} more bytes, the file ends at byte ${position + done} (${path})`,
        {
          format: "npy",
          byteOffset: position + done,
        },
      );
    done += read;
  }
}

/** Opens the file of standard deviations; whoever opens it closes it. */
export function openSigma(path: string, { experiment, layout }: Dataset): OpenArray {
  const file = openSync(path, "r");
  const head = new Uint8Array(npyHeadBytes);
  const { dtype, dataOffset } = parseNpyHeader(head.subarray(0, readSync(file, head, 0, npyHeadBytes, 0)));
  return { path, file, experiment, layout, dtype, dataOffset };
}

/** Weights are 1/σ². */
function readWeights(array: OpenArray, block: Block, angleStride: number, weights: Float64Array): void {
  const length = angleStride * array.experiment.anglesDegrees.length;
  const sigma = array.dtype === "f64" ? weights : new Float32Array(length);
  readBlock(array, block, angleStride, sigma);
  for (let index = 0; index < length; index++) {
    const value = sigma[index];
    if (!(value > 0))
      throw new TraceFormatError(
        `expected standard deviations above 0, found ${value} at point ${locate(array, block, index, angleStride)} (${array.path})`,
        { format: "npy" },
      );
    weights[index] = 1 / (value * value);
  }
}

function maskNonFinite({ points, weights }: BlockKernel, length: number): number {
  let count = 0;
  for (let index = 0; index < length; index++) {
    if (Number.isFinite(points[index])) continue;
    points[index] = 0;
    if (weights !== null) weights[index] = 0;
    count++;
  }
  return count;
}

/** Place of an element of a block over the whole file, in elements. */
function locate(
  { experiment: { timeCount: n }, layout }: Pick<Dataset, "experiment" | "layout">,
  block: Block,
  at: number,
  angleStride: number,
): number {
  const angle = Math.floor(at / angleStride);
  let rest = at - angle * angleStride;
  for (let row = 0; row < block.rowCount; row++) {
    const i = block.firstRow + row * block.rowStep;
    const length = layout === "full" ? n : n - i;
    if (rest < length)
      return layout === "full"
        ? (angle * n + i) * n + rest
        : angle * ((n * (n + 1)) / 2) + i * n - (i * (i - 1)) / 2 + rest;
    rest -= length;
  }
  return at;
}
