import { formatDuration, formatShare } from "../../model/format-units.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { intersect, lengthOf, subtract } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

const mostOverlap = 0.2;

/** Copies to or from the device run while nothing is computed. */
export const copiesAlone: AdviceRule = {
  id: "R08",
  title: "Copies and compute take turns",
  fix: "Copy from pinned memory on a stream of its own, one step ahead of the compute that needs it.",
  howToVerify: "Copies lie beside kernels on another stream.",
  threshold: 0.03,
  look(scene) {
    if (!scene.hasDevice) return { missing: "work of a device" };
    const copies = scene.deviceWork((_name, kind) => kind === SpanKind.hostToDevice || kind === SpanKind.deviceToHost);
    if (copies.length === 0) return null;
    const kernels = scene.timesOf(
      scene.deviceWork((_name, kind) => kind === SpanKind.kernel || kind === SpanKind.collective),
    );
    if (kernels.length === 0) return { missing: "kernels" };
    const times = intersect(scene.timesOf(copies), scene.stepTime);
    const lost = subtract(times, kernels);
    if (1 - lengthOf(lost) / lengthOf(times) > mostOverlap) return null;
    // What one step copies can only hide behind what another computes, and no more of it.
    const most = Math.min(1, lengthOf(intersect(kernels, scene.stepTime)) / Math.max(1, lengthOf(lost)));
    return {
      lost,
      parts: { low: 0, mid: 0.6 * most, high: 0.95 * most },
      confidence: 0.5,
      evidence: copies,
      describe: ({ each, share, perStepNs }) =>
        `Copies between host and device take ${formatDuration(perStepNs)} of ${each} (${formatShare(share)}) in which no kernel runs.`,
    };
  },
};
