import type { DeltaRow } from "../compare/comparison.ts";
import { formatChange } from "../compare/words.ts";
import type { Estimate } from "../measure/estimate.ts";
import { collectSections } from "./collect-sections.ts";
import { reportSections } from "./registry.ts";
import { outcomeOf, type ReportPage, type TestCase } from "./report-page.ts";
import type { ComparisonReport } from "./report.ts";

/** A comparison of traces as a page. */
export function pageOfComparison(report: ComparisonReport): ReportPage {
  const { before, after } = report.summary;
  return {
    title: report.title,
    sides: `${before.label} → ${after.label}`,
    ...collectSections(reportSections, report),
    cases: casesOf(report),
    data: report,
  };
}

/** One test case for the step, each limit of accuracy and each row. */
function casesOf({ summary: { headline }, claims, rows }: ComparisonReport): readonly TestCase[] {
  const first: TestCase =
    headline.estimate === null
      ? { name: headline.quantity, outcome: "error", message: headline.sentence }
      : toCase(headline.quantity, headline.estimate, headline.sentence);
  const accuracy = (claims?.accuracy ?? []).map(({ quantity, unit, after, limit, passes }): TestCase => ({
    name: `accuracy: ${quantity}`,
    outcome: passes ? "passed" : "failure",
    message: `${after} ${unit}, limit ${limit} ${unit}`,
  }));
  return [first, ...accuracy, ...rows.flatMap(rowCase)];
}

function rowCase({ path, estimate }: DeltaRow): readonly TestCase[] {
  if (estimate === null) return [];
  const { relative, q } = estimate;
  return [toCase(path.join(" › "), estimate, `self time per step ${formatChange(relative)}, q ${q ?? "none"}`)];
}

function toCase(name: string, { verdict }: Estimate, message: string): TestCase {
  return { name, outcome: outcomeOf[verdict], message };
}
