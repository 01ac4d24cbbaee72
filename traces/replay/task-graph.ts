import type { Launches } from "../compare/launches.ts";
import { trackOfSpan } from "../query/rows-of.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import type { Trace } from "../model/trace.ts";
import { type AwaitedTasks, findAwaited } from "./awaited-tasks.ts";
import { type Edges, lastEndBefore, longestThreadPauseNs, sortByEnd } from "./edges.ts";
import { collectTasks, taskAt, type Tasks } from "./tasks.ts";

/**
 * What the tasks of a trace wait for. A task starts when the one before it on its track has ended, and not before what
 * else it waits for; a wait ends when what is awaited has ended. Distances are those of the trace, so that the graph
 * replays to the times of the trace, and to others where tasks take longer or shorter. Where the trace does not say
 * what was waited for, the distance to the task before, or the time since the launch, stays as it was.
 */
export interface TaskGraph extends Edges {
  readonly awaited: AwaitedTasks;
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
  };
  yield;
  yield* linkThreads(graph);
  const ends = yield* sortByEnd(tasks);
  yield* linkDevice(graph, trace, launches, ends);
  const waiting = { ...graph, awaited: yield* findAwaited(graph, trace, ends) };
  return { ...waiting, order: yield* findOrder(waiting) };
}

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

/** Depth first, with a stack of its own: a thread is a chain of a million tasks. */
function* findOrder({ tasks, launch, after, awaited }: Omit<TaskGraph, "order">): Sliced<Uint32Array> {
  const { count, previous } = tasks;
  const { first, task: others } = awaited;
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
        for (let i = first[task]; i < first[task + 1]; i++) need(2 * others[i] + 1);
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
