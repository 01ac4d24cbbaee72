import type { Precision } from "../../../plan/availability.ts";
import type { Recipe } from "./recipe.ts";

/** What limits of accuracy follow. */
export type Rounding = "float64" | "float32" | "int8";

/** What a variant computes in, as reports tell it. */
export function precisionOf({ graph, numbers }: Recipe): Precision {
  if (graph.kind === "naive" && graph.float === "float64") return "float64";
  if (numbers === "full") return "float32";
  return numbers === "half-weights" ? "float16" : "int8";
}

export function roundingOf(recipe: Recipe): Rounding {
  const precision = precisionOf(recipe);
  return precision === "float16" ? "float32" : precision;
}
