import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { expandPlan } from "../../../native-bench/plan/run-plan.ts";
import { readEnvironment } from "../../../native-bench/runner/environment.ts";
import type { RunUpdate } from "../../../native-bench/plan/telemetry.ts";
import { describeUnmeasured } from "../../../native-bench/runner/result.ts";
import type { BenchReport, BenchResult } from "../../../traces/measure/bench-report.ts";
import type { RunJob } from "./run-job.ts";

/** The report of a run whose worker had to be ended by force: what it had told by then. Its samples are lost. */
export interface ReportDraft {
  take(updates: readonly RunUpdate[]): void;
  toReport(): BenchReport;
}

export function createReportDraft({ plan, appVersion }: RunJob, facts: WorkloadFacts | undefined): ReportDraft {
  const results: BenchResult[] = [];
  return {
    take(updates) {
      for (const update of updates) if (update.kind === "result") results[update.index] = update.result;
    },
    toReport() {
      const { workload, variants, backends, options, protocol } = plan;
      return {
        format: "deltaflame-bench",
        version: 1,
        parameters: { workload, variants, backends, options, protocol: { ...protocol } },
        environment: readEnvironment({ appVersion, spanCostNs: null, versions: {}, emulatedDevices: [] }),
        results: (facts === undefined ? [] : expandPlan(plan, facts)).map((configuration, index) => ({
          ...(results[index] ?? describeUnmeasured(configuration, "stopped", null)),
          outcome: "stopped",
          reason: "ended by force: it did not stop by itself in time",
        })),
      };
    },
  };
}
