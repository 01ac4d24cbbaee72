import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";

/**
 * The report as `--json` writes it: the fields of `BenchReport`, and of each result its options once more beside the
 * numbers ("batch": 4), where scripts look for them.
 */
export function toReportJson(report: BenchReport, { item }: WorkloadFacts): Readonly<Record<string, unknown>> {
  return {
    ...report,
    per: item.one,
    results: report.results.map((result) => ({ ...result.options, ...result })),
  };
}
