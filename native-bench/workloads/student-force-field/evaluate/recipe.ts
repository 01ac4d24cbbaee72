import type { Aggregation } from "../../../onnx/graph-math.ts";
import type { FloatType } from "../../../onnx/graph.ts";
import { closestDistance } from "../radial/rank-basis.ts";
import type { Batching } from "./planner.ts";

/** Everything that tells one variant from another; plain data, so that it can go to a thread. */
export interface Recipe {
  readonly graph: RecipeGraph;
  readonly batching: Batching;
  readonly numbers: Numbers;
  /** Whether a structure alone that is large takes the blocked graph, where the backend has it. */
  readonly largeInBlocks?: boolean;
}

export type RecipeGraph =
  | { readonly kind: "naive"; readonly aggregation: Aggregation; readonly float: FloatType }
  | { readonly kind: "tangent" }
  | { readonly kind: "fast"; readonly rank: number }
  | { readonly kind: "blocked"; readonly rank: number };

/** Distance of two atoms from which the graph takes them, Å. */
export function leastDistance({ graph }: Recipe): number {
  return graph.kind === "fast" || graph.kind === "blocked" ? closestDistance : 0;
}

/** Of weights and products; activations between nodes are float32 unless the graph is float64. */
export type Numbers =
  | "full"
  /** Weights stored as float16. */
  | "half-weights"
  /** All large products in 8 bits. */
  | "int8"
  /** All but those of the energy head. */
  | "int8-but-head"
  /** Only the filter MLP. */
  | "int8-filters";
