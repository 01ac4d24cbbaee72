import { closeSync, openSync, readSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { CancelledError, TraceFormatError, UserFacingError } from "../../../../traces/model/errors.ts";
import { createArrayWriter } from "./array-writer.ts";
import { type Dataset, type Sidecar, sidecarPath } from "./dataset.ts";
import { valueBytes } from "./npy.ts";

export interface FoldOptions {
  readonly dataset: Dataset;
  /** The working file, .npy. */
  readonly out: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (pointsDone: number, pointsTotal: number) => void;
}

/** Rows that are folded at once: so many columns are read beside them. */
const rowsAtOnce = 64;

/**
 * Folds maps whose two halves were measured: ȳ = (y_ij + y_ji)/2 for j ≥ i, counted twice, and Σ½(y_ij − y_ji)² as a constant of the cost.
 * Exact, since the model is symmetric: Σ(y − f)² over both halves is 2(ȳ − f)² + ½(y_ij − y_ji)². Half the points in every pass.
 */
export async function foldExperiment({ dataset, out, signal, onProgress }: FoldOptions): Promise<void> {
  const { experiment, layout, mirrored, sigmaPath, dtype } = dataset;
  if (layout !== "full" || mirrored) throw new UserFacingError(`only one half of each map is there (${dataset.path})`);
  if (sigmaPath !== null)
    throw new UserFacingError(`halves with standard deviations of their own cannot be folded (${dataset.path})`);
  const n = experiment.timeCount;
  const angles = experiment.anglesDegrees.length;
  const file = openSync(dataset.path, "r");
  const writer = await createArrayWriter(out, { dtype: "f64", shape: [angles, (n * (n + 1)) / 2] });
  const rows = dtype === "f64" ? new Float64Array(rowsAtOnce * n) : new Float32Array(rowsAtOnce * n);
  const columns = rows.slice();
  const folded = new Float64Array(n);
  let foldedCost = 0;
  try {
    for (let angle = 0; angle < angles; angle++)
      for (let first = 0; first < n; first += rowsAtOnce) {
        if (signal?.aborted === true) throw new CancelledError();
        const count = Math.min(rowsAtOnce, n - first);
        readValues(dataset, file, (angle * n + first) * n, rows.subarray(0, count * n));
        // Columns first … first + count, from the row `first` on: above it they were folded already.
        for (let j = first; j < n; j++)
          readValues(dataset, file, (angle * n + j) * n + first, columns.subarray(j * count, (j + 1) * count));
        let blockCost = 0;
        for (let row = 0; row < count; row++) {
          const i = first + row;
          for (let j = i; j < n; j++) {
            const there = rows[row * n + j];
            const mirror = columns[j * count + row];
            folded[j] = (there + mirror) / 2;
            blockCost += (there - mirror) ** 2 / 2;
          }
          await writer.write(folded.subarray(i, n));
        }
        foldedCost += blockCost;
        onProgress?.((angle * n + first + count) * n, angles * n * n);
      }
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  } finally {
    closeSync(file);
  }
  const sidecar: Sidecar = { experiment, layout: "upper", foldedCost, measuredHalves: 2 };
  await writeFile(sidecarPath(out), `${JSON.stringify(sidecar)}\n`);
}

function readValues(
  { path, dtype, dataOffset }: Dataset,
  file: number,
  element: number,
  target: Float64Array | Float32Array,
): void {
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  const position = dataOffset + element * valueBytes(dtype);
  if (readSync(file, bytes, 0, bytes.length, position) < bytes.length)
    throw new TraceFormatError(`the file ends before byte ${position + bytes.length} (${path})`, {
      format: "npy",
      byteOffset: position,
    });
}
