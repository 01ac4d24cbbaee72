import { nameWeights, type Weights } from "../model/weights.ts";
import { applyDense, silu, siluGradient, widenLinear } from "../reference/dense.ts";
import { createRadial } from "../reference/radial.ts";

/** Where the filters of a layer lie on the curve; in channels. `f1` is null in the first layer, where v = 0. */
export interface CurveParts {
  readonly fs: number;
  readonly f1: number | null;
  readonly f2: number;
}

/** All live filters of all layers as one curve F(d) in R^C, C = (3L − 1)·H. */
export interface FilterCurve {
  readonly channelCount: number;
  readonly layers: readonly CurveParts[];
  /** F(d) and dF/dd, d in Å below the cutoff. */
  evaluate(distance: number): { readonly value: Float64Array; readonly slope: Float64Array };
}

export function createFilterCurve(weights: Weights): FilterCurve {
  const { architecture, layers } = nameWeights(weights);
  const { channelCount: width } = architecture;
  const radial = createRadial(architecture);
  const models = layers.map(({ filterHidden, filterOutput }) => {
    const output = widenLinear(filterOutput);
    return {
      hidden: widenLinear(filterHidden),
      output,
      flat: { ...output, bias: new Float64Array(output.outputCount) },
      slopeHidden: { ...widenLinear(filterHidden), bias: new Float64Array(filterHidden.outputCount) },
    };
  });
  let next = 0;
  const take = (): number => (next += width) - width;
  const parts = models.map((_, index): CurveParts => ({ fs: take(), f1: index === 0 ? null : take(), f2: take() }));
  return {
    channelCount: next,
    layers: parts,
    evaluate(distance) {
      const value = new Float64Array(next);
      const slope = new Float64Array(next);
      const { rho, slope: rhoSlope } = radial(distance);
      models.forEach(({ hidden, output, flat, slopeHidden }, index) => {
        const preActivation = applyDense(hidden, rho);
        const filters = applyDense(output, silu(preActivation));
        const slopes = applyDense(flat, siluGradient(preActivation, applyDense(slopeHidden, rhoSlope)));
        const { fs, f1, f2 } = parts[index];
        [fs, f1, f2].forEach((to, part) => {
          if (to === null) return;
          value.set(filters.subarray(part * width, (part + 1) * width), to);
          slope.set(slopes.subarray(part * width, (part + 1) * width), to);
        });
      });
      return { value, slope };
    },
  };
}
