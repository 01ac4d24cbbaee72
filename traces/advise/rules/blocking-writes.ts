import { formatDuration, formatNumber, formatShare } from "../../model/format-units.ts";
import { isWriter } from "../host-names.ts";
import { intersect } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

/** The thread of the steps writes files. */
export const blockingWrites: AdviceRule = {
  id: "R10",
  title: "Writing blocks the step",
  fix: "Hand a copy to another thread that writes it, or write less often.",
  howToVerify: "The write span lies on another track, and the step goes on beside it.",
  threshold: 0.01,
  losesEvidence: true,
  look(scene) {
    const writes = scene.inSteps(scene.hostSpans(isWriter));
    if (writes.length === 0) return null;
    const times = scene.timesOf(writes);
    return {
      lost: scene.hasDevice ? intersect(times, scene.idle) : times,
      parts: { low: 0.6, mid: 0.95, high: 1 },
      confidence: 0.8,
      evidence: writes,
      describe: ({ each, share, perStepNs, evidencePerStep }) =>
        `The thread of the steps writes ${formatNumber(evidencePerStep)} times in ${each} and waits for it: ${formatDuration(perStepNs)} (${formatShare(share)}).`,
    };
  },
};
