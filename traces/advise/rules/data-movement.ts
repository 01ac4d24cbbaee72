import { formatDuration, formatShare } from "../../model/format-units.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { intersect, lengthOf, subtract } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

const movement =
  /copy|\bcast|convert|transpose|permute|contiguous|CatArray|concat|split_with_sizes|reorder|nchwToNhwc|nhwcToNchw|Memcpy/i;
const compute = /gemm|conv(?:olve|_|\d|fusion|olution)|winograd|attention|flash|softmax|nccl/i;
const leastOfDevice = 0.05;

/** Kernels that only move or convert data. */
export const dataMovement: AdviceRule = {
  id: "R12",
  title: "Kernels that copy, cast or transpose",
  fix: "Keep one layout and one precision through the network, and let a compiler fold conversions into their neighbors.",
  howToVerify: "Fewer copy, cast and transpose kernels; less device time in all.",
  threshold: 0.02,
  losesEvidence: true,
  look(scene) {
    if (!scene.hasDevice) return { missing: "work of a device" };
    const moves = scene.inSteps(
      scene.deviceWork(
        (name, kind) =>
          kind === SpanKind.deviceToDevice || (kind === SpanKind.kernel && movement.test(name) && !compute.test(name)),
      ),
    );
    if (moves.length === 0) return null;
    // Only where they alone keep the device busy: beside another kernel they cost nothing.
    const others = scene.timesOf(
      scene.deviceWork(
        (name, kind) =>
          kind === SpanKind.collective || (kind === SpanKind.kernel && (!movement.test(name) || compute.test(name))),
      ),
    );
    const times = intersect(scene.timesOf(moves), scene.stepTime);
    const busyNs = lengthOf(scene.stepTime) - lengthOf(scene.idle);
    if (lengthOf(times) < leastOfDevice * busyNs) return null;
    return {
      lost: subtract(times, others),
      parts: { low: 0.3, mid: 0.6, high: 1 },
      confidence: 0.6,
      evidence: moves,
      describe: ({ each, share, perStepNs }) =>
        `Kernels that only move or convert data take ${formatDuration(perStepNs)} of ${each} (${formatShare(share)}), ${formatShare(lengthOf(times) / busyNs)} of the device's time.`,
    };
  },
};
