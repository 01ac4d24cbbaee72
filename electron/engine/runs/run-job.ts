import type { GpuLine } from "../../../native-bench/gpu/gpu-line.ts";
import type { BackendFacts, WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { RunPlan } from "../../../native-bench/plan/run-plan.ts";
import type { RunUpdate } from "../../../native-bench/plan/telemetry.ts";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";
import type { ImportedTrace } from "../imports/import-job.ts";

/** One run. Plain data: it travels to a worker. File options are paths by now. */
export interface RunJob {
  readonly plan: RunPlan;
  /** Name of the trace. */
  readonly name: string;
  readonly appVersion: string;
}

export interface RunWatcher {
  readonly onUpdates: (updates: readonly RunUpdate[]) => void;
  /** Null: nobody looks before the end. */
  readonly onSnapshot: ((imported: ImportedTrace) => void) | null;
  /** WebGPU that the client lends; null: the process of the run may have it itself. */
  readonly gpu: GpuLine | null;
}

export interface FinishedRun {
  readonly report: BenchReport;
  /** Null when nothing was recorded. */
  readonly imported: ImportedTrace | null;
}

export interface RunningRun {
  /** Rejects with `UserFacingError` for a plan that cannot run, and when the worker dies. */
  readonly finished: Promise<FinishedRun>;
  /** Sets the flag; a worker that does not look at it within a second is ended by force, and what it had told is kept. */
  stop(): void;
  /** Arguments of a span by its source offset; none once the run is closed. */
  notesOf(place: number): readonly (readonly [key: string, value: string])[];
  /** Gives back what `notesOf` needs, when the run has finished. */
  close(): void;
}

/** Runs workloads: in a worker thread, or in this one. */
export interface Runs {
  readonly catalog: readonly WorkloadFacts[];
  describeBackends(gpu: GpuLine | null): Promise<readonly BackendFacts[]>;
  /** One at a time, so that timings are honest; throws `UserFacingError` while another runs. */
  start(job: RunJob, watcher: RunWatcher): RunningRun;
  /**
   * Whether a thread that was given up is still inside a native library. Ending it there, which `process.exit` does as
   * well, aborts the process ("terminate called after throwing an instance of 'Napi::Error'"): where all is written,
   * end the process by a signal, which takes nothing down in order.
   */
  isHeld(): boolean;
  /** Stops the run that is going on and ends all threads but those that `isHeld` tells of. */
  close(): Promise<void>;
}
