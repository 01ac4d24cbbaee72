import { streamingOptimizer } from "./streaming-optimizer/workload.ts";
import type { Workload } from "./workload.ts";

/** Every workload, in the order in which they are offered. */
export const workloads: readonly Workload[] = [streamingOptimizer];
