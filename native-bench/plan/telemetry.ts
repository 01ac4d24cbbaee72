import type { BenchResult } from "../../traces/measure/bench-report.ts";

/*
 * What a run tells while it runs. Plain data, at most 20 messages a second on the way to the window: the newest of
 * each kind wins, points and events are gathered.
 */

/** Results come again and again while they grow; their samples only with the report. */
export type RunUpdate =
  | { readonly kind: "telemetry"; readonly telemetry: Telemetry }
  | { readonly kind: "result"; readonly index: number; readonly result: BenchResult };

export type Telemetry =
  | { readonly kind: "phase"; readonly title: string; readonly index: number; readonly count: number }
  | ({ readonly kind: "progress" } & RunProgress)
  | { readonly kind: "points"; readonly curve: string; readonly points: readonly (readonly [x: number, y: number])[] }
  | { readonly kind: "values"; readonly table: ValueTable }
  | { readonly kind: "event"; readonly name: string; readonly facts: Readonly<Record<string, number | string>> };

export interface RunProgress {
  readonly done: number;
  /** Null when nobody knows. */
  readonly total: number | null;
  /** "steps", "points". */
  readonly unit: string;
  /** What is being measured or done, for people. */
  readonly text: string;
  readonly secondsLeft: number | null;
}

/** Named numbers with intervals, such as the parameters of a fit. A later table of the same title replaces it. */
export interface ValueTable {
  readonly title: string;
  readonly rows: readonly ValueRow[];
}

export interface ValueRow {
  readonly label: string;
  readonly value: number;
  /** 95 % interval; null where it is not known. */
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: string;
}
