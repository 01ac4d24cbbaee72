import { formatDuration, formatShare } from "../../model/format-units.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { lengthOf } from "../intervals.ts";
import type { AdviceRule } from "../rule.ts";

const fullPrecision = /sgemm|dgemm|f32f32_f32f32|_s(?:gemm|conv)|fp32|cgemm/i;
const matrixUnits = /tf32|h(?:884|1688|16816)|s(?:884|1688|16816)|f16|bf16|wgmma|tensorop|i8816/i;
const withMatrixUnits = /V100|A100|A10\b|A40|A6000|H100|H200|GB?200|B200|L4\b|L40|T4\b|RTX|MI[123]\d\d/i;
/** Volta and Turing multiply in half precision only; CDNA has no TF32 before its third generation. */
const halfOnly = /compute 7\.\d|V100|T4\b|RTX (?:20|[468]000\b)|TITAN (?:V|RTX)/i;
const withoutTf32 = /MI[12]\d\d/i;
const leastBusy = 0.8;

/** Matrix products in full precision on a device that has faster units for lower. */
export const precisionHeadroom: AdviceRule = {
  id: "R13",
  title: "Full precision where less could do",
  fix: fixWith("TF32, BF16 or FP16"),
  howToVerify: "The kernels carry the names of matrix units, and the accuracy stays within its tolerance.",
  threshold: 0.05,
  look(scene) {
    if (!scene.hasDevice) return { missing: "work of a device" };
    const device = scene.trace.meta.facts.find(([, value]) => withMatrixUnits.test(value));
    if (device === undefined) return { missing: "the name of a device with matrix units" };
    const busy = 1 - lengthOf(scene.idle) / lengthOf(scene.stepTime);
    if (busy < leastBusy) return null;
    const products = scene.inSteps(
      scene.deviceWork((name, kind) => kind === SpanKind.kernel && fullPrecision.test(name) && !matrixUnits.test(name)),
    );
    if (products.length === 0) return null;
    return {
      lost: scene.timesOf(products),
      parts: { low: 0.1, mid: 0.4, high: 0.8 },
      confidence: 0.5,
      evidence: products,
      fix: fixWith(formatsOf(device[1])),
      describe: ({ each, share, perStepNs }) =>
        `Matrix products in full precision take ${formatDuration(perStepNs)} of ${each} (${formatShare(share)}) on ${device[1].split(",")[0]}.`,
    };
  },
};

function fixWith(formats: string): string {
  return `Allow ${formats} for matrix products, and check the accuracy.`;
}

/** Of what the matrix units of a device multiply, the formats that networks are trained in. */
function formatsOf(device: string): string {
  if (halfOnly.test(device)) return "FP16";
  return withoutTf32.test(device) ? "BF16 or FP16" : "TF32, BF16 or FP16";
}
