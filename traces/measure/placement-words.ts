import type { BenchResult } from "./bench-report.ts";
import { formatCounted } from "../model/format-units.ts";

/** "CUDA" for "CUDAExecutionProvider". */
export function shortProvider(name: string): string {
  return name.replace("ExecutionProvider", "").replace("Tensorrt", "TensorRT");
}

/** "12 nodes on TensorRT, 3 nodes on CUDA": which provider ran how many nodes. */
export function countNodesWords(placement: Readonly<Record<string, number>>): string {
  return Object.entries(placement)
    .map(([name, count]) => `${formatCounted(count, "node")} on ${shortProvider(name)}`)
    .join(", ");
}

/** Who ran the nodes of a result; "" where only the CPU was asked and only the CPU ran, or nothing was profiled. */
export function placementWords({ placement, backend }: Pick<BenchResult, "placement" | "backend">): string {
  if (placement === null) return "";
  const isPlain = Object.keys(placement).length === 1 && backend.endsWith("-cpu");
  return isPlain ? "" : countNodesWords(placement);
}
