import { evaluatorThread } from "../workloads/student-force-field/evaluate/evaluator-thread.ts";
import type { ThreadRole } from "./thread.ts";

/** Every role a thread of a workload can have. */
export const threadRoles: readonly ThreadRole[] = [evaluatorThread];
