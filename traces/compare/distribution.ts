import { markOutliers } from "../measure/describe.ts";
import { estimateDensity } from "../measure/modes.ts";
import type { Distribution } from "./comparison.ts";

/** Quartiles, outliers, density and modes of the values. `records`: their steps, where each value is one. */
export function describeValues(values: Float64Array, records: Int32Array = new Int32Array(0)): Distribution {
  const { quartiles, mild, far } = markOutliers(values);
  const { at, density, modes } = estimateDensity(values);
  return {
    values,
    step: records.length === values.length ? records : new Int32Array(values.length).fill(-1),
    quartiles,
    mildOutliers: mild,
    farOutliers: far,
    densityAt: at,
    density,
    modes,
  };
}
