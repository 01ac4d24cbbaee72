import { InnermostSpans } from "../compare/innermost-spans.ts";
import { launchingThreads, type Launches } from "../compare/launches.ts";
import { isDeviceTrack, isDeviceWork } from "../compare/track-roles.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { endOf, flagsOf, SpanFlag, type Trace, type Track } from "../model/trace.ts";

/** Tasks [first, end), in time order. */
export interface TaskRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Work that cannot be divided further: pieces of the innermost spans of the threads that launch, main thread first, then
 * spans of device streams. Each has a duration above 0.
 */
export interface Tasks {
  readonly count: number;
  /** SpanId that the task belongs to. */
  readonly span: Int32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** The task before on the same track that had ended when this one started; -1 for none. */
  readonly previous: Int32Array;
  readonly main: TaskRange;
  /** Of all threads, the main one too, by track. */
  readonly threads: ReadonlyMap<number, TaskRange>;
  readonly device: TaskRange;
}

export function* collectTasks(trace: Trace, mainThread: number, launches: Launches): Sliced<Tasks> {
  const list = new TaskList(trace);
  const threads = new Map<number, TaskRange>();
  const hosts = [mainThread, ...launchingThreads(trace, launches).filter((track) => track !== mainThread)];
  for (const track of hosts) threads.set(track, yield* list.addThread(trace.tracks[track]));
  const first = list.count;
  for (const track of trace.tracks) if (isDeviceTrack(track)) yield* list.addStream(track);
  return {
    ...(yield* list.columns()),
    main: threads.get(mainThread) ?? { first: 0, end: 0 },
    threads,
    device: { first, end: list.count },
  };
}

class TaskList {
  readonly #trace: Trace;
  readonly #spans: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #previous: number[] = [];

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  get count(): number {
    return this.#spans.length;
  }

  /** Each a pause apart: they are long. */
  *columns(): Sliced<Pick<Tasks, "count" | "span" | "startNs" | "endNs" | "previous">> {
    const span = Int32Array.from(this.#spans);
    yield;
    const startNs = Float64Array.from(this.#starts);
    yield;
    const endNs = Float64Array.from(this.#ends);
    yield;
    return { count: this.count, span, startNs, endNs, previous: Int32Array.from(this.#previous) };
  }

  *addThread(track: Track): Sliced<TaskRange> {
    const first = this.count;
    const pieces = new InnermostSpans(this.#trace, track, true);
    pieces.seek(-1);
    let budget = spansPerSlice;
    while (pieces.startNs < Infinity) {
      this.#add(pieces.span, pieces.startNs, pieces.endNs, this.count > first ? this.count - 1 : -1);
      pieces.seek(pieces.endNs);
      if (--budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
    return { first, end: this.count };
  }

  *addStream({ firstSpan, spanCount }: Track): Sliced<void> {
    const { spans } = this.#trace;
    let last = -1;
    let budget = spansPerSlice;
    for (let span: number = firstSpan; span < firstSpan + spanCount; span++) {
      const [startNs, endNs] = [spans.startNs[span], endOf(spans, span)];
      const isClosed = (flagsOf(spans, span) & SpanFlag.openEnded) === 0;
      if (isDeviceWork(spans.kind[span]) && isClosed && endNs > startNs) {
        // What runs beside the one before does not wait for it.
        this.#add(span, startNs, endNs, last >= 0 && this.#ends[last] <= startNs ? last : -1);
        if (last < 0 || endNs >= this.#ends[last]) last = this.count - 1;
      }
      if (--budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
  }

  #add(span: number, startNs: number, endNs: number, previous: number): void {
    this.#spans.push(span);
    this.#starts.push(startNs);
    this.#ends.push(endNs);
    this.#previous.push(previous);
  }
}

/** The last task of a range that starts at a time or before; -1 for none. */
export function taskAt({ startNs }: Tasks, { first, end }: TaskRange, timeNs: number): number {
  let [low, high] = [first, end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startNs[middle] <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low > first ? low - 1 : -1;
}
