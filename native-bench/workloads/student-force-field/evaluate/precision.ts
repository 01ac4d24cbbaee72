import type { Arithmetic } from "../../../plan/availability.ts";
import type { Recipe } from "./recipe.ts";

/** What limits of accuracy follow. */
export type Rounding = "float64" | "float32" | "int8";

/** Weights in float16 are cast before they are used, on every backend. */
export function arithmeticOf(recipe: Recipe): Arithmetic {
  return recipe.numbers === "half-weights" ? "float16 weights, computed in float32" : roundingOf(recipe);
}

export function roundingOf({ graph, numbers }: Recipe): Rounding {
  if (graph.kind === "naive" && graph.float === "float64") return "float64";
  return numbers.startsWith("int8") ? "int8" : "float32";
}
