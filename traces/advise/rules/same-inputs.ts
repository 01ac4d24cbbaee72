import { formatDuration, formatNumber, formatShare } from "../../model/format-units.ts";
import { endOf } from "../../model/trace.ts";
import { textOf } from "../../model/text-table.ts";
import { createIntervals } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";
import type { Scene } from "../scene.ts";

/** Work of one name whose arguments tell the same inputs, more than once in a step. */
export const sameInputs: AdviceRule = {
  id: "R07",
  title: "Computed again from the same inputs",
  fix: "Compute all that is needed of one input in one go, or keep the result until its inputs change.",
  howToVerify: "Within a step no two spans of a name have the same inputs.",
  threshold: 0.03,
  losesEvidence: true,
  look(scene) {
    if (scene.inputs.missing !== null) return { missing: scene.inputs.missing };
    const { spans, strings } = scene.trace;
    const again = scene.steps.flatMap((step) => findRepeats(scene, step));
    if (again.length === 0) return null;
    const lost = createIntervals();
    for (const span of again.toSorted((a, b) => spans.startNs[a] - spans.startNs[b]))
      lost.add(spans.startNs[span], endOf(spans, span));
    const names = [...new Set(again.map((span) => textOf(strings, spans.name[span])))];
    return {
      lost: lost.intervals,
      // One pass for everything takes a little longer than the longest of those that it replaces.
      parts: { low: 0.6, mid: 0.9, high: 1 },
      confidence: 0.8,
      evidence: again,
      describe: ({ each, share, perStepNs, evidencePerStep }) =>
        `${names
          .slice(0, 3)
          .map((name) => `“${name}”`)
          .join(
            ", ",
          )} runs ${timesWords(evidencePerStep)} in ${each} on inputs that the same step has seen already: ${formatDuration(perStepNs)} (${formatShare(share)}).`,
    };
  },
};

const timesWords = (count: number): string => (count === 1 ? "once" : `${formatNumber(count)} times`);

/** All but the longest span of each name and input in a step, without those inside of another one. */
function findRepeats(
  { trace: { spans }, inputs }: Scene,
  { startNs, endNs }: { readonly startNs: number; readonly endNs: number },
): readonly number[] {
  const groups = new Map<string, number[]>();
  const keyOf = (span: number): string => `${spans.name[span]} ${inputs.of.get(span) ?? ""}`;
  const isInside = (span: number): boolean => {
    const parent = spans.parent[span];
    return parent >= 0 && inputs.of.has(parent) && keyOf(parent) === keyOf(span);
  };
  for (const span of inputs.of.keys()) {
    if (spans.startNs[span] < startNs || spans.startNs[span] >= endNs || isInside(span)) continue;
    const group = groups.get(keyOf(span)) ?? [];
    group.push(span);
    groups.set(keyOf(span), group);
  }
  const length = (span: number): number => endOf(spans, span) - spans.startNs[span];
  return [...groups.values()].flatMap((group) =>
    group.length < 2 ? [] : group.toSorted((a, b) => length(b) - length(a) || a - b).slice(1),
  );
}
