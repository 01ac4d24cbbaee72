import { medianInterval, medianOf } from "../../traces/measure/median-interval.ts";
import type { Protocol } from "../plan/run-plan.ts";

/**
 * Whether a configuration has been measured enough: its budget is spent, or the 95 % interval of its median lies
 * within ± the target part of the median.
 */
export function isSettled(stepsMs: readonly number[], spentMs: number, protocol: Protocol): boolean {
  if (stepsMs.length >= protocol.maxSamples) return true;
  if (stepsMs.length < protocol.minSamples) return false;
  if (spentMs >= protocol.maxMs) return true;
  const interval = medianInterval(stepsMs);
  return interval !== null && interval.high - interval.low <= 2 * protocol.targetFraction * medianOf(stepsMs);
}
