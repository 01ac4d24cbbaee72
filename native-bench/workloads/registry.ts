import { recorderLoad } from "./recorder-load/workload.ts";
import { streamingOptimizer } from "./streaming-optimizer/workload.ts";
import { studentForceField } from "./student-force-field/student-force-field.ts";
import type { Workload } from "./workload.ts";

/** Every workload, in the order in which they are offered. */
export const workloads: readonly Workload[] = [studentForceField, streamingOptimizer, recorderLoad];
