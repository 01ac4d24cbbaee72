import type { BenchResult } from "../../traces/measure/bench-report.ts";
import { medianInterval, medianOf } from "../../traces/measure/median-interval.ts";
import type { Protocol } from "../plan/run-plan.ts";

/**
 * Why a configuration has been measured enough, null while it has not: its budget is spent, or the 95 % interval of its
 * median lies within ± the target part of the median. The budget is kept within one sample, whatever the least number
 * of samples, unless that was asked for before it.
 */
export function findStop(
  stepsMs: readonly number[],
  spentMs: number,
  protocol: Protocol,
): NonNullable<BenchResult["ended"]> | null {
  const { maxSamples, minSamples, maxMs, targetFraction, leastBeforeBudget } = protocol;
  if (stepsMs.length >= maxSamples) return "most samples";
  const isShort = stepsMs.length < minSamples;
  if (spentMs >= maxMs && stepsMs.length > 0 && !(isShort && leastBeforeBudget)) return "budget";
  if (isShort) return null;
  const interval = medianInterval(stepsMs);
  if (interval === null) return null;
  return interval.high - interval.low <= 2 * targetFraction * medianOf(stepsMs) ? "settled" : null;
}

/** What a result tells of its end. */
export function describeEnd(
  stepsMs: readonly number[],
  spentMs: number,
  protocol: Protocol,
): Pick<BenchResult, "ended" | "samplesWanted"> {
  const ended = findStop(stepsMs, spentMs, protocol);
  if (ended === null) return {};
  const isShort = ended === "budget" && stepsMs.length < protocol.minSamples;
  return { ended, ...(isShort && { samplesWanted: protocol.minSamples }) };
}
