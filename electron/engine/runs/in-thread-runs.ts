import type { Backend } from "../../../native-bench/backends/backend.ts";
import { describeBackends } from "../../../native-bench/backends/describe-backends.ts";
import { startClock } from "../../../native-bench/spans/clock.ts";
import { createRecordings } from "../../../native-bench/spans/recordings.ts";
import type { Workload } from "../../../native-bench/workloads/workload.ts";
import { allocatePlain } from "../../../traces/model/column.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { createProbes } from "./probes.ts";
import { performRun } from "./perform-run.ts";
import type { FinishedRun, Runs } from "./run-job.ts";
import { runFacts, sealRecordings } from "./run-trace.ts";

/** Runs on the thread that asks, which answers little else meanwhile: where there is no worker bundle. */
export function createInThreadRuns(parts: {
  readonly workloads: readonly Workload[];
  readonly backends: readonly Backend[];
}): Runs {
  let cancelRunning: (() => void) | null = null;
  return {
    catalog: parts.workloads.map(({ facts }) => facts),
    describeBackends: (gpu) => describeBackends(parts.backends, createProbes(gpu)),
    start(job, { onUpdates, gpu }) {
      if (cancelRunning !== null) throw new UserFacingError("another run is going on");
      const origin = startClock();
      const recordings = createRecordings(origin);
      const cancelFlag = new Int32Array(new SharedArrayBuffer(4));
      let track = 0;
      const run = async (): Promise<FinishedRun> => {
        try {
          const report = await performRun(job, {
            ...parts,
            probe: createProbes(gpu),
            gpu,
            origin,
            threads: {
              start() {
                throw new UserFacingError("threads need the built worker: build first");
              },
            },
            nextTrack: () => track++,
            cancelFlag,
            record: (message) => recordings.take(message),
            tell: onUpdates,
          });
          const options = { allocate: allocatePlain, partial: false, facts: runFacts(report) };
          return { report, imported: job.plan.protocol.record ? sealRecordings(recordings, job.name, options) : null };
        } finally {
          cancelRunning = null;
        }
      };
      const stop = (): void => void Atomics.store(cancelFlag, 0, 1);
      cancelRunning = stop;
      return { finished: run(), stop, notesOf: (place) => recordings.notesOf(place), close: () => undefined };
    },
    isHeld: () => false,
    close() {
      cancelRunning?.();
      return Promise.resolve();
    },
  };
}
