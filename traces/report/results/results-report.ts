import type { MeasurementComparison } from "../../compare/measurements/measurement-comparison.ts";
import { formatChange, formatInterval } from "../../compare/words.ts";
import { collectSections } from "../collect-sections.ts";
import { outcomeOf, type ReportPage } from "../report-page.ts";
import { reportSchemaVersion } from "../report.ts";
import { resultsSections } from "./registry.ts";

/** Everything a report of benchmark results may show. */
export interface ResultsReport {
  readonly title: string;
  readonly version: string;
  readonly commandLine: string | null;
  readonly hiddenSections: readonly string[];
  readonly comparison: MeasurementComparison;
}

/** A comparison of benchmark results as a page. */
export function pageOfResults(report: ResultsReport): ReportPage {
  const { title, comparison, version, commandLine } = report;
  const { rows, before, after, options } = comparison;
  return {
    title,
    sides: `${before.join(", ")} → ${after.join(", ")}`,
    ...collectSections(resultsSections, report),
    cases: rows.map(({ name, verdict, estimate: { relative, relativeInterval, q } }) => ({
      name,
      outcome: outcomeOf[verdict],
      message: `${formatChange(relative)}, ${relativeInterval === null ? "no interval" : formatInterval(relativeInterval, options.alpha)}, q ${q ?? "none"}`,
    })),
    data: { schemaVersion: reportSchemaVersion, title, version, commandLine, ...comparison },
  };
}
