import type { SideSummary, StepRecord } from "../../../traces/compare/comparison.ts";
import type { SideName } from "../../state/compare-sides.ts";

export type SideSteps = Readonly<Record<SideName, readonly StepRecord[]>>;
/** Which kept step of each side is shown. */
export type StepIndices = Readonly<Record<SideName, number>>;

/** Steps that count, in time order. Without marked steps the whole selection of a part is its one step. */
export function keptSteps({ steps, parts }: SideSummary): readonly StepRecord[] {
  const kept = steps.filter((step) => step.state === "kept");
  if (kept.length > 0) return kept;
  return parts.flatMap((part, index): readonly StepRecord[] =>
    part.trace === null
      ? []
      : [{ part: index, span: null, startNs: part.startNs, durationNs: part.endNs - part.startNs, state: "kept" }],
  );
}

/** Index of the step whose duration is the median (the lower one of two) or the longest; 0 without steps. */
export function pickStep(steps: readonly StepRecord[], which: "median" | "longest"): number {
  const order = steps.map((step, index) => ({ index, ns: step.durationNs })).toSorted((a, b) => a.ns - b.ns);
  return order.at(which === "longest" ? -1 : Math.floor((order.length - 1) / 2))?.index ?? 0;
}

export function pickBoth(steps: SideSteps, which: "median" | "longest"): StepIndices {
  return { before: pickStep(steps.before, which), after: pickStep(steps.after, which) };
}
