import type { Experiment } from "../model/experiment.ts";
import type { ModelReduction } from "../model/fit-model.ts";
import type { Evaluator } from "./evaluator.ts";
import { clearNormalEquations, createNormalEquations, packedIndex } from "./normal-equations.ts";

/** Normal equations of fewer parameters p that others follow from by q = M·p: H' = MᵀHM, g' = Mᵀg. */
export function reduceEvaluator(inner: Evaluator, { matrix }: ModelReduction, experiment: Experiment): Evaluator {
  const rows = matrix(experiment);
  const count = rows[0]?.length ?? 0;
  const wide = createNormalEquations(rows.length);
  const halfway = Array.from(rows, () => new Float64Array(count));
  return {
    ...inner,
    parameterCount: count,
    async evaluate(parameters, out, range, kind) {
      clearNormalEquations(wide);
      await inner.evaluate(multiply(rows, parameters), wide, range, kind);
      for (const [row, sums] of halfway.entries())
        for (let column = 0; column < count; column++) {
          let sum = 0;
          for (const [k, other] of rows.entries()) sum += wide.H[packedIndex(row, k)] * other[column];
          sums[column] = sum;
        }
      for (let row = 0; row < count; row++) {
        for (let column = 0; column <= row; column++) {
          let sum = 0;
          for (const [k, other] of rows.entries()) sum += other[row] * halfway[k][column];
          out.H[packedIndex(row, column)] += sum;
        }
        for (const [k, other] of rows.entries()) out.g[row] += other[row] * wide.g[k];
      }
      out.cost += wide.cost;
    },
  };
}

export const multiply = (rows: readonly Float64Array[], parameters: ArrayLike<number>): Float64Array =>
  Float64Array.from(rows, (row) => row.reduce((sum, factor, index) => sum + factor * (parameters[index] ?? 0), 0));
