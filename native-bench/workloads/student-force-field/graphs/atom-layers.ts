import type { LayerWeights, Linear, NamedWeights } from "../model/weights.ts";
import type { GraphMath } from "../../../onnx/graph-math.ts";
import type { Tensor } from "../../../onnx/tensor.ts";
import { normEpsilon } from "./norm-epsilon.ts";
import { transposeMatrix } from "./transpose-matrix.ts";

type Floats = Float32Array | Float64Array;

/*
 * What happens on atoms, forwards and backwards, written by hand for the padded graphs. Scalars are [atoms, H], vectors
 * [atoms, 3, H].
 */

/** What the backward pass needs of the update of one layer. */
export interface UpdateRecord {
  readonly scalarsMid: Tensor;
  readonly vectorsMid: Tensor;
  readonly norms: Tensor;
  readonly preActivation: Tensor;
  readonly sigma: Tensor;
  readonly activation: Tensor;
  /** Present but for the last layer, whose vectors nobody reads. */
  readonly gate: Gate | null;
}

/**
 * v ← v∘b + (M v)∘c. With M = m·I that is v∘(b + m·c), and b + m·c is one linear function of the activation:
 * `folded`. Otherwise both gates and M v are kept.
 */
type Gate =
  | { readonly kind: "folded"; readonly gate: Tensor }
  | { readonly kind: "mixed"; readonly b: Tensor; readonly c: Tensor; readonly mixed: Tensor };

/** Relative deviation below which a mixing matrix counts as a multiple of the identity. */
const isotropyTolerance = 1e-12;

/** The factor m of M = m·I; null for another matrix. */
export function findIsotropicFactor(mixing: Float32Array): number | null {
  const factor = mixing[0];
  const isIsotropic = mixing.every((value, i) => Math.abs(value - (i % 4 === 0 ? factor : 0)) <= isotropyTolerance);
  return isIsotropic ? factor : null;
}

export interface UpdateLayer {
  readonly index: number;
  readonly weights: LayerWeights;
  readonly isLast: boolean;
}

/** s ← s¹ + a, v ← gated v¹; vectors are null after the last layer. */
export function updateForward(
  math: GraphMath,
  { index, weights, isLast }: UpdateLayer,
  scalarsMid: Tensor,
  vectorsMid: Tensor,
): { readonly scalars: Tensor; readonly vectors: Tensor | null; readonly record: UpdateRecord } {
  const name = `update${index}`;
  const width = weights.updateHidden.outputCount;
  const squares = math.sum(math.multiply(vectorsMid, vectorsMid), [1]);
  const norms = math.sqrt(math.add(squares, math.scalar(normEpsilon)));
  const [forScalars, forNorms] = splitColumns(weights.updateHidden);
  const bias = math.graph.weight(`${name}.hidden.bias`, [width], weights.updateHidden.bias);
  const preActivation = math.gemm(
    norms,
    turned(math, `${name}.norms`, forNorms, width),
    math.gemm(scalarsMid, turned(math, `${name}.scalars`, forScalars, width), bias),
  );
  const sigma = math.sigmoid(preActivation);
  const activation = math.multiply(preActivation, sigma);
  const part = (label: string, rows: Floats, offset: Floats): Tensor =>
    math.gemm(
      activation,
      turned(math, `${name}.${label}`, rows, width),
      math.graph.weight(`${name}.${label}.bias`, [width], offset),
    );
  const [a, b, c] = splitRows(weights.updateOutput);
  const scalars = math.add(scalarsMid, part("a", a.weight, a.bias));
  const base = { scalarsMid, vectorsMid, norms, preActivation, sigma, activation };
  if (isLast) return { scalars, vectors: null, record: { ...base, gate: null } };
  const factor = findIsotropicFactor(weights.mixing);
  if (factor !== null) {
    const flat = part("gate", addScaled(b.weight, c.weight, factor), addScaled(b.bias, c.bias, factor));
    const gate = math.unsqueeze(flat, [1]);
    return { scalars, vectors: math.multiply(vectorsMid, gate), record: { ...base, gate: { kind: "folded", gate } } };
  }
  const gate = {
    kind: "mixed" as const,
    b: math.unsqueeze(part("b", b.weight, b.bias), [1]),
    c: math.unsqueeze(part("c", c.weight, c.bias), [1]),
    mixed: mixComponents(math, `mixing${index}`, weights.mixing, vectorsMid),
  };
  const vectors = math.add(math.multiply(vectorsMid, gate.b), math.multiply(gate.mixed, gate.c));
  return { scalars, vectors, record: { ...base, gate } };
}

/** Gradients of (s¹, v¹) from those of the layer's output. `vectors` is null in the last layer. */
export function updateBackward(
  math: GraphMath,
  { index, weights }: UpdateLayer,
  record: UpdateRecord,
  gradients: { readonly scalars: Tensor; readonly vectors: Tensor | null },
): { readonly scalars: Tensor; readonly vectors: Tensor } {
  const name = `update${index}`;
  const width = weights.updateHidden.outputCount;
  const [a, b, c] = splitRows(weights.updateOutput);
  const straight = (label: string, values: Floats): Tensor =>
    math.graph.weight(`${name}.${label}.back`, [width, width], values);
  let hidden = math.matMul(gradients.scalars, straight("a", a.weight));
  let vectors: Tensor | null = null;
  const { gate } = record;
  if (gradients.vectors !== null && gate !== null) {
    const along = math.sum(math.multiply(gradients.vectors, record.vectorsMid), [1]);
    if (gate.kind === "folded") {
      const factor = findIsotropicFactor(weights.mixing) ?? 0;
      hidden = math.gemm(along, straight("gate", addScaled(b.weight, c.weight, factor)), hidden);
      vectors = math.multiply(gradients.vectors, gate.gate);
    } else {
      const alongMixed = math.sum(math.multiply(gradients.vectors, gate.mixed), [1]);
      hidden = math.gemm(along, straight("b", b.weight), hidden);
      hidden = math.gemm(alongMixed, straight("c", c.weight), hidden);
      const back = transposeMatrix(weights.mixing, 3, 3);
      const mixed = mixComponents(math, `mixing${index}.back`, back, math.multiply(gradients.vectors, gate.c));
      vectors = math.add(math.multiply(gradients.vectors, gate.b), mixed);
    }
  }
  const inner = math.multiply(hidden, siluSlope(math, record.sigma, record.activation));
  const [forScalars, forNorms] = splitColumns(weights.updateHidden);
  const scalars = math.gemm(inner, straight("scalars", forScalars), gradients.scalars);
  const norms = math.divide(math.matMul(inner, straight("norms", forNorms)), record.norms);
  const throughNorms = math.multiply(record.vectorsMid, math.unsqueeze(norms, [1]));
  return { scalars, vectors: vectors === null ? throughNorms : math.add(throughNorms, vectors) };
}

/** Energies of atoms [atoms, 1] and ∂E/∂s [atoms, H]. */
export function readOut(
  math: GraphMath,
  head: NamedWeights["head"],
  scalars: Tensor,
): { energies: Tensor; gradient: Tensor } {
  const [first, second, last] = head;
  const outer = dense(math, "head0", first, scalars);
  const outerSigma = math.sigmoid(outer);
  const outerActivation = math.multiply(outer, outerSigma);
  const inner = dense(math, "head1", second, outerActivation);
  const innerSigma = math.sigmoid(inner);
  const innerActivation = math.multiply(inner, innerSigma);
  const energies = dense(math, "head2", last, innerActivation);
  const row = math.graph.weight("head2.back", [1, last.inputCount], last.weight);
  const innerGradient = math.multiply(siluSlope(math, innerSigma, innerActivation), row);
  const through = math.matMul(
    innerGradient,
    math.graph.weight("head1.back", [second.outputCount, second.inputCount], second.weight),
  );
  const outerGradient = math.multiply(through, siluSlope(math, outerSigma, outerActivation));
  const gradient = math.matMul(
    outerGradient,
    math.graph.weight("head0.back", [first.outputCount, first.inputCount], first.weight),
  );
  return { energies, gradient };
}

/** SiLU′(x) = σ + xσ(1 − σ), from σ and the activation xσ. */
export function siluSlope(math: GraphMath, sigma: Tensor, activation: Tensor): Tensor {
  return math.add(activation, math.multiply(sigma, math.subtract(math.scalar(1), activation)));
}

function dense(math: GraphMath, name: string, { weight, bias, inputCount, outputCount }: Linear, x: Tensor): Tensor {
  const columns = transposeMatrix(weight, outputCount, inputCount);
  return math.gemm(
    x,
    math.graph.weight(`${name}.weight`, [inputCount, outputCount], columns),
    math.graph.weight(`${name}.bias`, [outputCount], bias),
  );
}

/** (M v)_k = Σ_q M_kq v_q on [atoms, 3, H]. */
function mixComponents(math: GraphMath, name: string, matrix: Float32Array, vectors: Tensor): Tensor {
  return math.matMul(math.graph.weight(name, [3, 3], matrix), vectors);
}

/** A square part of a weight [out, in] as the right-hand side of a product with rows. */
function turned(math: GraphMath, name: string, values: Floats, width: number): Tensor {
  return math.graph.weight(`${name}.forward`, [width, width], transposeMatrix(values, width, width));
}

/** W = [W_a | W_b] by columns. */
function splitColumns({ weight, inputCount, outputCount }: Linear): [Float32Array, Float32Array] {
  const half = inputCount / 2;
  const parts: [Float32Array, Float32Array] = [
    new Float32Array(half * outputCount),
    new Float32Array(half * outputCount),
  ];
  for (let row = 0; row < outputCount; row++) {
    const from = row * inputCount;
    parts[0].set(weight.subarray(from, from + half), row * half);
    parts[1].set(weight.subarray(from + half, from + inputCount), row * half);
  }
  return parts;
}

/** The three parts of a layer H → 3H. */
function splitRows({ weight, bias, inputCount }: Linear): { weight: Float32Array; bias: Float32Array }[] {
  const rows = bias.length / 3;
  return [0, 1, 2].map((part) => ({
    weight: weight.subarray(part * rows * inputCount, (part + 1) * rows * inputCount),
    bias: bias.subarray(part * rows, (part + 1) * rows),
  }));
}

/** In float64: the graph rounds once, to its own numbers. */
function addScaled(a: Float32Array, b: Float32Array, factor: number): Float64Array {
  return Float64Array.from(a, (value, i) => value + factor * b[i]);
}
