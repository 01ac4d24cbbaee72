/** Functions of the distance that a padded graph is given for each slot. */
export interface RadialTable {
  readonly start: number;
  readonly end: number;
  readonly width: number;
  /**
   * Writes the values at `at` to `value[offset…]` and their exact derivatives to `slope[offset…]`. `at` must lie within
   * [start, end].
   */
  interpolate(at: number, value: Float32Array | Float64Array, slope: Float32Array | Float64Array, offset: number): void;
}

interface TableSpec {
  readonly start: number;
  readonly end: number;
  readonly knotCount: number;
  readonly width: number;
  readonly evaluate: (at: number) => { readonly value: Float64Array; readonly slope: Float64Array };
}

/**
 * Tabulates curves with their slopes; interpolates by cubic Hermite polynomials. The derivatives are those of the
 * interpolant, so that forces are the exact gradient of energies.
 */
export function createHermiteTable({ start, end, knotCount, width, evaluate }: TableSpec): RadialTable {
  const step = (end - start) / (knotCount - 1);
  // Row k: values at knot k, then slopes times the step. One walk through memory reads two rows.
  const rows = new Float64Array(knotCount * 2 * width);
  for (let knot = 0; knot < knotCount; knot++) {
    const { value, slope } = evaluate(knot === knotCount - 1 ? end : start + knot * step);
    rows.set(value, knot * 2 * width);
    for (let q = 0; q < width; q++) rows[(knot * 2 + 1) * width + q] = slope[q] * step;
  }
  return {
    start,
    end,
    width,
    interpolate(at, value, slope, offset) {
      const position = (at - start) / step;
      const knot = Math.min(Math.floor(position), knotCount - 2);
      const t = position - knot;
      const t2 = t * t;
      const t3 = t2 * t;
      // Hermite basis on [0, 1] and its derivatives.
      const a0 = 2 * t3 - 3 * t2 + 1;
      const a1 = 1 - a0;
      const b0 = t3 - 2 * t2 + t;
      const b1 = t3 - t2;
      const da = (6 * t2 - 6 * t) / step;
      const db0 = (3 * t2 - 4 * t + 1) / step;
      const db1 = (3 * t2 - 2 * t) / step;
      let from = knot * 2 * width;
      for (let q = offset; q < offset + width; q++, from++) {
        const y0 = rows[from];
        const m0 = rows[from + width];
        const y1 = rows[from + 2 * width];
        const m1 = rows[from + 3 * width];
        value[q] = a0 * y0 + a1 * y1 + b0 * m0 + b1 * m1;
        slope[q] = da * (y0 - y1) + db0 * m0 + db1 * m1;
      }
    },
  };
}
