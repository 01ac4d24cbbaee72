import type { Step } from "../compare/side.ts";
import type { Sliced } from "../model/sliced.ts";
import { endOf, type Trace } from "../model/trace.ts";
import { sortSliced } from "../query/sliced-sort.ts";
import type { Replay } from "./replay.ts";
import type { TaskGraph } from "./task-graph.ts";
import { taskAt, type Tasks } from "./tasks.ts";

/** Where steps begin and end among tasks: in a replay they do so at other times. */
export interface StepTasks {
  /** Device tasks in the order of their launches. */
  readonly byLaunch: Uint32Array;
  readonly steps: readonly StepPlace[];
}

interface StepPlace {
  /** First and last task of the main thread in the step. */
  readonly first: number;
  readonly last: number;
  /** Device tasks launched in the step: [earlier, later) of `byLaunch`. */
  readonly earlier: number;
  readonly later: number;
  /** When the step starts in the trace. */
  readonly startNs: number;
}

/** `stepSpans`: SpanId of each step, null where steps are no spans. */
export function* placeSteps(
  { spans }: Trace,
  { tasks, launch }: TaskGraph,
  steps: readonly Step[],
  stepSpans: readonly (number | null)[],
): Sliced<StepTasks> {
  const { device, startNs: startsNs } = tasks;
  const launchedNs = (task: number): number => (launch[task] < 0 ? startsNs[task] : startsNs[launch[task]]);
  const byLaunch = yield* sortSliced(
    Uint32Array.from({ length: device.end - device.first }, (_, i) => device.first + i),
    (a, b) => launchedNs(a) - launchedNs(b) || a - b,
  );
  const launches = Float64Array.from(byLaunch, launchedNs);
  return {
    byLaunch,
    steps: steps.map(({ launchStartNs, launchEndNs, endNs, startNs }, i) => {
      const span = stepSpans[i] ?? null;
      const hostEndNs = span === null ? Math.min(endNs, launchEndNs) : endOf(spans, span);
      const first = firstFrom(tasks, launchStartNs);
      return {
        first,
        last: Math.max(first, lastBefore(tasks, hostEndNs)),
        earlier: countBelow(launches, launchStartNs),
        later: countBelow(launches, hostEndNs),
        startNs,
      };
    }),
  };
}

/** First task of the main thread that starts at a time or later, else the last one. */
function firstFrom(tasks: Tasks, timeNs: number): number {
  const { main, startNs } = tasks;
  const at = taskAt(tasks, main, timeNs);
  if (at < 0) return main.first;
  return startNs[at] === timeNs ? at : Math.min(at + 1, main.end - 1);
}

/** Last task of the main thread that starts before a time, else the first one. */
function lastBefore(tasks: Tasks, timeNs: number): number {
  const { main, startNs } = tasks;
  const at = taskAt(tasks, main, timeNs);
  return Math.max(main.first, at >= 0 && startNs[at] === timeNs ? at - 1 : at);
}

/** How many of ascending values are below. */
function countBelow(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When a step starts and ends in a replay, and the task with whose end it ends. */
export interface StepTimes {
  readonly startNs: number;
  readonly endNs: number;
  readonly lastTask: number;
}

/** A step starts when the work that was launched before it is done, if that is later than its first task. */
export function timeSteps(
  { byLaunch, steps }: StepTasks,
  { tasks }: TaskGraph,
  { startNs, endNs }: Replay,
): readonly StepTimes[] {
  let seen = 0;
  let earlierEndNs = 0;
  // Work that the trace shows beside the start of a step was launched outside of steps and is not waited for.
  let beside: number[] = [];
  return steps.map(({ first, last, earlier, later, startNs: stepNs }) => {
    const open = beside;
    beside = [];
    for (; seen < earlier; seen++) open.push(byLaunch[seen]);
    for (const task of open) {
      if (tasks.endNs[task] > stepNs) beside.push(task);
      else earlierEndNs = Math.max(earlierEndNs, endNs[task]);
    }
    let lastTask = last;
    for (let i = earlier; i < later; i++) if (endNs[byLaunch[i]] > endNs[lastTask]) lastTask = byLaunch[i];
    const begin = Math.max(startNs[first], earlierEndNs);
    return { startNs: begin, endNs: Math.max(begin, endNs[lastTask]), lastTask };
  });
}
