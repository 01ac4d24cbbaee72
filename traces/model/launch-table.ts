import type { Column } from "./column.ts";

/**
 * Kernels that a profiler ran again one by one, with hardware metrics, in the order of their launches. They have
 * durations but no place on a time axis, so they are no spans.
 */
export interface LaunchTable {
  readonly launches: readonly Launch[];
  readonly metrics: readonly LaunchMetric[];
  /** float64, launch after launch, `metrics.length` values each, in the unit of the metric; NaN: not collected. */
  readonly values: Column;
  /** Metrics that are words, by place in `values`, ascending. */
  readonly texts: readonly (readonly [place: number, text: string])[];
}

export interface Launch {
  readonly name: string;
  /** With parameters or template arguments; null where the file has only the name. */
  readonly signature: string | null;
  readonly grid: Dimensions;
  readonly block: Dimensions;
  /** Null: not collected, as all below. */
  readonly durationNs: number | null;
  readonly registersPerThread: number | null;
  /** Part of the peak throughput of the multiprocessors, of the memory, and of the warps that could be active. */
  readonly computeFraction: number | null;
  readonly memoryFraction: number | null;
  readonly occupancyFraction: number | null;
  readonly device: string | null;
}

export type Dimensions = readonly [x: number, y: number, z: number];

export interface LaunchMetric {
  /** As the tool calls it: "sm__warps_active.avg.pct_of_peak_sustained_active". Unique in a table. */
  readonly id: string;
  /** For people: "Achieved Occupancy". */
  readonly label: string;
  /** Empty for metrics of no section. */
  readonly section: string;
  /** Base units: "ns", "byte", "byte/s", "Hz", "%", as the tool writes all others; empty where it says none. */
  readonly unit: string;
}
