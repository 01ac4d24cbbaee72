import type { MeasurementComparison } from "../../compare/measurements/measurement-comparison.ts";
import { formatChange, intervalWords } from "../../compare/words.ts";
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
  const { rows, before, after } = comparison;
  return {
    title,
    sides: `${before.join(", ")} → ${after.join(", ")}`,
    ...collectSections(resultsSections, report),
    cases: rows.map(({ name, verdict, estimate }) => ({
      name,
      outcome: outcomeOf[verdict],
      message: `${formatChange(estimate.relative)}, ${intervalWords(estimate) ?? "no interval"}, q ${estimate.q ?? "none"}`,
    })),
    data: { schemaVersion: reportSchemaVersion, title, version, commandLine, ...comparison },
  };
}
