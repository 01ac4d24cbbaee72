import { medianOf } from "../describe.ts";
import { farApart } from "./formulas.ts";

/** What leads stands this far above the slowest that follows: a busy machine makes slow samples anywhere. */
const aboveAllOthers = 2;

/** The first of a series, far slower than all that follow. */
export interface SlowStart {
  readonly count: number;
  /** The quickest of them. */
  readonly leastMs: number;
  /** The median of those that follow. */
  readonly restMs: number;
}

/**
 * The first values, at most half of them, when each is several times the median of the rest and well above every one of
 * the rest; null when there is no such start.
 */
export function findSlowStart(values: readonly number[]): SlowStart | null {
  let slowestMs = Number.NEGATIVE_INFINITY;
  const slowestFrom = values.toReversed().map((value) => (slowestMs = Math.max(slowestMs, value)));
  slowestFrom.reverse();
  let leastMs = Number.POSITIVE_INFINITY;
  let found: SlowStart | null = null;
  for (let count = 1; count <= values.length / 2; count++) {
    leastMs = Math.min(leastMs, values[count - 1]);
    if (leastMs < aboveAllOthers * slowestFrom[count]) continue;
    const restMs = medianOf(values.slice(count));
    if (leastMs >= farApart * restMs) found = { count, leastMs, restMs };
  }
  return found;
}
