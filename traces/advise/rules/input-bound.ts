import { formatDuration, formatShare } from "../../model/format-units.ts";
import { isLoader } from "../host-names.ts";
import { intersect } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

/** The step waits for its input. */
export const inputBound: AdviceRule = {
  id: "R04",
  title: "Input arrives too late",
  fix: "Load ahead: worker processes, a prefetch queue, pinned memory, cheaper decoding.",
  howToVerify: "The loader's span shrinks to the time of taking a finished batch from the queue.",
  threshold: 0.05,
  losesEvidence: true,
  look(scene) {
    if (scene.rule === "whole") return { missing: "repeating steps" };
    const loaders = scene.hostSpans(isLoader);
    if (loaders.length === 0) return { missing: "spans of a data loader on the thread of the steps" };
    const times = scene.timesOf(loaders);
    return {
      lost: scene.hasDevice ? intersect(times, scene.idle) : times,
      parts: { low: 0.7, mid: 0.95, high: 1 },
      confidence: scene.hasDevice ? 0.9 : 0.6,
      evidence: loaders,
      describe: ({ share, perStepNs }) =>
        `Each step waits ${formatDuration(perStepNs)} (${formatShare(share)}) for its input${scene.hasDevice ? " while the device stands still" : ""}.`,
    };
  },
};
