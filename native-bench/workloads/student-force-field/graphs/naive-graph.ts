import { radialCenters, radialWidth } from "../model/architecture.ts";
import { nameWeights, type LayerWeights, type Linear, type Weights } from "../model/weights.ts";
import { differentiate } from "../../../onnx/differentiate.ts";
import { GraphMath, type Aggregation, type TapeEntry } from "../../../onnx/graph-math.ts";
import { Graph, type FloatType } from "../../../onnx/graph.ts";
import type { Tensor } from "../../../onnx/tensor.ts";
import { directionEpsilon } from "../reference/edge-gradient.ts";
import { normEpsilon } from "./norm-epsilon.ts";
import { transposeMatrix } from "./transpose-matrix.ts";

export interface NaiveGraphOptions {
  readonly aggregation: Aggregation;
  readonly float?: FloatType;
}

/**
 * The network as one would write it from its formulas: an edge list, a filter MLP on every edge, messages summed by
 * scatter, forces by reverse-mode differentiation. Baseline and cross-check.
 *
 * Inputs: z [atoms] int64, positions [atoms, 3], shifts [edges, 3] (x_j + shift is the image that i sees), neighbors
 * and centers [edges] int64 (j and i), batch [atoms] int64, zeros [structures].
 * Outputs: energies [structures] eV, forces [atoms, 3] and edgeGradients ∂E/∂r [edges, 3] eV/Å.
 */
export function buildNaiveGraph(weights: Weights, { aggregation, float = "float32" }: NaiveGraphOptions): Graph {
  const named = nameWeights(weights);
  const { channelCount: width } = named.architecture;
  const graph = new Graph(float);
  const tape: TapeEntry[] = [];
  const math = new GraphMath(graph, { tape, aggregation });
  const z = graph.input("z", ["atoms"], "int64");
  const positions = graph.input("positions", ["atoms", 3]);
  const shifts = graph.input("shifts", ["edges", 3]);
  const neighbors = graph.input("neighbors", ["edges"], "int64");
  const centers = graph.input("centers", ["edges"], "int64");
  const batch = graph.input("batch", ["atoms"], "int64");
  const zeros = graph.input("zeros", ["structures"]);

  const relative = graph.within("geometry", () =>
    math.subtract(math.add(math.gather(positions, neighbors), shifts), math.gather(positions, centers)),
  );
  const { radial, directions } = graph.within("geometry", () => expandEdges(math, named.architecture, relative));
  let scalars = math.gather(graph.weight("embedding", [named.embedding.length / width, width], named.embedding), z);
  let vectors: Tensor | null = null;
  named.layers.forEach((layer, index) => {
    graph.within(`layer${index}`, () => {
      const edges = { radial, directions, neighbors, centers };
      const message = passMessages(math, layer, { index, scalars, vectors, ...edges });
      ({ scalars, vectors } = updateAtoms(math, layer, { index, ...message }));
    });
  });
  const atomEnergies = graph.within("head", () => {
    const [first, second, last] = named.head;
    const hidden = math.silu(linear(math, "head0", first, scalars));
    return linear(math, "head2", last, math.silu(linear(math, "head1", second, hidden)));
  });
  const energies = math.scatterAdd(zeros, batch, math.reshape(atomEnergies, [-1], ["atoms"]));
  const [gradient, edgeGradients] = graph.within("backward", () =>
    differentiate(math.untaped(), tape, energies, [positions, relative]),
  );
  graph.output("energies", energies);
  graph.output("forces", math.untaped().negate(gradient));
  graph.output("edgeGradients", edgeGradients);
  return graph;
}

/** ρ(d) [edges, R] and u [edges, 3] of r [edges, 3]. */
function expandEdges(math: GraphMath, architecture: Weights["architecture"], relative: Tensor) {
  const { cutoff, radialCount } = architecture;
  const distance = math.sqrt(math.sum(math.multiply(relative, relative), [1], { keep: true }));
  const directions = math.divide(relative, math.add(distance, math.scalar(directionEpsilon)));
  const centers = math.graph.weight("radialCenters", [radialCount], radialCenters(architecture));
  const offset = math.subtract(distance, centers);
  const exponent = math.multiply(math.multiply(offset, offset), math.scalar(-1 / radialWidth(architecture) ** 2));
  const cosine = math.cos(math.multiply(distance, math.scalar(Math.PI / cutoff)));
  const envelope = math.multiply(math.add(cosine, math.scalar(1)), math.scalar(0.5));
  const inside = math.multiply(envelope, math.below(distance, cutoff));
  return { radial: math.multiply(math.exp(exponent), inside), directions };
}

interface MessageInputs {
  readonly index: number;
  readonly scalars: Tensor;
  /** [atoms, 3, H]; null while they are zero. */
  readonly vectors: Tensor | null;
  readonly radial: Tensor;
  readonly directions: Tensor;
  readonly neighbors: Tensor;
  readonly centers: Tensor;
}

function passMessages(math: GraphMath, layer: LayerWeights, inputs: MessageInputs) {
  const { index, scalars, radial, directions, neighbors, centers } = inputs;
  const hidden = math.silu(linear(math, `filter${index}.0`, layer.filterHidden, radial));
  const [fs, f1, f2] = math.split(linear(math, `filter${index}.1`, layer.filterOutput, hidden), 3);
  const scalarMessages = math.multiply(math.gather(scalars, neighbors), fs);
  const along = math.multiply(math.unsqueeze(directions, [2]), math.unsqueeze(f2, [1]));
  const vectors = inputs.vectors ?? zeroVectors(math, scalars);
  const carried = math.multiply(math.gather(vectors, neighbors), math.unsqueeze(f1, [1]));
  return {
    scalars: math.scatterAdd(scalars, centers, scalarMessages),
    vectors: math.scatterAdd(vectors, centers, math.add(carried, along)),
  };
}

/** v = 0 at the start, carried through like any other: [atoms, 3, H]. */
function zeroVectors(math: GraphMath, scalars: Tensor): Tensor {
  const plain = math.untaped();
  const zeros = plain.graph.constant([0, 0, 0], [1, 3, 1]);
  return plain.multiply(plain.unsqueeze(scalars, [1]), zeros);
}

function updateAtoms(
  math: GraphMath,
  layer: LayerWeights,
  { index, scalars, vectors }: { index: number; scalars: Tensor; vectors: Tensor },
) {
  const squares = math.sum(math.multiply(vectors, vectors), [1]);
  const norms = math.sqrt(math.add(squares, math.scalar(normEpsilon)));
  const { weight, bias, inputCount, outputCount } = layer.updateHidden;
  const half = inputCount / 2;
  const columns = transposeMatrix(weight, outputCount, inputCount);
  const hidden = math.silu(
    math.add(
      math.add(
        math.matMul(
          scalars,
          math.graph.weight(`update${index}.0.scalars`, [half, outputCount], columns.subarray(0, half * outputCount)),
        ),
        math.matMul(
          norms,
          math.graph.weight(`update${index}.0.norms`, [half, outputCount], columns.subarray(half * outputCount)),
        ),
      ),
      math.graph.weight(`update${index}.0.bias`, [outputCount], bias),
    ),
  );
  const [a, b, c] = math.split(linear(math, `update${index}.1`, layer.updateOutput, hidden), 3);
  const mixed = math.matMul(math.graph.weight(`mixing${index}`, [3, 3], layer.mixing), vectors);
  const gated = math.multiply(vectors, math.unsqueeze(b, [1]));
  return {
    scalars: math.add(scalars, a),
    vectors: math.add(gated, math.multiply(mixed, math.unsqueeze(c, [1]))),
  };
}

function linear(math: GraphMath, name: string, { weight, bias, inputCount, outputCount }: Linear, x: Tensor): Tensor {
  const columns = math.graph.weight(
    `${name}.weight`,
    [inputCount, outputCount],
    transposeMatrix(weight, outputCount, inputCount),
  );
  return math.add(math.matMul(x, columns), math.graph.weight(`${name}.bias`, [outputCount], bias));
}
