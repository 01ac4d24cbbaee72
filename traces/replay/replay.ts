import { type Sliced, spansPerSlice } from "../model/sliced.ts";
import type { TaskGraph } from "./task-graph.ts";

/** When the tasks of a graph start and end, and what each was last to wait for. */
export interface Replay {
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** `StartCause` of each start. */
  readonly startCause: Uint8Array;
  /** The task with whose end this one could end, -1 where it took its own time. */
  readonly endCause: Int32Array;
}

/** A few nanoseconds each. */
const eventsPerSlice = spansPerSlice * 8;

export const StartCause = { none: 0, previous: 1, launch: 2, after: 3 } as const;
export type StartCause = (typeof StartCause)[keyof typeof StartCause];

/**
 * Longest paths through the graph: the earliest times that its distances allow. `scale`: what becomes of the time of a
 * task, 1 for unchanged; a wait whose scale is 0 is left out. Less work never ends later, since all is sums and maxima.
 */
export function* replay(graph: TaskGraph, scale: Float64Array | null = null): Sliced<Replay> {
  const { tasks, pauseNs, launch, launchNs, after, afterNs, delayNs, workNs, awaited, order } = graph;
  const { count, previous } = tasks;
  const startNs = new Float64Array(count);
  const endNs = new Float64Array(count);
  const startCause = new Uint8Array(count);
  const endCause = new Int32Array(count).fill(-1);
  for (let i = 0; i < order.length; i++) {
    if (i % eventsPerSlice === eventsPerSlice - 1) yield;
    const event = order[i];
    const task = event >>> 1;
    if ((event & 1) === 0) {
      let start = 0;
      let cause: number = StartCause.none;
      const at = (timeNs: number, by: number): void => {
        if (cause !== StartCause.none && timeNs <= start) return;
        start = timeNs;
        cause = by;
      };
      if (previous[task] >= 0) at(endNs[previous[task]] + pauseNs[task], StartCause.previous);
      if (launch[task] >= 0) at(startNs[launch[task]] + launchNs[task], StartCause.launch);
      if (after[task] >= 0) at(endNs[after[task]] + afterNs[task], StartCause.after);
      startNs[task] = start + delayNs[task];
      startCause[task] = cause;
      continue;
    }
    const factor = scale === null ? 1 : scale[task];
    endNs[task] = startNs[task] + workNs[task] * factor;
    if (factor === 0) continue;
    for (let i = awaited.first[task]; i < awaited.first[task + 1]; i++) {
      const byOther = endNs[awaited.task[i]] + awaited.ns[i];
      if (byOther <= endNs[task]) continue;
      endNs[task] = byOther;
      endCause[task] = awaited.task[i];
    }
  }
  return { startNs, endNs, startCause, endCause };
}
