import { formatCount, formatDuration, formatShare } from "../../model/format-units.ts";
import { createIntervals } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

/** Fact of a trace: what recording one span cost on its machine, calibrated, as text in ns. */
export const spanCostFact = "cost of a span";

/** Recording the spans takes a part of what they measure. */
export const recorderCost: AdviceRule = {
  id: "R14",
  title: "Recording costs time",
  fix: "Record fewer or larger spans, or compare only runs that record the same.",
  howToVerify: "The same run without spans takes as long.",
  threshold: 0.02,
  look(scene) {
    const { facts } = scene.trace.meta;
    const text = facts.find(([key]) => key === spanCostFact)?.[1];
    const costNs = text === undefined ? Number.NaN : Number.parseFloat(text);
    if (!Number.isFinite(costNs)) return { missing: "the recorder's cost of a span" };
    const { startNs } = scene.trace.spans;
    const evidence: number[] = [];
    const lost = createIntervals();
    // Every span costs that much at its start; as one piece at the beginning of each step, where nothing else claims it.
    for (const step of scene.steps) {
      let count = 0;
      for (let span: number = scene.host.first; span < scene.host.end; span++) {
        if (startNs[span] < step.startNs) continue;
        if (startNs[span] >= step.endNs) break;
        count++;
        if (evidence.length < 1000) evidence.push(span);
      }
      lost.add(step.startNs, Math.min(step.endNs, step.startNs + count * costNs));
    }
    return {
      lost: lost.intervals,
      parts: { low: 0.8, mid: 1, high: 1.2 },
      confidence: 0.9,
      evidence,
      describe: ({ each, share, perStepNs, evidencePerStep }) =>
        `Recording ${formatCount(evidencePerStep)} spans in ${each} at ${formatDuration(costNs)} each takes ${formatDuration(perStepNs)} (${formatShare(share)}).`,
    };
  },
};
