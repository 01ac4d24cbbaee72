import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { startCollector } from "../../../electron/engine/runs/collector.ts";
import type { ImportedTrace } from "../../../electron/engine/imports/import-job.ts";
import type { WorkerPart } from "../../../electron/engine/runs/run-messages.ts";
import { startWorkerPart } from "../../../electron/engine/workers/start-worker-part.ts";
import { createRunClock, startClock, type ClockOrigin } from "../../../native-bench/spans/clock.ts";
import { createColumnRecorder, type RecordMessage } from "../../../native-bench/spans/column-recorder.ts";
import { nullRecorder, type SpanRecorder } from "../../../native-bench/spans/recorder.ts";
import { createRecordings } from "../../../native-bench/spans/recordings.ts";
import { ledgerBalance } from "../../../traces/model/ledger-book.ts";
import { createPicture } from "../../../traces/timeline/picture.ts";

/*
 * A workload that records at a steady rate, watched as the window watches a run: the same recorder, collector and
 * engine side, without the window.
 */

interface LoadPart {
  readonly kind: "load";
  readonly origin: ClockOrigin;
  readonly spansPerSecond: number;
  readonly seconds: number;
}

type FromLoad =
  | { readonly kind: "record"; readonly message: RecordMessage }
  | {
      readonly kind: "done";
      readonly emitted: number;
      readonly lost: number;
      readonly recordedMs: number[];
      readonly plainMs: number[];
    };

const slotMs = 10;
/** Part of a slot that the work of its spans fills. */
const load = 0.6;
/** One slot in so many is done once more without a recorder, for comparison. */
const plainEvery = 5;

async function runLoad({ origin, spansPerSecond, seconds }: LoadPart): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("this part runs as a worker thread");
  const post = (message: FromLoad): void => port.postMessage(message);
  const clock = createRunClock(origin);
  const recorder = createColumnRecorder({
    track: 0,
    name: "main",
    clock,
    tell: (message) => post({ kind: "record", message }),
  });
  const units = Math.round((spansPerSecond * slotMs) / 1000);
  const work = calibrateWork((slotMs * load) / units);
  const names = Array.from({ length: 20 }, (_, i) => recorder.name(`op ${i}`, "op"));
  const slot = (to: SpanRecorder): number => {
    const startMs = performance.now();
    for (let unit = 0; unit < units; unit++) {
      to.begin(names[unit % names.length]);
      work();
      to.end();
    }
    return performance.now() - startMs;
  };
  const recordedMs: number[] = [];
  const plainMs: number[] = [];
  const startMs = performance.now();
  let emitted = 0;
  for (let count = 0; performance.now() - startMs < seconds * 1000; count++) {
    const isCompared = count % plainEvery === 0;
    // Who goes first alternates, so that neither has the warmer caches.
    const first = isCompared && count % (2 * plainEvery) === 0 ? slot(nullRecorder) : null;
    const recorded = slot(recorder);
    emitted += units;
    if (isCompared) {
      recordedMs.push(recorded);
      plainMs.push(first ?? slot(nullRecorder));
    }
    recorder.reserve();
    const waitMs = startMs + (count + 1) * slotMs - performance.now();
    // A timer waits a millisecond at least, so a late slot starts at once.
    if (waitMs >= 1) await new Promise((resolve) => void setTimeout(resolve, waitMs));
  }
  post({ kind: "done", emitted, lost: recorder.lostCount, recordedMs, plainMs });
}

/** Arithmetic that takes about as long as asked, ms. */
function calibrateWork(ms: number): () => void {
  let sink = 0;
  const spin = (rounds: number): void => {
    let x = 1.000_1;
    for (let i = 0; i < rounds; i++) x = x * 1.000_000_1 + 1e-9;
    sink += x;
  };
  const probe = 1_000_000;
  // The quickest of several: the others waited for the processor.
  let quickestMs = Infinity;
  for (let i = 0; i < 20; i++) {
    const startMs = performance.now();
    spin(probe);
    quickestMs = Math.min(quickestMs, performance.now() - startMs);
  }
  const rounds = Math.max(1, Math.round((probe * ms) / quickestMs));
  return () => {
    spin(rounds);
    if (sink === -1) throw new Error("never");
  };
}

async function watchLoad(seconds: number, spansPerSecond: number): Promise<void> {
  const path = process.argv[1];
  const origin = startClock();
  const recordings = createRecordings(origin);
  const snapshotsMs: number[] = [];
  const rssMb: number[] = [];
  const state: { current: ImportedTrace | null } = { current: null };
  const startMs = performance.now();
  const show = (imported: ImportedTrace): void => {
    state.current = imported;
    snapshotsMs.push(performance.now() - startMs);
    const { trace } = imported;
    const strips = Array.from({ length: Math.min(64, trace.rows.length) }, (_, row) => ({
      kind: "rows" as const,
      rows: [row],
    }));
    createPicture(trace, { strips, startNs: 0, endNs: trace.meta.durationNs, widthPx: 3840, minBoxPx: 4 }, null);
  };
  const collectorPart: WorkerPart = { kind: "collector", origin, name: "live", isWatched: true };
  const collector = startCollector(new Worker(path, { workerData: collectorPart }), show);
  const loadPart: LoadPart = { kind: "load", origin, spansPerSecond, seconds };
  const worker = new Worker(path, { workerData: loadPart });
  const timer = setInterval(() => rssMb.push(process.memoryUsage.rss() / 1e6), 1000);
  const done = await new Promise<FromLoad & { readonly kind: "done" }>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: FromLoad) => {
      if (message.kind === "done") return resolve(message);
      recordings.take(message.message);
      collector.take(message.message);
    });
  });
  const { trace } = await collector.seal([]);
  clearInterval(timer);
  const { ledger } = trace.meta;
  const { emitted, lost, recordedMs, plainMs } = done;
  process.stdout.write(
    JSON.stringify({
      seconds,
      emitted,
      kept: trace.spans.length,
      lost,
      toldLost: ledger.dropped.reduce((sum, line) => sum + line.count, 0),
      ledgerCloses: ledgerBalance(ledger).read === ledgerBalance(ledger).accounted,
      recordedMs,
      plainMs,
      snapshotsMs,
      rssMb,
      cpuShare: (process.cpuUsage().user + process.cpuUsage().system) / 1000 / (performance.now() - startMs),
    }),
  );
  collector.end();
  process.exit(0);
}

const part = workerData as WorkerPart | LoadPart | null;
if (isMainThread || part === null) void watchLoad(Number(process.argv[2]), Number(process.argv[3]));
else if (part.kind === "load") void runLoad(part);
else startWorkerPart(part, { workloads: [], backends: [], threadRoles: [] });
