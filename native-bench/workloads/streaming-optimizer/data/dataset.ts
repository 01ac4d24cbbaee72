import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { createHash } from "node:crypto";
import { TraceFormatError, UserFacingError } from "../../../../traces/model/errors.ts";
import { createReferenceExperiment, type Experiment } from "../model/experiment.ts";
import { type NpyHeader, npyHeadBytes, parseNpyHeader, valueBytes } from "./npy.ts";

/** Measured maps in a `.npy` file, [angle][i][j] or, when packed, [angle][the rows j ≥ i one after another]. */
export interface Dataset {
  readonly path: string;
  readonly experiment: Experiment;
  readonly dtype: NpyHeader["dtype"];
  readonly layout: "full" | "upper";
  /** The two halves of each map are the same measurement: only i ≤ j is read, off-diagonal points count twice. */
  readonly mirrored: boolean;
  readonly dataOffset: number;
  /** A constant of the cost that folding moved out of the points, Σ½(y_ij − y_ji)². */
  readonly foldedCost: number;
  /** 2: both halves were measured and folded, so each off-diagonal point stands for two measurements. */
  readonly measuredHalves: 1 | 2;
  /** Standard deviations of the points, a file of the same shape; null: all alike. */
  readonly sigmaPath: string | null;
  readonly identity: DatasetIdentity;
}

/** What tells that a file is still the one it was. */
export interface DatasetIdentity {
  readonly bytes: number;
  readonly modifiedMs: number;
  /** SHA-256 of the head and of 16 samples of 4 KiB. */
  readonly digest: string;
}

/** What `FILE.json` beside `FILE.npy` holds. */
export interface Sidecar {
  readonly experiment: Experiment;
  readonly layout?: "full" | "upper";
  readonly mirrored?: boolean;
  readonly foldedCost?: number;
  readonly measuredHalves?: 1 | 2;
  /** File name of the standard deviations, beside the data. */
  readonly sigma?: string;
  /** What a synthetic experiment was made with. */
  readonly truth?: Readonly<Record<string, number>>;
  readonly model?: string;
}

export const sidecarPath = (path: string): string =>
  path.replace(/\.(?:npy|h5|hdf5|parquet|csv)$/i, "").concat(".json");

/**
 * Opens a `.npy` file and the description beside it. Without one, the reference geometry is assumed and `hasSidecar` is false.
 * Throws TraceFormatError where sizes do not agree.
 */
export function openDataset(path: string): { readonly dataset: Dataset; readonly sidecar: Sidecar | null } {
  const file = openSync(path, "r");
  try {
    const head = new Uint8Array(npyHeadBytes);
    const header = parseNpyHeader(head.subarray(0, readSync(file, head, 0, npyHeadBytes, 0)));
    const sidecar = readSidecar(path);
    const layout = sidecar?.layout ?? "full";
    const experiment = sidecar?.experiment ?? assumeExperiment(header.shape);
    checkShape(header.shape, experiment, layout);
    const { size, mtimeMs } = fstatSync(file);
    const expected =
      header.dataOffset + header.shape.reduce((product, length) => product * length, 1) * valueBytes(header.dtype);
    if (size < expected)
      throw new TraceFormatError(`expected ${expected} bytes, the file ends at byte ${size}`, {
        format: "npy",
        byteOffset: size,
      });
    const dataset: Dataset = {
      path,
      experiment,
      dtype: header.dtype,
      layout,
      mirrored: layout === "upper" || sidecar?.mirrored === true,
      dataOffset: header.dataOffset,
      foldedCost: sidecar?.foldedCost ?? 0,
      measuredHalves: sidecar?.measuredHalves ?? 1,
      sigmaPath: sidecar?.sigma === undefined ? null : path.replace(/[^/\\]*$/, sidecar.sigma),
      identity: { bytes: size, modifiedMs: mtimeMs, digest: digestSamples(file, size) },
    };
    return { dataset, sidecar };
  } finally {
    closeSync(file);
  }
}

/** Measurements that are fitted, each once: half the matrix where both halves are the same measurement. */
export function countUniquePoints(
  { experiment, mirrored, measuredHalves }: Dataset,
  diagonal: "keep" | "drop",
): number {
  const n = experiment.timeCount;
  const angles = experiment.anglesDegrees.length;
  const diagonalCount = diagonal === "keep" ? n : 0;
  return angles * (mirrored && measuredHalves === 1 ? (n * (n - 1)) / 2 + diagonalCount : n * n - n + diagonalCount);
}

/** Throws UserFacingError when the file is no longer the one that was opened. */
export function checkUnchanged({ path, identity }: Dataset, file: number): void {
  const { size, mtimeMs } = fstatSync(file);
  if (size !== identity.bytes || mtimeMs !== identity.modifiedMs)
    throw new UserFacingError(
      `the data changed during the fit: expected ${identity.bytes} bytes of ${new Date(identity.modifiedMs).toISOString()}, ` +
        `found ${size} bytes of ${new Date(mtimeMs).toISOString()} (${path})`,
    );
}

/** The description beside a data file; null when there is none. */
export function readSidecar(path: string): Sidecar | null {
  const file = sidecarPath(path);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    return JSON.parse(text) as Sidecar;
  } catch (cause) {
    throw new TraceFormatError(`the description beside the data is not JSON (${file})`, { format: "json" }, { cause });
  }
}

function assumeExperiment(shape: readonly number[]): Experiment {
  const [angles, n] = shape.length === 2 ? [1, shape[0]] : shape;
  return createReferenceExperiment(n ?? 0, angles ?? 0);
}

function checkShape(shape: readonly number[], experiment: Experiment, layout: Dataset["layout"]): void {
  const n = experiment.timeCount;
  const angles = experiment.anglesDegrees.length;
  const perAngle = layout === "full" ? [n, n] : [(n * (n + 1)) / 2];
  const expected = [angles, ...perAngle];
  const given = shape.length === expected.length - 1 ? [1, ...shape] : shape;
  if (n < 2 || angles < 1 || given.length !== expected.length || given.some((size, index) => size !== expected[index]))
    throw new TraceFormatError(
      `expected square maps of shape (${expected.join(", ")}) for ${angles} angles and ${n} times, found (${shape.join(", ")})`,
      { format: "npy" },
    );
}

const sampleCount = 16;
const sampleBytes = 4096;

function digestSamples(file: number, size: number): string {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(sampleBytes);
  for (let sample = 0; sample < sampleCount; sample++) {
    const position = Math.floor((Math.max(0, size - sampleBytes) * sample) / (sampleCount - 1));
    hash.update(buffer.subarray(0, readSync(file, buffer, 0, sampleBytes, position)));
  }
  return hash.digest("hex");
}
