import type { Block } from "./block.ts";
import type { ComparisonReport } from "./report.ts";

/** One part of a report. One section is one file in `sections/` and one line in `registry.ts`. */
export interface ReportSection<Source = ComparisonReport> {
  /** File name without ".ts". */
  readonly id: string;
  readonly title: string;
  /** Null when the report has nothing for it: then it is named among what was not collected. */
  readonly build: (report: Source) => readonly Block[] | null;
}
