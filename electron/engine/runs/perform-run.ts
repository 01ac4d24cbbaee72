import { rm } from "node:fs/promises";
import type { Backend } from "../../../native-bench/backends/backend.ts";
import type { GpuLine } from "../../../native-bench/gpu/gpu-line.ts";
import type { Availability } from "../../../native-bench/plan/availability.ts";
import type { RunUpdate } from "../../../native-bench/plan/telemetry.ts";
import { runBench } from "../../../native-bench/runner/run-bench.ts";
import { calibrateSpanCost } from "../../../native-bench/spans/calibrate.ts";
import { createRunClock, type ClockOrigin } from "../../../native-bench/spans/clock.ts";
import { createColumnRecorder, type ColumnRecorder } from "../../../native-bench/spans/column-recorder.ts";
import type { RecordMessage } from "../../../native-bench/spans/record-message.ts";
import { nullRecorder, type SpanRecorder } from "../../../native-bench/spans/recorder.ts";
import type { ThreadHost } from "../../../native-bench/threads/thread.ts";
import type { Workload } from "../../../native-bench/workloads/workload.ts";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";
import type { RunJob } from "./run-job.ts";
import { createScratchFolder, removeForsakenFolders } from "./scratch-folder.ts";

/** What the thread that runs brings along. */
export interface RunThread {
  readonly workloads: readonly Workload[];
  readonly backends: readonly Backend[];
  readonly gpu: GpuLine | null;
  readonly probe: (backend: Backend) => Promise<Availability>;
  readonly origin: ClockOrigin;
  readonly threads: ThreadHost;
  /** Numbers for tracks, unique over all threads of the run. */
  readonly nextTrack: () => number;
  readonly cancelFlag: Int32Array;
  readonly record: (message: RecordMessage) => void;
  /** Called at most ten times a second. */
  readonly tell: (updates: readonly RunUpdate[]) => void;
}

const tellIntervalMs = 100;

/** Runs one plan on the calling thread; the same in a worker, in the command line and in tests. */
export async function performRun(job: RunJob, thread: RunThread): Promise<BenchReport> {
  const { plan, appVersion } = job;
  const isRecording = plan.protocol.record;
  const spanCostNs = isRecording ? calibrateSpanCost() : null;
  const clock = createRunClock(thread.origin);
  const createRecorder = (name: string, sortIndex: number): ColumnRecorder =>
    createColumnRecorder({ track: thread.nextTrack(), name, sortIndex, clock, tell: thread.record });
  const trackRecorder = isRecording ? rememberTracks((name) => createRecorder(name, 2)) : () => nullRecorder;
  const scratchFolder = await createScratchFolder();
  // Beside the run, which needs neither its end nor its success.
  void removeForsakenFolders().catch(() => undefined);
  const updates = createUpdateQueue(thread.tell);
  try {
    return await runBench(plan, {
      ...thread,
      recorder: isRecording ? createRecorder("main", 0) : null,
      trackRecorder,
      scratchFolder,
      appVersion,
      spanCostNs,
      tell: updates.add,
    });
  } finally {
    updates.flush();
    await rm(scratchFolder, { recursive: true, force: true });
  }
}

/** One track a name: a session that is repeated goes on in those of the first. */
function rememberTracks(create: (name: string) => SpanRecorder): (name: string) => SpanRecorder {
  const tracks = new Map<string, SpanRecorder>();
  return (name) => {
    const track = tracks.get(name) ?? create(name);
    tracks.set(name, track);
    return track;
  };
}

/** Gathers updates. No timer would fire while a step runs, so whoever adds one sends what is due. */
function createUpdateQueue(tell: (updates: readonly RunUpdate[]) => void): {
  add(update: RunUpdate, atOnce?: boolean): void;
  flush(): void;
} {
  let waiting: RunUpdate[] = [];
  let toldMs = -Infinity;
  const flush = (): void => {
    if (waiting.length === 0) return;
    toldMs = performance.now();
    tell(waiting.splice(0));
  };
  return {
    add(update, atOnce = false) {
      waiting = withUpdate(waiting, update);
      if (atOnce || performance.now() - toldMs >= tellIntervalMs) flush();
    },
    flush,
  };
}

/** Points of a curve are gathered; of progress and results the newest is enough. */
function withUpdate(waiting: RunUpdate[], update: RunUpdate): RunUpdate[] {
  if (update.kind === "result")
    return [...waiting.filter((old) => old.kind !== "result" || old.index !== update.index), update];
  if (update.kind === "environment") return [...waiting, update];
  const { telemetry } = update;
  if (telemetry.kind === "progress")
    return [...waiting.filter((old) => old.kind !== "telemetry" || old.telemetry.kind !== "progress"), update];
  const last = waiting.at(-1);
  if (telemetry.kind === "points" && last?.kind === "telemetry" && last.telemetry.kind === "points") {
    if (last.telemetry.curve === telemetry.curve && last.telemetry.series === telemetry.series) {
      const points = [...last.telemetry.points, ...telemetry.points];
      waiting[waiting.length - 1] = { kind: "telemetry", telemetry: { ...telemetry, points } };
      return waiting;
    }
  }
  waiting.push(update);
  return waiting;
}
