import { closeSync, openSync, readSync } from "node:fs";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import type { Dataset } from "../data/dataset.ts";
import { valueBytes } from "../data/npy.ts";
import { standardBlockRows } from "../evaluators/block-plan.ts";

/** The first rows of the first map, at most `mostPoints` points: slow sides of a case compute on these. */
export function readFirstRows(
  dataset: Dataset,
  mostPoints: number,
): { readonly values: Float64Array; readonly rowCount: number } {
  if (dataset.layout !== "full") throw new UserFacingError("cases need whole maps, found half of each");
  const n = dataset.experiment.timeCount;
  const rowCount = Math.max(1, Math.min(n, Math.floor(mostPoints / n)));
  const bytes = new Uint8Array(rowCount * n * valueBytes(dataset.dtype));
  const file = openSync(dataset.path, "r");
  try {
    readSync(file, bytes, 0, bytes.length, dataset.dataOffset);
  } finally {
    closeSync(file);
  }
  const values =
    dataset.dtype === "f64" ? new Float64Array(bytes.buffer) : Float64Array.from(new Float32Array(bytes.buffer));
  return { values, rowCount };
}

/** One point of the first block, with its value. */
export interface BlockPoint {
  readonly angle: number;
  readonly i: number;
  readonly j: number;
  readonly y: number;
}

/** Calls `visit` for every point of the first block: its rows of all maps. The same object each time. */
export function visitFirstBlock(dataset: Dataset, visit: (point: BlockPoint) => void): number {
  const n = dataset.experiment.timeCount;
  const rowCount = Math.min(standardBlockRows, n);
  const point = { angle: 0, i: 0, j: 0, y: 0 };
  for (; point.angle < dataset.experiment.anglesDegrees.length; point.angle++) {
    const map = { ...dataset, dataOffset: dataset.dataOffset + point.angle * n * n * valueBytes(dataset.dtype) };
    const { values } = readFirstRows(map, rowCount * n);
    for (point.i = 0; point.i < rowCount; point.i++)
      for (point.j = 0; point.j < n; point.j++) {
        point.y = values[point.i * n + point.j];
        visit(point);
      }
  }
  return dataset.experiment.anglesDegrees.length * rowCount * n;
}
