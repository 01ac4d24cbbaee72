import type { Estimate } from "../measure/estimate.ts";
import type { RowsInput } from "./estimate-rows.ts";
import type { PreparedSide } from "./observations.ts";
import { type KnownNoise, workloadOf } from "./run-noise.ts";
import { formatPercent } from "./words.ts";

/** Captures without steps and of nearly the same length were cut to a window: their length says nothing. */
const equalWindows = 0.005;

/** Why two captures without steps cannot be judged by their length; null when they can. */
export function fixedWindow({ relative }: Estimate, { sample }: RowsInput): string | null {
  return !sample.sameRecording && Math.abs(relative) < equalWindows
    ? "both captures are windows of the same length without a complete step; see the rows per call"
    : null;
}

/** A side without any time has nothing to be compared with; null when both have some. */
export function emptySide({ before, after }: Estimate): string | null {
  const [a, b] = [before, after].map(({ max }) => !(max > 0));
  if (!a && !b) return null;
  return `${a && b ? "both sides hold" : `the side ${a ? "before" : "after"} holds`} no span that takes time`;
}

/** What limits the statement. */
export function caveatsOf(before: PreparedSide, after: PreparedSide, knownNoise: KnownNoise): readonly string[] {
  const single = before.parts.length < 2 || after.parts.length < 2;
  const noise = single ? (knownNoise(workloadOf(before)) ?? knownNoise(workloadOf(after))) : null;
  const dropped = [before, after].map(({ steps }) => steps.records.length - steps.kept.length);
  return [
    ...(single ? ["one capture a side: this holds within these two captures"] : []),
    ...(noise === null
      ? []
      : [
          `unchanged runs of this program differed by ${formatPercent(noise.spread)} (${noise.runs} runs, seen here before)`,
        ]),
    ...(dropped.some((count) => count > 0)
      ? [`steps left out (warm-up, compiling, incomplete): ${dropped[0]} before, ${dropped[1]} after`]
      : []),
    ...(Number.isFinite(before.deepest)
      ? [`very many different stacks: spans deeper than ${before.deepest - 1} are part of their ancestors there`]
      : []),
    ...([before, after].some(({ steps, tree }) => tree.stepCount < steps.recordOf.length)
      ? [
          `very many different stacks: only the first ${Math.min(before.tree.stepCount, after.tree.stepCount)} steps are compared`,
        ]
      : []),
  ];
}
