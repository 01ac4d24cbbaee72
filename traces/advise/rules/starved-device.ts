import { formatDuration, formatShare } from "../../model/format-units.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { endOf } from "../../model/trace.ts";
import { isLoader } from "../host-names.ts";
import { intersect, type Intervals, lengthOf, subtract } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";
import type { Scene } from "../scene.ts";

/** A kernel that starts so soon after its launch did not wait in a queue. */
const shortQueueNs = 20_000;
/** Work that waited so long was there before the device was free. */
const longQueueNs = 500_000;
const leastIdleShare = 0.2;
const leastHostShare = 0.5;

const hostWork: ReadonlySet<number> = new Set([SpanKind.op, SpanKind.launch, SpanKind.other, SpanKind.io]);

/** The device waits because the host hands work over too slowly. Two signals of three are needed. */
export const starvedDevice: AdviceRule = {
  id: "R03",
  title: "Device starved by the host",
  fix: "Hand over larger pieces: larger batches, compiled or captured graphs, fused operations, input made by another thread.",
  howToVerify: "The device works for more of the step, and kernels wait in its queue instead of the other way round.",
  threshold: 0.05,
  look(scene) {
    if (!scene.hasDevice) return { missing: "work of a device" };
    if (scene.host.end === scene.host.first) return { missing: "a host thread" };
    const idle = intersect(scene.idle, deviceWindow(scene));
    const idleNs = lengthOf(idle);
    if (idleNs === 0) return null;
    // A backward pass has a thread of its own.
    const underHost = intersect(
      idle,
      scene.hostTimes((_name, kind) => hostWork.has(kind)),
    );
    const queueNs = medianQueue(scene);
    const signals = [
      idleNs / lengthOf(scene.stepTime) > leastIdleShare,
      lengthOf(underHost) / idleNs > leastHostShare,
      queueNs !== null && queueNs < shortQueueNs,
    ];
    const seen = signals.filter(Boolean).length;
    if (seen < 2) return null;
    // Input has a rule of its own.
    const lost = subtract(underHost, scene.timesOf(scene.hostSpans(isLoader)));
    return {
      lost,
      parts: { low: 0.2, mid: 0.5, high: 0.9 },
      confidence: seen === signals.length ? 0.8 : 0.6,
      evidence: afterGaps(scene),
      describe: ({ each, share, perStepNs }) =>
        `The device stands still for ${formatDuration(perStepNs)} of ${each} (${formatShare(share)}) while the host prepares work${queueWords(queueNs)}.`,
    };
  },
};

/** A short queue is a signal; a long one says that the device starves in parts of the step only. */
function queueWords(queueNs: number | null): string {
  if (queueNs === null || (queueNs >= shortQueueNs && queueNs < longQueueNs)) return "";
  return queueNs < shortQueueNs
    ? `; half of all launches start their work within ${formatDuration(queueNs)}`
    : `, though not all along: half of all launches wait in its queue for ${formatDuration(queueNs)} and longer`;
}

/** Without steps: from the first to the last device work, since what a program does before and after starves nobody. */
function deviceWindow({ trace: { spans }, rule, deviceSpans, stepTime }: Scene): Intervals {
  if (rule !== "whole") return stepTime;
  const last = deviceSpans.reduce((end, span) => Math.max(end, endOf(spans, span)), 0);
  return [spans.startNs[deviceSpans[0]], last];
}

/**
 * Median time from the end of a launch to the start of the first that it launched, ns; null where launches are not known.
 * The kernels of a captured graph have one launch and wait for each other.
 */
function medianQueue({ trace: { spans }, launches, deviceSpans }: Scene): number | null {
  const queues: number[] = [];
  const seen = new Set<number>();
  for (const span of deviceSpans) {
    const launcher = launches.launcherOf(span);
    if (launcher < 0 || seen.has(launcher)) continue;
    seen.add(launcher);
    queues.push(Math.max(0, spans.startNs[span] - endOf(spans, launcher)));
  }
  queues.sort((a, b) => a - b);
  return queues[queues.length >>> 1] ?? null;
}

/** Device spans with the longest stand-stills before them. */
function afterGaps({ trace: { spans }, deviceSpans, stepTime }: Scene): readonly number[] {
  const gaps: { span: number; gapNs: number }[] = [];
  let busyTo = stepTime[0] ?? 0;
  for (const span of deviceSpans) {
    const gapNs = spans.startNs[span] - busyTo;
    if (gapNs > shortQueueNs) gaps.push({ span, gapNs });
    busyTo = Math.max(busyTo, endOf(spans, span));
  }
  return gaps.toSorted((a, b) => b.gapNs - a.gapNs).map(({ span }) => span);
}
