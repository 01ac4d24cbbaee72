import { readSync } from "node:fs";
import { TraceFormatError } from "../../../../traces/model/errors.ts";
import type { Dataset } from "./dataset.ts";
import { valueBytes } from "./npy.ts";

/** Reads row i of one angle to its places j of `row`; returns the first j that is stored: 0, or i where only half of a map is. */
export function readMapRow(
  {
    path,
    experiment: { timeCount: n },
    layout,
    dtype,
    dataOffset,
  }: Pick<Dataset, "path" | "experiment" | "layout" | "dtype" | "dataOffset">,
  file: number,
  { angle, i }: { readonly angle: number; readonly i: number },
  row: Float64Array,
): number {
  const first = layout === "full" ? 0 : i;
  const element = layout === "full" ? (angle * n + i) * n : angle * ((n * (n + 1)) / 2) + i * n - (i * (i - 1)) / 2;
  const values = dtype === "f64" ? new Float64Array(n - first) : new Float32Array(n - first);
  const bytes = new Uint8Array(values.buffer);
  const position = dataOffset + element * valueBytes(dtype);
  if (readSync(file, bytes, 0, bytes.length, position) < bytes.length)
    throw new TraceFormatError(`the file ends inside the row at byte ${position} (${path})`, {
      format: "npy",
      byteOffset: position,
    });
  row.set(values, first);
  return first;
}
