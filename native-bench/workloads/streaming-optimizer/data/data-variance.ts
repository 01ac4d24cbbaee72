import { createNormalEquations, type NormalEquations } from "../evaluators/normal-equations.ts";
import type { FitModel } from "../model/fit-model.ts";

/**
 * Variance of the (weighted) data around their mean, per angle where scaling is: with all contrasts 0 the model is its offset, so cost and
 * offset column of one pass hold Σ(y − o)² and Σ(y − o).
 */
export async function measureVariance(
  model: FitModel,
  angleCount: number,
  start: Float64Array,
  evaluate: (parameters: Float64Array, out: NormalEquations) => Promise<void>,
): Promise<number> {
  const parameters = Float64Array.from(start);
  for (let angle = 0; angle < angleCount; angle++) parameters[model.columns(angle)[0]] = 0;
  const out = createNormalEquations(parameters.length);
  await evaluate(parameters, out);
  const offsets = new Set(Array.from({ length: angleCount }, (_, angle) => model.columns(angle)[1]));
  let weight = 0;
  let spread = out.cost;
  for (const index of offsets) {
    const count = out.H[(index * (index + 3)) / 2];
    weight += count;
    spread -= out.g[index] ** 2 / count;
  }
  return Math.max(0, spread) / weight;
}
