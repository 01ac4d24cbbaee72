import { readSync } from "node:fs";
import { TraceFormatError, UserFacingError } from "../../../../traces/model/errors.ts";
import type { Dataset } from "../data/dataset.ts";
import { valueBytes } from "../data/npy.ts";
import type { BlockJob } from "./block-kernel.ts";

/** Throws UserFacingError for what engines of float32 do not take: they sum whole maps whose points count alike. */
export function refuseUnequalPoints(engine: string, { dataset, rules }: Pick<BlockJob, "dataset" | "rules">): void {
  if (
    dataset.layout === "full" &&
    dataset.sigmaPath === null &&
    rules.loss === "linear" &&
    rules.nonFinite === "reject" &&
    rules.diagonal === "keep"
  )
    return;
  throw new UserFacingError(
    `${engine} takes whole maps with equal weights and squares; wasm-f64 and js-f64 take the rest`,
  );
}

/**
 * y − shift of the rows at the angles, [angle][row][j], written to `out`: subtracted in float64, since float32 would lose the digits that
 * noise is made of. Throws UserFacingError for values that are not finite.
 */
export function readRows(
  dataset: Dataset,
  file: number,
  {
    rows,
    angles,
    shift,
  }: { readonly rows: readonly number[]; readonly angles: readonly number[]; readonly shift: number },
  out: Float32Array | Float64Array,
): void {
  const n = dataset.experiment.timeCount;
  const bytes = valueBytes(dataset.dtype);
  const buffer = new Uint8Array(n * bytes);
  const line = dataset.dtype === "f64" ? new Float64Array(buffer.buffer) : new Float32Array(buffer.buffer);
  let at = 0;
  for (const angle of angles)
    for (const i of rows) {
      const position = dataset.dataOffset + (angle * n + i) * n * bytes;
      if (readSync(file, buffer, 0, buffer.length, position) < buffer.length)
        throw new TraceFormatError(`the file ends inside the row at byte ${position} (${dataset.path})`, {
          format: "npy",
          byteOffset: position,
        });
      for (let j = 0; j < n; j++) {
        if (!Number.isFinite(line[j]))
          throw new UserFacingError(
            `expected finite values, found NaN or infinity at angle ${angle}, i ${i}, j ${j} of ${dataset.path}`,
          );
        out[at++] = line[j] - shift;
      }
    }
}
