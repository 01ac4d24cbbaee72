import type { BenchReport } from "../../traces/measure/bench-report.ts";
import type { WorkloadFacts } from "./catalog.ts";
import { itemOf } from "./item-of.ts";

/**
 * The file in which a report is saved, by `bench --json` and by the window: the fields of `BenchReport`, what an item
 * is (`per`), and of each result its options once more beside the numbers ("batch": 4), where scripts look for them.
 */
export function toReportText(report: BenchReport, workload: Pick<WorkloadFacts, "item" | "variants">): string {
  const { one } = itemOf(
    workload,
    report.results.map(({ variant }) => variant),
  );
  const results = report.results.map((result) => ({ ...result.options, ...result }));
  return `${JSON.stringify({ ...report, per: one, results }, null, 2)}\n`;
}
