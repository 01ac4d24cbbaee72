import type { ComparisonSummary, DeltaMetric, DeltaPer } from "../../../traces/compare/comparison.ts";

interface Choice<Value> {
  readonly value: Value;
  readonly title: string;
}

export const metrics: readonly Choice<DeltaMetric>[] = [
  { value: "total", title: "Total" },
  { value: "self", title: "Self" },
];

const pers: readonly Choice<DeltaPer>[] = [
  { value: "step", title: "Per step" },
  { value: "call", title: "Per call" },
  { value: "item", title: "Per item" },
];

/** Per item only where both sides say how many items a step has. */
export function persOf({ before, after }: ComparisonSummary): readonly Choice<DeltaPer>[] {
  const hasItems = before.itemsPerStep !== null && after.itemsPerStep !== null;
  return hasItems ? pers : pers.filter(({ value }) => value !== "item");
}
