import type { MeasurementHistory } from "../../traces/compare/measurements/measurement-history.ts";
import type { MeasurementComparison } from "../../traces/compare/measurements/measurement-comparison.ts";
import type { ComparisonOptions } from "../../traces/compare/comparison.ts";

/* Results that are kept on this machine, run after run, so that a regression against the run before is seen. */

export interface HistoryCommands {
  /** Suites that have kept runs, at most `count`, the one with the newest run first. */
  "history.list": { readonly request: { readonly count: number }; readonly reply: readonly KeptSuite[] };
  /** All runs of a suite, and the newest against the one before. */
  "history.read": { readonly request: HistoryRequest; readonly reply: SuiteHistory };
  /** Compares a result file with the newest run of the suite, and keeps it. Refuses what cannot be read. */
  "history.keep": {
    readonly request: HistoryRequest & { readonly file: string };
    readonly reply: { readonly comparison: MeasurementComparison | null };
  };
}

export interface HistoryRequest {
  /** Free text; folders are named after it. */
  readonly suite: string;
  readonly options: ComparisonOptions;
}

export interface KeptSuite {
  readonly suite: string;
  readonly runCount: number;
  /** "2026-11-25T10:00:00", UTC. */
  readonly newest: string;
}

export interface SuiteHistory extends MeasurementHistory {
  readonly suite: string;
  /** When each run was kept, oldest first: "2026-11-25T10:00:00", UTC. */
  readonly keptAt: readonly string[];
}
