import { formatDuration, formatShare } from "../../model/format-units.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { endOf } from "../../model/trace.ts";
import { createIntervals, intersect, type Intervals } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";
import type { Scene } from "../scene.ts";

const smallKernelNs = 10_000;
/** Longer stand-stills have other causes than the launch of the next kernel. */
const longestGapNs = 100_000;
/** Between kernels of a captured graph. */
const bestGapNs = 1000;

/** Kernels so short that launching them is the work. */
export const smallKernels: AdviceRule = {
  id: "R09",
  title: "Kernels too small for their launches",
  fix: "Fuse operations with a compiler, capture the step as a graph, or make the batch larger.",
  howToVerify: "Fewer and longer kernels, gaps of about a microsecond.",
  threshold: 0.15,
  look(scene) {
    if (!scene.hasDevice) return { missing: "work of a device" };
    const kernels = scene.inSteps(scene.deviceWork((_name, kind) => kind === SpanKind.kernel));
    if (kernels.length < 10) return { missing: "at least ten kernels" };
    const { spans } = scene.trace;
    const durations = kernels.map((span) => endOf(spans, span) - spans.startNs[span]).sort((a, b) => a - b);
    const medianNs = durations[durations.length >>> 1];
    if (medianNs > smallKernelNs) return null;
    const { gaps, meanNs } = shortGaps(scene);
    // Sooner than those of a captured graph no kernel follows another.
    if (meanNs <= bestGapNs) return null;
    const mid = 1 - bestGapNs / meanNs;
    return {
      lost: gaps,
      parts: { low: mid * 0.4, mid, high: 1 - 500 / meanNs },
      confidence: 0.7,
      evidence: kernels.filter((span) => endOf(spans, span) - spans.startNs[span] <= smallKernelNs),
      describe: ({ each, share, perStepNs }) =>
        `Half of the kernels run for less than ${formatDuration(medianNs)}; the short gaps between them, ${formatDuration(meanNs)} each, add up to ${formatDuration(perStepNs)} of ${each} (${formatShare(share)}).`,
    };
  },
};

function shortGaps({ trace: { spans }, deviceSpans, idle }: Scene): {
  readonly gaps: Intervals;
  readonly meanNs: number;
} {
  const gaps = createIntervals();
  let busyTo = Infinity;
  let sum = 0;
  let count = 0;
  for (const span of deviceSpans) {
    const gapNs = spans.startNs[span] - busyTo;
    if (gapNs > 0 && gapNs <= longestGapNs) {
      gaps.add(busyTo, spans.startNs[span]);
      sum += gapNs;
      count++;
    }
    busyTo = Math.max(busyTo === Infinity ? -Infinity : busyTo, endOf(spans, span));
  }
  return { gaps: intersect(gaps.intervals, idle), meanNs: count === 0 ? 0 : sum / count };
}
