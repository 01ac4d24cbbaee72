import { type NormalEquations, packedIndex } from "../evaluators/normal-equations.ts";
import type { FitModel } from "../model/fit-model.ts";

/** Parameters that should be alike: the contrasts, and the offsets, of a model with one pair an angle. */
export function findGroups(model: FitModel, angleCount: number): readonly (readonly number[])[] {
  if (!model.scalingPerAngle) return [];
  const angles = Array.from({ length: angleCount }, (_, angle) => angle);
  return [0, 1].map((column) => angles.map((angle) => model.columns(angle)[column]));
}

/**
 * Adds λ·N·Var of each group to the cost, with the matching halves of gradient and curvature: g −= λN(1/n)(v − mean),
 * H += λN(1/n)(I − 11ᵀ/n), since cost = Σr² has the gradient −2g and the curvature 2H.
 */
export function addGroupVariance(
  groups: readonly (readonly number[])[],
  weight: number,
  parameters: Float64Array,
  out: NormalEquations,
): void {
  for (const group of groups) {
    const count = group.length;
    const mean = group.reduce((sum, index) => sum + parameters[index], 0) / count;
    for (const row of group) {
      const deviation = parameters[row] - mean;
      out.cost += (weight * deviation * deviation) / count;
      out.g[row] -= (weight * deviation) / count;
      for (const column of group)
        if (column <= row) out.H[packedIndex(row, column)] += (weight / count) * ((row === column ? 1 : 0) - 1 / count);
    }
  }
}
