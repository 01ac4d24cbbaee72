import type { IntegrityFinding } from "./integrity/finding.ts";

/**
 * One number of a benchmark result and its repetitions. Not a span: it has no place in time.
 * Two sets are compared by `path`, whatever tools wrote them.
 */
export interface Measurement {
  /**
   * What was measured, from the root of the file: ["batch_inference", "4", "time_ms"]. Words of statistics ("mean",
   * "std") are no part of it. Unique within a set.
   */
  readonly path: readonly string[];
  /** Repetitions in file order, in `unit`; empty when the file holds only their summary. */
  readonly values: readonly number[];
  /** Repetitions that the tool made to warm up, in `unit`; in no statistic. */
  readonly warmups: readonly number[];
  /** What the file itself says of the repetitions, in `unit`; null when it says nothing. */
  readonly stated: StatedSummary | null;
  readonly unit: MeasurementUnit;
  /** Which way is better; null when neither file nor name tells. */
  readonly better: "lower" | "higher" | null;
  /**
   * How it was made, where the file says it for this one: backend, device, precision, options. Keys are columns of a
   * table: "warmup_steps".
   */
  readonly labels?: readonly (readonly [key: string, value: string | number])[];
  /** Items of one step, where `values` are times per item; absent where they are what was timed. */
  readonly itemsPerStep?: number;
  /** How large an item is (atoms); absent where the file does not say. */
  readonly itemSize?: number;
}

/** Statistics as the file gives them, in the unit of the measurement; null = not said. */
export interface StatedSummary {
  readonly n: number | null;
  readonly mean: number | null;
  readonly median: number | null;
  /** Sample or population deviation: files do not say which. */
  readonly standardDeviation: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Further ones: share (0.95 for a p95) and value, ascending. */
  readonly quantiles: readonly (readonly [share: number, value: number])[];
}

export interface MeasurementUnit {
  /** "ns", "us", "ms", "s", "B", "kB", "MB", "GB", "1/s", "%", "x" (a ratio), "count", or any word of the file; "" when unknown. */
  readonly symbol: string;
  /** `stated`: the file or the format says so; `guessed`: from the name of the number; `user`: edited. */
  readonly source: "stated" | "guessed" | "unknown" | "user";
}

/** All measurements of one file. */
export interface MeasurementSet {
  /** File name or run name; never a path. */
  readonly name: string;
  /** Reader id. */
  readonly format: string;
  /** For people: "Google Benchmark". */
  readonly formatLabel: string;
  readonly producer: string | null;
  /** Allow-listed facts about machine and run, in file order. */
  readonly facts: readonly (readonly [key: string, value: string])[];
  readonly measurements: readonly Measurement[];
  readonly ledger: MeasurementLedger;
  /** Numbers that do not measure what they say; empty for an honest file. */
  readonly integrity: readonly IntegrityFinding[];
}

/** What became of every number of the file: numbersRead = values + warmups + statistics + facts + Σ leftOut. */
export interface MeasurementLedger {
  readonly numbersRead: number;
  readonly values: number;
  readonly warmups: number;
  /** Numbers that became part of a stated summary. */
  readonly statistics: number;
  readonly facts: number;
  /** Reason → how many numbers. */
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[];
  /** Oddities that cost no number. */
  readonly notes: readonly string[];
}

/** Statistics of a measurement in its unit: those of its repetitions, else what the file states; null = not known. */
export interface MeasurementSummary {
  readonly n: number | null;
  readonly mean: number | null;
  readonly median: number | null;
  /** Sample standard deviation (n − 1) of the repetitions, else the stated one. */
  readonly standardDeviation: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** One line for people and keys: the path with " / " between its words. */
export function pathText({ path }: Pick<Measurement, "path">): string {
  return path.join(" / ");
}

/** Of the repetitions where the file has them: what a file states may be rounded, or of other repetitions. */
export function summarize({ values, stated }: Pick<Measurement, "values" | "stated">): MeasurementSummary {
  if (values.length === 0) {
    const { n = null, mean = null, median = null, standardDeviation = null, min = null, max = null } = stated ?? {};
    return { n, mean, median, standardDeviation, min, max };
  }
  const n = values.length;
  const sorted = values.toSorted((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const upper = sorted[n >>> 1];
  return {
    n,
    mean,
    median: n % 2 === 1 ? upper : (sorted[(n >>> 1) - 1] + upper) / 2,
    standardDeviation: n > 1 ? Math.sqrt(squares / (n - 1)) : (stated?.standardDeviation ?? null),
    min: sorted[0],
    max: sorted[n - 1],
  };
}

/** The measurements of a set by their path, for finding what two sets share. */
export function indexByPath({ measurements }: MeasurementSet): ReadonlyMap<string, Measurement> {
  return new Map(measurements.map((measurement) => [JSON.stringify(measurement.path), measurement]));
}
