import type { Sliced } from "../model/sliced.ts";
import { sortSliced } from "../query/sliced-sort.ts";
import type { Tasks } from "./tasks.ts";

/** What starts wait for. */
export interface Edges {
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
}

/** A thread that stands still for longer waits for another one. */
export const longestThreadPauseNs = 100_000;

/** Tasks of devices by their ends. */
export function sortByEnd({ endNs, device: { first, end } }: Tasks): Sliced<Uint32Array> {
  const tasks = Uint32Array.from({ length: end - first }, (_, i) => first + i);
  return sortSliced(tasks, (a, b) => endNs[a] - endNs[b] || a - b);
}

/** The last of tasks by their ends that ends at a time or before; -1 for none. */
export function lastEndBefore({ endNs }: Tasks, ends: Uint32Array, timeNs: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endNs[ends[middle]] <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low > 0 ? ends[low - 1] : -1;
}
