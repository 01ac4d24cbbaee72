import type { Linear } from "../model/weights.ts";

/** A linear layer widened to float64. Rows of all arrays below are contiguous. */
export interface DenseLayer {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  readonly inputCount: number;
  readonly outputCount: number;
}

export function widenLinear({ weight, bias, inputCount, outputCount }: Linear): DenseLayer {
  return { weight: Float64Array.from(weight), bias: Float64Array.from(bias), inputCount, outputCount };
}

/** y = Wx + b */
export function applyDense({ weight, bias, inputCount, outputCount }: DenseLayer, x: Float64Array): Float64Array {
  const y = new Float64Array(outputCount);
  for (let row = 0; row < outputCount; row++) {
    let sum = bias[row];
    const offset = row * inputCount;
    for (let column = 0; column < inputCount; column++) sum += weight[offset + column] * x[column];
    y[row] = sum;
  }
  return y;
}

/** Wᵀg: the gradient of the input. */
export function applyTransposed({ weight, inputCount, outputCount }: DenseLayer, g: Float64Array): Float64Array {
  const x = new Float64Array(inputCount);
  for (let row = 0; row < outputCount; row++) {
    const factor = g[row];
    if (factor === 0) continue;
    const offset = row * inputCount;
    for (let column = 0; column < inputCount; column++) x[column] += weight[offset + column] * factor;
  }
  return x;
}

export function silu(x: Float64Array): Float64Array {
  return x.map((value) => value / (1 + Math.exp(-value)));
}

/** g ∘ SiLU′(x); SiLU′ = σ + xσ(1 − σ). */
export function siluGradient(x: Float64Array, g: Float64Array): Float64Array {
  return g.map((value, i) => {
    const sigma = 1 / (1 + Math.exp(-x[i]));
    return value * sigma * (1 + x[i] * (1 - sigma));
  });
}
