import type { LaunchTable } from "../model/launch-table.ts";

export type Precision = "half" | "single" | "double";

/** Where a launch lies below the roof of its device. Formulas: Williams, Waterman, Patterson, "Roofline", CACM 52 (2009). */
export interface RooflinePoint {
  readonly launch: number;
  readonly precision: Precision;
  /** Floating-point operations per second while the kernel ran; a fused multiply-add is two. */
  readonly flopPerSecond: number;
  /** Operations per byte moved between the device memory and the caches; null where no byte was moved. */
  readonly intensityFlopPerByte: number | null;
  readonly peakFlopPerSecond: number;
  readonly peakBytesPerSecond: number;
}

/** Letters of the instructions of each precision: hadd, fadd, dadd … */
const letters: Readonly<Record<Precision, string>> = { half: "h", single: "f", double: "d" };

/**
 * Roofline of every launch and precision whose counters the file has. Counters: Nsight Compute's section
 * "SpeedOfLight_RooflineChart"; work = (add + mul + 2 fma) per cycle × cycles per second.
 */
export function computeRoofline(table: LaunchTable): RooflinePoint[] {
  const indexOf = new Map(table.metrics.map((metric, index) => [metric.id, index]));
  const width = table.metrics.length;
  const points: RooflinePoint[] = [];
  for (let launch = 0; launch < table.launches.length; launch++) {
    const read = (id: string): number => {
      const metric = indexOf.get(id);
      return metric === undefined ? Number.NaN : table.values[launch * width + metric];
    };
    const peakBytesPerSecond = read("dram__bytes.sum.peak_sustained") * read("dram__cycles_elapsed.avg.per_second");
    const bytesPerSecond = read("dram__bytes.sum.per_second");
    for (const precision of ["half", "single", "double"] as const) {
      const operation = (prefix: string, name: string): string =>
        `${prefix}__sass_thread_inst_executed_op_${letters[precision]}${name}_pred_on.sum`;
      const perCycle = (name: string): number => read(`${operation("smsp", name)}.per_cycle_elapsed`);
      const flopPerSecond =
        (perCycle("add") + perCycle("mul") + 2 * perCycle("fma")) * read("smsp__cycles_elapsed.avg.per_second");
      const peakFlopPerSecond =
        2 * read(`${operation("sm", "fma")}.peak_sustained`) * read("sm__cycles_elapsed.avg.per_second");
      if (!Number.isFinite(flopPerSecond + peakFlopPerSecond + peakBytesPerSecond + bytesPerSecond)) continue;
      points.push({
        launch,
        precision,
        flopPerSecond,
        intensityFlopPerByte: bytesPerSecond > 0 ? flopPerSecond / bytesPerSecond : null,
        peakFlopPerSecond,
        peakBytesPerSecond,
      });
    }
  }
  return points;
}
