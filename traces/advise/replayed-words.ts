import { formatDuration, formatShare } from "../model/format-units.ts";
import type { AdviceSteps, ReplayedSaving } from "./advice.ts";

/** Of less than this part of a step nobody would know. */
const leastShare = 0.001;

/** "without these spans a replay of the step takes 7.21 ms less (35.9 %; 95 % 6.36 ms to 8.06 ms)". */
export function replayedWords({ savedNs, interval }: ReplayedSaving, { rule, meanNs }: AdviceSteps): string {
  const what = rule === "whole" ? "the trace" : "the step";
  if (savedNs < leastShare * meanNs)
    return `without these spans a replay of ${what} takes as long: something else would be waited for`;
  const sure = interval === null ? "" : `; 95 % ${formatDuration(interval[0])} to ${formatDuration(interval[1])}`;
  return `without these spans a replay of ${what} takes ${formatDuration(savedNs)} less (${formatShare(savedNs / meanNs)}${sure})`;
}
