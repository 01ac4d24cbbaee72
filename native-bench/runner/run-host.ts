import type { GpuLine } from "../gpu/gpu-line.ts";
import type { Backend } from "../backends/backend.ts";
import type { Availability } from "../plan/availability.ts";
import type { RunUpdate } from "../plan/telemetry.ts";
import type { ColumnRecorder } from "../spans/column-recorder.ts";
import type { SpanRecorder } from "../spans/recorder.ts";
import type { ThreadHost } from "../threads/thread.ts";
import type { Workload } from "../workloads/workload.ts";

/** What the place where a run happens brings along: a worker thread, a test. */
export interface RunHost {
  readonly workloads: readonly Workload[];
  readonly backends: readonly Backend[];
  /** The answer of a backend's probe; asked once a process. */
  probe(backend: Backend): Promise<Availability>;
  /** Null: nothing is recorded. */
  readonly recorder: ColumnRecorder | null;
  trackRecorder(name: string): SpanRecorder;
  readonly threads: ThreadHost;
  /** A line to a place that has WebGPU; null: this process may have it itself. */
  readonly gpu: GpuLine | null;
  /** [0] becomes 1 when the run shall end. */
  readonly cancelFlag: Int32Array;
  readonly scratchFolder: string;
  readonly appVersion: string;
  /** Calibrated, ns; null when nothing is recorded. */
  readonly spanCostNs: number | null;
  /** `atOnce`: nothing else may be told for a while, so it must not wait to be sent with more. */
  tell(update: RunUpdate, atOnce?: boolean): void;
}
