/** What a comparison says of one quantity; see `decideVerdict` for the rule. */
export type Verdict = "regressed" | "improved" | "equivalent" | "inconclusive";

/** Where the true change probably lies when that is not decided. */
export type Direction = "slower" | "faster" | "unknown";

/** How the interval was made. */
export type IntervalMethod =
  /** Order statistics of all differences at exact Mann–Whitney quantiles: independent replicates, small n. */
  | "exact"
  /** The same order statistics at normal quantiles, n replaced by the effective n. */
  | "normal"
  /** From mean, standard deviation and n of each side (Welch). */
  | "summary"
  /** Too few observations. */
  | "none";

export type Interval = readonly [low: number, high: number];

/** One side of an estimate. Unit: that of the values. */
export interface SampleSummary {
  readonly n: number;
  /** n / τ: how many independent values say as much. */
  readonly effectiveN: number;
  readonly median: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

/** Before against after; positive shift: after is larger. */
export interface Estimate {
  readonly before: SampleSummary;
  readonly after: SampleSummary;
  /** Hodges–Lehmann: median of all differences after − before. Unit of the values. */
  readonly shift: number;
  /** 95 % (1 − α) interval of the shift; null when no interval can be given. */
  readonly shiftInterval: Interval | null;
  /** Relative change, 0.05 = 5 % more; see `relativeOf`. Infinity for something new. */
  readonly relative: number;
  /** 1 − α interval of the relative change. */
  readonly relativeInterval: Interval | null;
  /** Of these two intervals: 1 − α, or the most that so few observations allow. */
  readonly level: number;
  /** 1 − 2α interval, the one that decides equivalence. */
  readonly equivalenceInterval: Interval | null;
  readonly method: IntervalMethod;
  /** Two-sided Mann–Whitney p; null below two values a side. */
  readonly p: number | null;
  /** Adjusted over all rows (Benjamini–Hochberg); null when not tested. */
  readonly q: number | null;
  /** Two-sample Kolmogorov–Smirnov p: differences of shape. */
  readonly shapeP: number | null;
  /** Cliff's δ, −1 to 1; positive: after tends to be larger. */
  readonly cliffsDelta: number | null;
  readonly effect: "negligible" | "small" | "medium" | "large" | null;
  readonly verdict: Verdict;
  readonly direction: Direction;
  /** q ≤ α, whatever the tolerance. */
  readonly significant: boolean;
  /** Same centre, different spread: shape differs, location does not. */
  readonly shapeOnly: boolean;
  /** For inconclusive ones: about how many more observations a side would decide; null when unknown or decided. */
  readonly moreNeeded: number | null;
  /** Sentences for people: "n below 4 can never be significant", "interval below its nominal level". */
  readonly notes: readonly string[];
}
