import { medianInterval } from "../../measure/median-interval.ts";
import { type Measurement, type MeasurementSet, pathText, summarize } from "../../measure/measurement.ts";
import type { ComparisonOptions } from "../comparison.ts";
import { compareMeasurements } from "./compare-measurements.ts";
import type { MeasurementComparison, MeasurementVerdict } from "./measurement-comparison.ts";
import { scaleOf, unitOf } from "./time-units.ts";

/** Runs of one suite, oldest first. */
export interface MeasurementHistory {
  readonly series: readonly HistorySeries[];
  /** The newest run against the one before; null with one run. */
  readonly latest: MeasurementComparison | null;
}

/** One measurement over the runs. */
export interface HistorySeries {
  readonly name: string;
  /** Times are ns. */
  readonly unit: string;
  readonly better: "lower" | "higher" | null;
  readonly points: readonly HistoryPoint[];
}

export interface HistoryPoint {
  /** From 0, oldest first. */
  readonly run: number;
  readonly median: number;
  readonly interval: readonly [low: number, high: number] | null;
  readonly count: number | null;
  /** Against the run before; null for the first, and where that run has no such measurement. */
  readonly verdict: MeasurementVerdict | null;
}

/** `runs` oldest first. Each run is compared with the one before, with the adjusted p of all its measurements. */
export function followMeasurements(runs: readonly MeasurementSet[], options: ComparisonOptions): MeasurementHistory {
  const comparisons = runs.map((run, at) => (at === 0 ? null : compareMeasurements([runs[at - 1]], [run], options)));
  const series = new Map<string, { readonly about: Omit<HistorySeries, "points">; readonly points: HistoryPoint[] }>();
  runs.forEach(({ measurements }, run) => {
    const verdicts = new Map(comparisons[run]?.rows.map((row) => [row.name, row.verdict]));
    for (const measurement of measurements) {
      const name = pathText(measurement);
      const unit = unitOf(measurement);
      // The same name in another unit is another series.
      const key = `${name}\u0000${unit}`;
      const known = series.get(key) ?? { about: { name, unit, better: measurement.better }, points: [] };
      series.set(key, known);
      const point = toPoint(measurement, run, verdicts.get(name) ?? null);
      if (Number.isFinite(point.median)) known.points.push(point);
    }
  });
  return {
    series: [...series.values()].flatMap(({ about, points }) => (points.length === 0 ? [] : [{ ...about, points }])),
    latest: comparisons.at(-1) ?? null,
  };
}

function toPoint(measurement: Measurement, run: number, verdict: MeasurementVerdict | null): HistoryPoint {
  const scale = scaleOf(measurement);
  const { median, mean, n } = summarize(measurement);
  const interval = medianInterval(measurement.values);
  return {
    run,
    median: (median ?? mean ?? Number.NaN) * scale,
    interval: interval === null ? null : [interval.low * scale, interval.high * scale],
    count: n,
    verdict,
  };
}
