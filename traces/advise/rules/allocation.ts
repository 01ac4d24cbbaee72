import { formatDuration, formatNumber, formatShare } from "../../model/format-units.ts";
import { isAllocation, isCollection } from "../host-names.ts";
import { intersect } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

/** Memory is taken and given back in every step. */
export const allocation: AdviceRule = {
  id: "R11",
  title: "Memory taken and freed in the step",
  fix: "Take buffers once and use them again: a pool, a caching allocator, results written in place.",
  howToVerify: "No allocation and no garbage collection after warm-up.",
  threshold: 0.01,
  losesEvidence: true,
  look(scene) {
    // Without steps, what a program takes once at its start cannot be told from what it takes again and again.
    const allocations = scene.inSteps(scene.hostSpans(scene.rule === "whole" ? isCollection : isAllocation));
    if (allocations.length === 0) return null;
    const times = scene.timesOf(allocations);
    return {
      lost: scene.hasDevice ? intersect(times, scene.idle) : times,
      parts: { low: 0.5, mid: 0.9, high: 1 },
      confidence: 0.7,
      evidence: allocations,
      describe: ({ share, perStepNs, evidencePerStep }) =>
        `Allocation, freeing and garbage collection hold the step up ${formatNumber(evidencePerStep)} times: ${formatDuration(perStepNs)} (${formatShare(share)}).`,
    };
  },
};
