import type { BenchReport, BenchResult, Environment } from "../../traces/measure/bench-report.ts";
import type { RunPlan } from "./run-plan.ts";

export interface CutRun {
  readonly plan: Pick<RunPlan, "workload" | "variants" | "backends" | "protocol">;
  readonly environment: Environment;
  /** As they were told last: with medians and intervals, without samples. */
  readonly results: readonly BenchResult[];
  /** What ended the run. */
  readonly reason: string;
}

/**
 * The report of a run that was cut off before it could make its own: what it had told by then. Each measured result is
 * marked as stopped, with the reason; what was excluded, refused or failed stays so.
 */
export function cutReport({ plan, environment, results, reason }: CutRun): BenchReport {
  const { workload, variants, backends, protocol } = plan;
  const ids = [...new Set(results.flatMap(({ options }) => Object.keys(options)))];
  // Files of a plan are grants in a window and paths in the engine; those of the results are what ran.
  const options = Object.fromEntries(
    ids.map((id) => [id, [...new Set(results.map((result) => result.options[id] ?? null))]]),
  );
  return {
    format: "deltaflame-bench",
    version: 1,
    parameters: { workload, variants, backends, options, protocol: { ...protocol } },
    environment,
    results: results.map((result) => (isOpen(result) ? { ...result, outcome: "stopped", reason } : result)),
  };
}

const isOpen = ({ outcome }: BenchResult): boolean => outcome === "measured" || outcome === "stopped";
