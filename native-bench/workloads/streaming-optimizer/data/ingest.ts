import { stat, writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { CancelledError, TraceFormatError, UserFacingError } from "../../../../traces/model/errors.ts";
import { createReferenceExperiment, type Experiment } from "../model/experiment.ts";
import { createArrayWriter } from "./array-writer.ts";
import { readSidecar, type Sidecar, sidecarPath } from "./dataset.ts";
import { readCsvValues } from "./formats/csv.ts";
import { readHdf5Values } from "./formats/hdf5.ts";
import { readParquetValues } from "./formats/parquet.ts";

/** Measured values of a file in the order [angle][i][j], a part at a time. */
export interface ValueSource {
  /** [angles, n, n], [n, n], or [count] where the format knows no shape. */
  readonly shape: readonly number[];
  /** upper: of each row only j ≥ i is given. */
  readonly layout: "full" | "upper";
  /** Each part may reuse the array of the one before. */
  parts(): AsyncIterable<Float64Array>;
  close(): void;
}

export interface IngestOptions {
  readonly path: string;
  /** The working file, .npy. */
  readonly out: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (valuesDone: number, valuesTotal: number) => void;
}

/** One reader a format, by the ending of the file. */
const readers: Readonly<Record<string, (path: string) => Promise<ValueSource>>> = {
  ".h5": readHdf5Values,
  ".hdf5": readHdf5Values,
  ".parquet": readParquetValues,
  ".csv": readCsvValues,
};

export const ingestedExtensions: readonly string[] = Object.keys(readers).map((extension) => extension.slice(1));

export const needsIngest = (path: string): boolean => Object.hasOwn(readers, extname(path).toLowerCase());

/**
 * Converts a file to the working format once: values in order to `.npy`, geometry from the `.json` beside the file, the reference geometry
 * where there is none. Memory is bounded by a part. Throws TraceFormatError where sizes do not agree.
 */
export async function ingestExperiment({ path, out, signal, onProgress }: IngestOptions): Promise<void> {
  const reader = readers[extname(path).toLowerCase()];
  if (reader === undefined)
    throw new UserFacingError(`expected a file that ends in ${ingestedExtensions.join(", ")}, found ${path}`);
  await stat(path);
  const sidecar = readSidecar(path);
  const source = await reader(path);
  try {
    const experiment = chooseExperiment(source, sidecar, path);
    const angles = experiment.anglesDegrees.length;
    const n = experiment.timeCount;
    const perAngle = source.layout === "full" ? n * n : (n * (n + 1)) / 2;
    const shape = source.layout === "full" ? [angles, n, n] : [angles, perAngle];
    const writer = await createArrayWriter(out, { dtype: "f64", shape });
    let count = 0;
    try {
      for await (const part of source.parts()) {
        if (signal?.aborted === true) throw new CancelledError();
        await writer.write(part);
        count += part.length;
        onProgress?.(count, angles * perAngle);
      }
      if (count !== angles * perAngle)
        throw new TraceFormatError(
          `expected ${angles * perAngle} values for ${angles} maps of ${n} times, found ${count} (${path})`,
        );
      await writer.finish();
    } catch (error) {
      await writer.abandon();
      throw error;
    }
    const { layout: _layout, ...rest } = sidecar ?? {};
    await writeFile(
      sidecarPath(out),
      `${JSON.stringify({ ...rest, experiment, layout: source.layout } satisfies Sidecar)}\n`,
    );
  } finally {
    source.close();
  }
}

function chooseExperiment({ shape, layout }: ValueSource, sidecar: Sidecar | null, path: string): Experiment {
  if (sidecar !== null) return sidecar.experiment;
  const [angles, n] =
    shape.length === 3 ? [shape[0], shape[1]] : shape.length === 2 ? [1, shape[0]] : [1, Math.sqrt(shape[0])];
  if (!Number.isInteger(n) || n < 2 || layout === undefined)
    throw new TraceFormatError(
      `expected square maps, or a description in ${sidecarPath(path)}; found ${shape.join(" × ")} values`,
    );
  return createReferenceExperiment(n, angles);
}
