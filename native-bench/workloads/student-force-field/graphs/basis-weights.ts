import type { Graph } from "../../../onnx/graph.ts";
import type { Tensor } from "../../../onnx/tensor.ts";
import { sliceBasis, type RankBasis } from "../radial/rank-basis.ts";
import { transposeMatrix } from "./transpose-matrix.ts";

/** Which filters of a layer. */
export type FilterPart = "fs" | "f1" | "f2";

/** U of one filter, [r, H]: filters of a slot are φ·U. */
export function filterBasis(graph: Graph, basis: RankBasis, layer: number, part: FilterPart, width: number): Tensor {
  const values = sliceBasis(basis, startOf(basis, layer, part), width);
  return graph.weight(`${part}${layer}.basis`, [basis.rank, width], values);
}

/** Uᵀ, [copies·H, r], `copies` times one below the other. */
export function filterBasisBack(
  graph: Graph,
  basis: RankBasis,
  { layer, part, width, copies = 1 }: { layer: number; part: FilterPart; width: number; copies?: number },
): Tensor {
  const values = transposeMatrix(sliceBasis(basis, startOf(basis, layer, part), width), basis.rank, width);
  const stacked = new Float64Array(copies * values.length);
  for (let copy = 0; copy < copies; copy++) stacked.set(values, copy * values.length);
  return graph.weight(`${part}${layer}.basis.back`, [copies * width, basis.rank], stacked);
}

function startOf({ layers }: RankBasis, layer: number, part: FilterPart): number {
  const start = layers[layer][part];
  if (start === null) throw new Error(`layer ${layer} has no ${part}`);
  return start;
}
