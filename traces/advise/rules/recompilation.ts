import { formatDuration, formatNumber, formatShare } from "../../model/format-units.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { endOf } from "../../model/trace.ts";
import { createIntervals, lengthWithin } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

/** Code is compiled or traced again in steps after the first. */
export const recompilation: AdviceRule = {
  id: "R06",
  title: "Compiled again",
  fix: "Compile once: keep shapes and constants equal from step to step, or cache by signature.",
  howToVerify: "No compile span after the first step.",
  threshold: 0.01,
  losesEvidence: true,
  look(scene) {
    if (scene.rule === "whole" || scene.laterSteps.length < 2) return { missing: "several steps" };
    const { spans } = scene.trace;
    const compiles: number[] = [];
    const times = createIntervals();
    for (let span = 0; span < spans.length; span++)
      if (spans.kind[span] === SpanKind.compile && isLater(span)) compiles.push(span);
    compiles.sort((a, b) => spans.startNs[a] - spans.startNs[b]);
    for (const span of compiles) times.add(spans.startNs[span], endOf(spans, span));
    const steps = scene.laterSteps.filter(({ startNs, endNs }) => lengthWithin(times.intervals, startNs, endNs) > 0);
    // Once more is a new shape; half of the steps is a habit.
    if (steps.length * 2 < scene.laterSteps.length) return null;
    return {
      lost: times.intervals,
      steps: scene.laterSteps,
      parts: { low: 0.9, mid: 1, high: 1 },
      confidence: 0.9,
      evidence: compiles,
      describe: ({ each, share, perStepNs, evidencePerStep }) =>
        `${steps.length} of ${scene.laterSteps.length} steps after the first compile again, ${formatNumber(evidencePerStep)} times in ${each}: ${formatDuration(perStepNs)} (${formatShare(share)}).`,
    };

    function isLater(span: number): boolean {
      const [first] = scene.laterSteps;
      return first !== undefined && spans.startNs[span] >= first.startNs;
    }
  },
};
