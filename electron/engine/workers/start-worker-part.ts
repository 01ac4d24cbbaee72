import type { Backend } from "../../../native-bench/backends/backend.ts";
import type { ThreadRole } from "../../../native-bench/threads/thread.ts";
import type { Workload } from "../../../native-bench/workloads/workload.ts";
import type { WorkerPart } from "../runs/run-messages.ts";
import { runCollector } from "./collector-part.ts";
import { runThread } from "./thread-part.ts";
import { runWorkload } from "./workload-part.ts";

/** What the threads of a bundle can do. */
export interface WorkerRegistries {
  readonly workloads: readonly Workload[];
  readonly backends: readonly Backend[];
  readonly threadRoles: readonly ThreadRole[];
}

/** Makes this thread what its `workerData` says. */
export function startWorkerPart(part: WorkerPart, registries: WorkerRegistries): void {
  switch (part.kind) {
    case "workload":
      runWorkload(registries);
      break;
    case "collector":
      runCollector(part);
      break;
    case "thread":
      runThread(part, registries.threadRoles);
      break;
  }
}
