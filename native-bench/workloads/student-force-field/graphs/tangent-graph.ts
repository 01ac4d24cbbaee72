import { nameWeights, type LayerWeights, type Linear, type NamedWeights, type Weights } from "../model/weights.ts";
import { GraphMath } from "../../../onnx/graph-math.ts";
import { Graph, type FloatType } from "../../../onnx/graph.ts";
import type { Tensor } from "../../../onnx/tensor.ts";
import { readOut, siluSlope, updateBackward, updateForward, type UpdateRecord } from "./atom-layers.ts";
import { transposeMatrix } from "./transpose-matrix.ts";

/*
 * The hand-derived gradient with the filters as they are: an MLP of the radial functions on every slot, and its
 * tangent F′ = W₂·(SiLU′(a)∘(W₁ρ′)). Exact for any distance; the step between the naive and the fast graph.
 */

interface Slots {
  readonly neighbors: Tensor;
  readonly directions: Tensor;
  readonly radial: Tensor;
  readonly radialSlope: Tensor;
  /** 1 in used slots [atoms, slots, 1]: an MLP of zeros is not zero. */
  readonly mask: Tensor;
}

interface Filters {
  readonly values: readonly [Tensor, Tensor, Tensor];
  readonly slopes: readonly [Tensor, Tensor, Tensor];
}

interface LayerRecord {
  readonly scalars: Tensor;
  /** Null in the first layer, where v = 0. */
  readonly vectors: Tensor | null;
  readonly filters: Filters;
  readonly update: UpdateRecord;
}

/**
 * Inputs and outputs as those of `buildFastGraph`, with phi and phiSlope [atoms, slots, R] the radial functions ρ(d)
 * themselves. `species` is not needed.
 */
export function buildTangentGraph(weights: Weights, float: FloatType = "float32"): Graph {
  const graph = new Graph(float);
  const { radialCount } = weights.architecture;
  const z = graph.input("z", ["atoms"], "int32");
  const neighbors = graph.input("neighbors", ["atoms", "slots"], "int32");
  const directions = graph.input("directions", ["atoms", "slots", 3]);
  const radial = graph.input("phi", ["atoms", "slots", radialCount]);
  const radialSlope = graph.input("phiSlope", ["atoms", "slots", radialCount]);
  const speciesSlots = graph.input("speciesSlots", ["atoms", "species", "slots"]);
  const math = new GraphMath(graph);
  const mask = graph.within("mask", () => math.unsqueeze(math.sum(speciesSlots, [1]), [2]));
  buildBody(math, nameWeights(weights), z, { neighbors, directions, radial, radialSlope, mask });
  return graph;
}

function buildBody(
  math: GraphMath,
  { embedding, layers, head, architecture }: NamedWeights,
  z: Tensor,
  slots: Slots,
): void {
  const { graph } = math;
  const width = architecture.channelCount;
  const records: LayerRecord[] = [];
  let scalars = math.gather(graph.weight("embedding", [embedding.length / width, width], embedding), z);
  let vectors: Tensor | null = null;
  layers.forEach((weights, index) => {
    graph.within(`forward${index}`, () => {
      const filters = evaluateFilters(math, index, weights, slots);
      const mid = sendMessages(math, filters.values, slots, scalars, vectors);
      const isLast = index === layers.length - 1;
      const update = updateForward(math, { index, weights, isLast }, mid.scalars, mid.vectors);
      records.push({ scalars, vectors, filters, update: update.record });
      ({ scalars, vectors } = update);
    });
  });
  const { energies, gradient } = graph.within("head", () => readOut(math, head, scalars));
  graph.output("atomEnergies", energies);
  buildBackward(math, layers, { gradient, records, slots });
}

/** f_s, f_1, f_2 [atoms, slots, H] and their derivatives along the distance. */
function evaluateFilters(
  math: GraphMath,
  index: number,
  { filterHidden, filterOutput }: LayerWeights,
  { radial, radialSlope, mask }: Slots,
): Filters {
  const width = filterHidden.outputCount;
  const input = turn(math, `filter${index}.0`, filterHidden);
  const bias = math.graph.weight(`filter${index}.0.bias`, [width], filterHidden.bias);
  const preActivation = math.add(math.matMul(radial, input), bias);
  const sigma = math.sigmoid(preActivation);
  const activation = math.multiply(preActivation, sigma);
  const activationSlope = math.multiply(siluSlope(math, sigma, activation), math.matMul(radialSlope, input));
  const output = turn(math, `filter${index}.1`, filterOutput);
  const offset = math.graph.weight(`filter${index}.1.bias`, [3 * width], filterOutput.bias);
  const values = math.multiply(math.add(math.matMul(activation, output), offset), mask);
  const slopes = math.multiply(math.matMul(activationSlope, output), mask);
  const [fs, f1, f2] = math.split(values, 3);
  const [fsSlope, f1Slope, f2Slope] = math.split(slopes, 3);
  return { values: [fs, f1, f2], slopes: [fsSlope, f1Slope, f2Slope] };
}

function sendMessages(
  math: GraphMath,
  [fs, f1, f2]: Filters["values"],
  { neighbors, directions }: Slots,
  scalars: Tensor,
  vectors: Tensor | null,
): { scalars: Tensor; vectors: Tensor } {
  const along = math.matMul(math.swapLast(directions), f2);
  const summed = math.add(scalars, sumSlots(math, math.gather(scalars, neighbors), fs));
  if (vectors === null) return { scalars: summed, vectors: along };
  const carried = sumSlots(math, math.gather(vectors, neighbors), math.unsqueeze(f1, [2]));
  return { scalars: summed, vectors: math.add(math.add(vectors, carried), along) };
}

function sumSlots(math: GraphMath, gathered: Tensor, filter: Tensor): Tensor {
  return math.sum(math.multiply(gathered, filter), [1]);
}

function buildBackward(
  math: GraphMath,
  layers: readonly LayerWeights[],
  { gradient, records, slots }: { gradient: Tensor; records: readonly LayerRecord[]; slots: Slots },
): void {
  let scalars = gradient;
  let vectors: Tensor | null = null;
  let distance: Tensor | null = null;
  let direction: Tensor | null = null;
  const plus = (a: Tensor | null, b: Tensor): Tensor => (a === null ? b : math.add(a, b));
  layers.toReversed().forEach((weights, step) => {
    const index = layers.length - 1 - step;
    const record = records[index];
    math.graph.within(`backward${index}`, () => {
      const layer = { index, weights, isLast: step === 0 };
      const mid = updateBackward(math, layer, record.update, { scalars, vectors });
      const [fs, f1, f2] = record.filters.values;
      const [fsSlope, f1Slope, f2Slope] = record.filters.slopes;
      // ∂E/∂d through f_2: u·(F₂′ · gv¹ᵀ); ∂E/∂u: F₂·gv¹ᵀ.
      const turned = math.swapLast(mid.vectors);
      const alongSlope = math.sum(math.multiply(slots.directions, math.matMul(f2Slope, turned)), [2]);
      distance = plus(distance, alongSlope);
      direction = plus(direction, math.matMul(f2, turned));
      const scalarSlots = math.gather(mid.scalars, slots.neighbors);
      const fromScalars = math.multiply(scalarSlots, math.unsqueeze(record.scalars, [1]));
      distance = plus(distance, math.sum(math.multiply(fromScalars, fsSlope), [2]));
      if (record.vectors === null) return;
      const vectorSlots = math.gather(mid.vectors, slots.neighbors);
      const fromVectors = math.sum(math.multiply(vectorSlots, math.unsqueeze(record.vectors, [1])), [2]);
      distance = plus(distance, math.sum(math.multiply(fromVectors, f1Slope), [2]));
      scalars = math.add(mid.scalars, sumSlots(math, scalarSlots, fs));
      vectors = math.add(mid.vectors, sumSlots(math, vectorSlots, math.unsqueeze(f1, [2])));
    });
  });
  if (distance === null || direction === null) throw new Error("a network needs a layer");
  math.graph.output("distanceGradient", distance);
  math.graph.output("directionGradient", direction);
}

function turn(math: GraphMath, name: string, { weight, inputCount, outputCount }: Linear): Tensor {
  return math.graph.weight(name, [inputCount, outputCount], transposeMatrix(weight, outputCount, inputCount));
}
