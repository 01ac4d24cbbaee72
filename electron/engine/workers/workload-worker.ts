import { workerData } from "node:worker_threads";
import { backends } from "../../../native-bench/backends/registry.ts";
import { threadRoles } from "../../../native-bench/threads/registry.ts";
import { workloads } from "../../../native-bench/workloads/registry.ts";
import type { WorkerPart } from "../runs/run-messages.ts";
import { startWorkerPart } from "./start-worker-part.ts";

/*
 * The entry of all threads of a run: one bundle, told by its `workerData` what it is there for.
 */

startWorkerPart(workerData as WorkerPart, { workloads, backends, threadRoles });
