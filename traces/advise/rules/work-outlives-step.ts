import { formatDuration, formatShare } from "../../model/format-units.ts";
import { endOf } from "../../model/trace.ts";
import { lengthOf } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

const leastShare = 0.1;

/** The host's step span ends long before the device has done its work: taken as a timing it is too short. */
export const workOutlivesStep: AdviceRule = {
  id: "I8",
  title: "Step spans end before their work",
  fix: "Before the end of a timed region, wait for all of its outputs.",
  howToVerify: "The device has no work of a step left when the span of the step ends.",
  threshold: 0,
  look(scene) {
    if (!scene.hasDevice) return { missing: "work of a device" };
    if (scene.rule !== "stepSpans") return { missing: "step spans" };
    if (!scene.launches.known) return { missing: "links from launches to device work" };
    const { spans } = scene.trace;
    const overNs = scene.steps.reduce((sum, { endNs }, i) => sum + (endNs - endOf(spans, scene.stepSpans[i])), 0);
    const share = overNs / lengthOf(scene.stepTime);
    if (share < leastShare) return null;
    return {
      lost: [],
      parts: { low: 0, mid: 0, high: 0 },
      confidence: 0.9,
      evidence: scene.stepSpans,
      isNote: true,
      describe: () =>
        `The device still works ${formatDuration(overNs / scene.steps.length)} (${formatShare(share)} of a step) when the step span of the host ends. Here steps last until their device work is done; a timer around the host code would say less.`,
    };
  },
};
