import type { BenchResult, Environment } from "../../traces/measure/bench-report.ts";

/*
 * What a run tells while it runs. Plain data, at most 20 messages a second on the way to the window: the newest of
 * each kind wins, points and events are gathered.
 */

/** Results come again and again while they grow; their samples only with the report. */
export type RunUpdate =
  | { readonly kind: "telemetry"; readonly telemetry: Telemetry }
  /** Once, before the first result that was measured. */
  | { readonly kind: "environment"; readonly environment: Environment }
  | { readonly kind: "result"; readonly index: number; readonly result: BenchResult };

export type Telemetry =
  | { readonly kind: "phase"; readonly title: string; readonly index: number; readonly count: number }
  | ({ readonly kind: "progress" } & RunProgress)
  | {
      readonly kind: "points";
      readonly curve: string;
      /** The configuration that the points are of; a place before the last one begins its curve anew. */
      readonly series: string;
      readonly points: readonly (readonly [x: number, y: number])[];
    }
  | { readonly kind: "values"; readonly table: ValueTable }
  | { readonly kind: "map"; readonly map: ComparedMap }
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

/** A square map of measurements beside what a model says, averaged over cells. A later map of the same title replaces it. */
export interface ComparedMap {
  /** Which of several maps: "φ = −20.0°". */
  readonly title: string;
  /** What is measured: "g₂". */
  readonly valueTitle: string;
  /** Both axes reach from 0 to `extent`. */
  readonly axes: { readonly row: string; readonly column: string; readonly unit: string; readonly extent: number };
  /** Cells along a side; the arrays have side² of them, row by row. NaN: no points. */
  readonly side: number;
  readonly measured: Float32Array<ArrayBuffer>;
  readonly model: Float32Array<ArrayBuffer>;
  /** Mean of measured − model, in standard errors of that mean. */
  readonly residual: Float32Array<ArrayBuffer>;
  /** Mean square residual over its variance; 1 where only noise is left. */
  readonly reducedChiSquare: number;
}

export interface ValueRow {
  readonly label: string;
  readonly value: number;
  /** 95 % interval; null where it is not known. */
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: string;
}
