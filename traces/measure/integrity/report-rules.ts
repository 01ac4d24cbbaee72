import { formatCounted, formatNumber } from "../../model/format-units.ts";
import type { BenchResult } from "../bench-report.ts";
import { medianOf } from "../describe.ts";
import { whyOutputsStay } from "./constant-outputs.ts";
import type { IntegrityFinding } from "./finding.ts";

/* Rules over what a result of our own runs says beside its times. */

/** Backends of ONNX Runtime whose nodes a GPU is to run. Those of other libraries tell no placement. */
export const gpuBackend: RegExp = /(?:^|-)(?:cuda|tensorrt|webgpu)$/;
const cpuProvider = "CPUExecutionProvider";
/** A stated median may have been rounded to three digits. */
const roundingOfMedian = 0.005;

export function inspectResult(result: BenchResult, place: string): readonly IntegrityFinding[] {
  return [...findSameOutputs(result, place), ...findWorkOffGpu(result, place), ...findOtherMedian(result, place)];
}

function findSameOutputs(result: BenchResult, place: string): readonly IntegrityFinding[] {
  if (result.outputsChanged !== false || whyOutputsStay(result) !== null) return [];
  return [
    {
      rule: "sameOutputs",
      severity: "invalid",
      place,
      message: "The outputs did not change although the inputs did: something answered from a cache.",
      arithmetic: "two steps in a row gave the same sum of all outputs",
    },
  ];
}

/** Of a backend of a GPU: a profile without nodes, and one whose nodes all ran on the CPU. */
function findWorkOffGpu({ backend, placement }: BenchResult, place: string): readonly IntegrityFinding[] {
  if (!gpuBackend.test(backend) || typeof placement !== "object" || placement === null) return [];
  const providers = Object.entries(placement).filter(([, count]) => count > 0);
  if (providers.length === 0)
    return [
      {
        rule: "noKernels",
        severity: "invalid",
        place,
        message: "The profile holds no computation on the device: it cannot show that the GPU computed anything.",
        arithmetic: `0 nodes in the profiled step, on ${backend}`,
      },
    ];
  if (providers.some(([provider]) => provider !== cpuProvider)) return [];
  const nodes = providers.reduce((sum, [, count]) => sum + count, 0);
  return [
    {
      rule: "leftToCpu",
      severity: "invalid",
      place,
      message: "The GPU left all of its work to the CPU: the time is one of the CPU.",
      arithmetic: `${formatCounted(nodes, "node")} in the profiled step, all on ${cpuProvider}`,
    },
  ];
}

/** The median and the samples of a result are two records of one thing. */
function findOtherMedian({ medianMs, samplesMs }: BenchResult, place: string): readonly IntegrityFinding[] {
  if (typeof medianMs !== "number") return [];
  const found = medianOf(samplesMs);
  if (!Number.isFinite(found) || Math.abs(medianMs - found) <= roundingOfMedian * Math.abs(found)) return [];
  return [
    {
      rule: "medianDiffers",
      severity: "invalid",
      place,
      message: "The median is not that of the samples: one of the two was changed, or belongs to another run.",
      arithmetic: `${formatNumber(medianMs)} ms stated, ${formatNumber(found)} ms the median of ${formatCounted(samplesMs.length, "sample")}`,
    },
  ];
}
