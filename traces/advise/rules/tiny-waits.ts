import { formatCounted, formatDuration, formatNumber, formatShare } from "../../model/format-units.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { endOf } from "../../model/trace.ts";
import { createIntervals, intersect, type Intervals } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";
import type { Scene } from "../scene.ts";

const leastPerStep = 2;

/** The host waits for the device again and again, and each time the device runs dry before new work arrives. */
export const tinyWaits: AdviceRule = {
  id: "R02",
  title: "Many waits in a step",
  fix: "Keep results on the device and read them once at the end of a step, or every few steps.",
  howToVerify: "Fewer waits in a step, and no gap on the device after each of them.",
  threshold: 0.01,
  look(scene) {
    if (!scene.hasDevice) return { missing: "work of a device" };
    const waits = scene.inSteps(scene.hostSpans((_name, kind) => kind === SpanKind.sync));
    if (waits.length / scene.steps.length < leastPerStep) return null;
    return {
      lost: bubblesAfter(scene, waits),
      parts: { low: 0.5, mid: 0.9, high: 1 },
      confidence: 0.8,
      evidence: waits,
      describe: ({ each, share, perStepNs, evidencePerStep }) =>
        `The host waits for the device ${timesWords(evidencePerStep)} in ${each}; after all but the last wait the device stands still until new work arrives: ${formatDuration(perStepNs)} of ${each} (${formatShare(share)}).`,
    };
  },
};

/** "2 times", "2.50 times" on average. */
function timesWords(times: number): string {
  return Number.isInteger(times) ? formatCounted(times, "time") : `${formatNumber(times)} times`;
}

/** Idle time from the end of each wait to the next device work; after the last wait of a step there is nothing to win. */
function bubblesAfter({ trace: { spans }, steps, deviceSpans, idle }: Scene, waits: readonly number[]): Intervals {
  const bubbles = createIntervals();
  let next = 0;
  let step = 0;
  waits.forEach((wait, i) => {
    while (step + 1 < steps.length && steps[step + 1].startNs <= spans.startNs[wait]) step++;
    const following = waits[i + 1];
    if (following === undefined || spans.startNs[following] >= steps[step].endNs) return;
    const end = endOf(spans, wait);
    while (next < deviceSpans.length && spans.startNs[deviceSpans[next]] < end) next++;
    if (next < deviceSpans.length) bubbles.add(end, Math.min(spans.startNs[deviceSpans[next]], steps[step].endNs));
  });
  return intersect(bubbles.intervals, idle);
}
