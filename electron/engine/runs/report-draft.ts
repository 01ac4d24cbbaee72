import { cutReport } from "../../../native-bench/plan/cut-report.ts";
import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { expandPlan } from "../../../native-bench/plan/run-plan.ts";
import { readEnvironment } from "../../../native-bench/runner/environment.ts";
import type { RunUpdate } from "../../../native-bench/plan/telemetry.ts";
import { describeUnmeasured } from "../../../native-bench/runner/result.ts";
import type { BenchReport, BenchResult, Environment } from "../../../traces/measure/bench-report.ts";
import type { RunJob } from "./run-job.ts";

/** The report of a run whose worker had to be ended by force: what it had told by then. Its samples are lost. */
export interface ReportDraft {
  take(updates: readonly RunUpdate[]): void;
  toReport(): BenchReport;
}

export function createReportDraft({ plan, appVersion }: RunJob, facts: WorkloadFacts | undefined): ReportDraft {
  const results: BenchResult[] = [];
  let environment: Environment | null = null;
  return {
    take(updates) {
      for (const update of updates) {
        if (update.kind === "result") results[update.index] = update.result;
        if (update.kind === "environment") ({ environment } = update);
      }
    },
    toReport() {
      const configurations = facts === undefined ? [] : expandPlan(plan, facts);
      return cutReport({
        plan,
        environment:
          environment ?? readEnvironment({ appVersion, spanCostNs: null, versions: {}, emulatedDevices: [] }),
        results: configurations.map(
          (configuration, index) => results[index] ?? describeUnmeasured(configuration, "stopped", null),
        ),
        reason: "ended by force: it did not stop by itself in time",
      });
    },
  };
}
