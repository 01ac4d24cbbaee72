import type { Launches } from "../compare/launches.ts";
import { isGrouping } from "../compare/track-roles.ts";
import { trackOfSpan } from "../query/rows-of.ts";
import { sortSliced } from "../query/sliced-sort.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { SpanKind } from "../model/span-kind.ts";
import { endOf, type Trace } from "../model/trace.ts";
import { collectTasks, taskAt, type TaskRange, type Tasks } from "./tasks.ts";

/**
 * What the tasks of a trace wait for. A task starts when the one before it on its track has ended, and not before what
 * else it waits for; a wait ends when what is awaited has ended. Distances are those of the trace, so that the graph
 * replays to the times of the trace, and to others where tasks take longer or shorter. Where the trace does not say
 * what was waited for, the distance to the task before, or the time since the launch, stays as it was.
 */
export interface TaskGraph {
  readonly tasks: Tasks;
  /** Least time between the end of the task before and the start. */
  readonly pauseNs: Float64Array;
  /** The task from whose start this one counts `launchNs`: its launch, or what another thread was doing; -1: none. */
  readonly launch: Int32Array;
  readonly launchNs: Float64Array;
  /** A task of another stream that must have ended `afterNs` before this one starts; -1: none. */
  readonly after: Int32Array;
  readonly afterNs: Float64Array;
  /** What is left of the start beyond all of these; without any of them, the start itself. */
  readonly delayNs: Float64Array;
  /** Time that the task takes, of a wait the least. */
  readonly workNs: Float64Array;
  /** A task that must have ended `awaitedNs` before this one ends; -1: none. */
  readonly awaited: Int32Array;
  readonly awaitedNs: Float64Array;
  /** Starts (2 · task) and ends (2 · task + 1), each behind all that it depends on. */
  readonly order: Uint32Array;
}

/** Kernels of a stream that wait in its queue stand so far apart at most. */
const usualPauseNs = 2000;
/** From a launch to the start of its kernel on a device that is free: usual, and the longest that is no other wait. */
const usualLaunchNs = 6000;
const longestLaunchNs = 50_000;
/** Work that starts so soon after the end of another stream's waited for it. */
const handOverNs = 5000;
/** A thread that stands still for longer waits for another one. */
const longestThreadPauseNs = 100_000;
/** A wait that finds nothing to wait for. */
const leastWaitNs = 2000;

export function* createTaskGraph(trace: Trace, mainThread: number, launches: Launches): Sliced<TaskGraph> {
  const tasks = yield* collectTasks(trace, mainThread, launches);
  const { count, startNs, endNs } = tasks;
  const graph: Edges = {
    tasks,
    pauseNs: new Float64Array(count),
    launch: new Int32Array(count).fill(-1),
    launchNs: new Float64Array(count),
    after: new Int32Array(count).fill(-1),
    afterNs: new Float64Array(count),
    delayNs: new Float64Array(count),
    workNs: endNs.map((end, task) => end - startNs[task]),
    awaited: new Int32Array(count).fill(-1),
    awaitedNs: new Float64Array(count),
  };
  yield;
  yield* linkThreads(graph);
  const ends = yield* sortByEnd(tasks);
  yield* linkDevice(graph, trace, launches, ends);
  yield* linkWaits(graph, trace, ends);
  return { ...graph, order: yield* findOrder(graph) };
}

type Edges = Omit<TaskGraph, "order">;

/** Threads go on at once; where one stood still for long, it was given its next work by what the main thread did then. */
function* linkThreads({ tasks, pauseNs, launch, launchNs, delayNs }: Edges): Sliced<void> {
  const { startNs, endNs, previous, main } = tasks;
  for (const range of tasks.threads.values()) {
    for (let task = range.first; task < range.end; task++) {
      const before = previous[task];
      const pause = before < 0 ? Infinity : startNs[task] - endNs[before];
      const giver = range === main || pause <= longestThreadPauseNs ? -1 : taskAt(tasks, main, startNs[task]);
      if (giver >= 0) {
        launch[task] = giver;
        launchNs[task] = startNs[task] - startNs[giver];
      } else if (before >= 0) pauseNs[task] = pause;
      else delayNs[task] = startNs[task];
    }
    yield;
  }
}

/** Device work follows the work before it on its stream, its launch, or another stream. */
function* linkDevice(edges: Edges, trace: Trace, { launcherOf }: Launches, ends: Uint32Array): Sliced<void> {
  const { tasks, after, afterNs, delayNs } = edges;
  const { startNs, endNs, previous, span, device } = tasks;
  let budget = spansPerSlice;
  for (let task = device.first; task < device.end; task++) {
    const launcher = launcherOf(span[task]);
    const knownNs = linkOwn(edges, task, launcher < 0 ? -1 : launchTask(tasks, trace, launcher));
    const leftNs = startNs[task] - knownNs;
    const other = leftNs > 0 ? lastEndBefore(tasks, ends, startNs[task]) : -1;
    if (other >= 0 && other !== previous[task] && startNs[task] - endNs[other] <= handOverNs) {
      after[task] = other;
      afterNs[task] = startNs[task] - endNs[other];
    } else delayNs[task] = leftNs;
    if (--budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
}

/** Links a task to the one before on its stream and to its launch, -1 for none; the earliest start that they allow. */
function linkOwn({ tasks, pauseNs, launch, launchNs }: Edges, task: number, giver: number): number {
  const { startNs, endNs, previous } = tasks;
  const before = previous[task];
  const pause = before < 0 ? Infinity : startNs[task] - endNs[before];
  const since = giver < 0 ? -1 : startNs[task] - startNs[giver];
  // Clocks of devices that run behind show work that starts before its launch.
  if (since >= 0) {
    launch[task] = giver;
    launchNs[task] = pause <= usualPauseNs ? Math.min(since, usualLaunchNs) : launchTime(since);
  }
  if (before >= 0) pauseNs[task] = since >= 0 ? Math.min(pause, usualPauseNs) : pause;
  const byStream = before < 0 ? 0 : endNs[before] + pauseNs[task];
  return since < 0 ? byStream : Math.max(byStream, startNs[giver] + launchNs[task]);
}

/** A kernel that starts later than a launch takes has waited for something else. */
const launchTime = (sinceNs: number): number => (sinceNs <= longestLaunchNs ? sinceNs : usualLaunchNs);

/** The piece of the launching span with which it begins; -1 where its thread has no tasks. */
function launchTask(tasks: Tasks, trace: Trace, launcher: number): number {
  const range = tasks.threads.get(trackOfSpan(trace, launcher).id);
  return range === undefined ? -1 : taskAt(tasks, range, trace.spans.startNs[launcher]);
}

/** Tasks of devices by their ends. */
function sortByEnd({ endNs, device: { first, end } }: Tasks): Sliced<Uint32Array> {
  const tasks = Uint32Array.from({ length: end - first }, (_, i) => first + i);
  return sortSliced(tasks, (a, b) => endNs[a] - endNs[b] || a - b);
}

/** The last of tasks by their ends that ends at a time or before; -1 for none. */
function lastEndBefore({ endNs }: Tasks, ends: Uint32Array, timeNs: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endNs[ends[middle]] <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? ends[low - 1] : -1;
}

/** Which pieces of threads last as long as something else: waits for a device, and steps while another thread works. */
function* linkWaits(edges: Edges, trace: Trace, ends: Uint32Array): Sliced<void> {
  const { tasks } = edges;
  const { startNs, endNs, span } = tasks;
  for (const range of tasks.threads.values()) {
    for (let task = range.first; task < range.end; task++) {
      if (trace.spans.kind[span[task]] !== SpanKind.sync) continue;
      const other = lastEndBefore(tasks, ends, endNs[task]);
      if (other >= 0 && endNs[other] > startNs[task]) awaitEnd(edges, task, other, leastWaitNs);
    }
    yield;
  }
  linkBlockingCopies(edges, trace);
  yield;
  for (const range of tasks.threads.values()) {
    if (range !== tasks.main) linkHelper(edges, trace, range);
    yield;
  }
}

/** The task ends as long after the other one as it does, and takes at least so long. */
function awaitEnd({ tasks, workNs, awaited, awaitedNs }: Edges, task: number, other: number, leastNs: number): void {
  awaited[task] = other;
  awaitedNs[task] = tasks.endNs[task] - tasks.endNs[other];
  workNs[task] = Math.min(workNs[task], leastNs);
}

/** A call that copies and returns when that is done: the copy ends within the span that launched it. */
function linkBlockingCopies(edges: Edges, trace: Trace): void {
  const { tasks, launch } = edges;
  const { endNs, startNs, span, device } = tasks;
  for (let task = device.first; task < device.end; task++) {
    const kind = trace.spans.kind[span[task]];
    const caller = launch[task];
    if (caller < 0 || (kind !== SpanKind.deviceToHost && kind !== SpanKind.hostToDevice)) continue;
    const callEndNs = endOf(trace.spans, span[caller]);
    if (endNs[task] > callEndNs) continue;
    // Spans below the call may cut it into pieces; the last one waits.
    let last = caller;
    while (last + 1 < tasks.count && span[last + 1] === span[caller] && startNs[last + 1] < callEndNs) last++;
    if (endNs[last] >= endNs[task] && startNs[last] < endNs[task]) awaitEnd(edges, last, task, leastWaitNs);
  }
}

/**
 * While the main thread has nothing open but a step or a phase and another thread works nearly to its end, it waits for
 * that thread: the backward pass of PyTorch.
 */
function linkHelper(edges: Edges, trace: Trace, helper: TaskRange): void {
  const { tasks, awaited } = edges;
  const { startNs, endNs, span, main } = tasks;
  const within = new Map<number, { readonly first: number; last: number }>();
  for (let task = helper.first; task < helper.end; task++) {
    const holder = taskAt(tasks, main, startNs[task]);
    if (holder < 0 || endNs[holder] < endNs[task] || !isGrouping(trace.spans.kind[span[holder]])) continue;
    const found = within.get(holder);
    if (found === undefined) within.set(holder, { first: task, last: task });
    else found.last = task;
  }
  for (const [holder, { first, last }] of within) {
    const duration = endNs[holder] - startNs[holder];
    const isFilled = endNs[last] - startNs[first] >= duration / 2 && endNs[holder] - endNs[last] <= duration / 10;
    const isLater = awaited[holder] < 0 || endNs[awaited[holder]] < endNs[last];
    if (isFilled && isLater) awaitEnd(edges, holder, last, startNs[first] - startNs[holder]);
  }
}

/** Depth first, with a stack of its own: a thread is a chain of a million tasks. */
function* findOrder({ tasks, launch, after, awaited }: Edges): Sliced<Uint32Array> {
  const { count, previous } = tasks;
  const order = new Uint32Array(2 * count);
  // 0: not met, 1: what it depends on is looked at, 2: in the order.
  const state = new Uint8Array(2 * count);
  const stack: number[] = [];
  let length = 0;
  let budget = spansPerSlice;
  const need = (event: number): void => {
    if (state[event] === 0) stack.push(event);
  };
  for (let root = 1; root < 2 * count; root += 2) {
    stack.push(root);
    while (stack.length > 0) {
      const event = stack[stack.length - 1];
      const task = event >>> 1;
      if (state[event] !== 0) {
        stack.pop();
        if (state[event] === 1) order[length++] = event;
        state[event] = 2;
        continue;
      }
      state[event] = 1;
      if ((event & 1) === 1) {
        need(2 * task);
        if (awaited[task] >= 0) need(2 * awaited[task] + 1);
      } else {
        if (previous[task] >= 0) need(2 * previous[task] + 1);
        if (launch[task] >= 0) need(2 * launch[task]);
        if (after[task] >= 0) need(2 * after[task] + 1);
      }
    }
    if (--budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
  return order;
}
