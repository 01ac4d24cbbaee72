import type { TraceSummary } from "../../electron/contract/engine-contract.ts";

/** Kernels without a time axis have a table where other traces have a timeline. */
export function hasLaunchesOnly(summary: Pick<TraceSummary, "launchCount" | "spanCount">): boolean {
  return summary.launchCount > 0 && summary.spanCount === 0;
}
