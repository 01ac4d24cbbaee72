import { encodeValues } from "./encode-values.ts";
import type { GraphNode, GraphParts, Initializer } from "./graph.ts";
import { elementTypes } from "./tensor.ts";

/*
 * Rewrites of a finished float32 graph into narrower numbers. Inputs, outputs and activations between nodes stay
 * float32.
 */

/**
 * Stores all weights of two and more dimensions as float16 and casts them where they are used: half the file, the same
 * arithmetic. ONNX Runtime's CPU provider folds the casts when it loads.
 */
export function storeWeightsAsHalf(parts: GraphParts): GraphParts {
  const casts: GraphNode[] = [];
  const initializers = parts.initializers.map((initializer): Initializer => {
    const { name, type, shape, values } = initializer;
    if (type !== "float32" || shape.length < 2) return initializer;
    const stored = `${name}.half`;
    casts.push({
      operator: "Cast",
      name: `cast/${name}`,
      domain: "",
      inputs: [stored],
      outputs: [name],
      attributes: { to: elementTypes.float32 },
    });
    return { name: stored, type: "float16", shape, values, bytes: encodeValues(values, "float16") };
  });
  return { ...parts, initializers, nodes: [...casts, ...parts.nodes] };
}

/** Products smaller than this gain nothing from 8 bits. */
const leastInner = 64;
const leastOuter = 16;

/**
 * Computes products with constant right-hand sides in 8 bits: weights symmetric with a scale per output channel,
 * activations with one scale per tensor, found when the graph runs (DynamicQuantizeMatMul of com.microsoft). `accept`
 * chooses weights by name.
 */
export function quantizeProducts(parts: GraphParts, accept: (weight: string) => boolean): GraphParts {
  const weights = new Map(parts.initializers.map((initializer) => [initializer.name, initializer]));
  const added = new Map<string, Initializer>();
  const nodes = parts.nodes.flatMap((node): GraphNode[] => {
    const weight = weights.get(node.inputs[1] ?? "");
    if ((node.operator !== "MatMul" && node.operator !== "Gemm") || weight === undefined) return [node];
    const [inner, outer] = weight.shape;
    if (weight.shape.length !== 2 || weight.type !== "float32" || inner < leastInner || outer < leastOuter)
      return [node];
    if (!accept(weight.name)) return [node];
    const { rounded, scales } = quantizeColumns(weight);
    added.set(rounded.name, rounded);
    added.set(scales.name, scales);
    return replaceProduct(node, rounded.name, scales.name, weights);
  });
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const initializers = [...parts.initializers, ...added.values()].filter(({ name }) => used.has(name));
  return { ...parts, nodes, initializers };
}

function replaceProduct(
  node: GraphNode,
  rounded: string,
  scales: string,
  weights: ReadonlyMap<string, Initializer>,
): GraphNode[] {
  const offset = node.inputs.at(2);
  const isRow = offset !== undefined && weights.get(offset)?.shape.length === 1;
  const product: GraphNode = {
    operator: "DynamicQuantizeMatMul",
    name: `${node.name}/int8`,
    domain: "com.microsoft",
    // The fourth input, zero points of the weights, is left out: they are symmetric.
    inputs: [node.inputs[0], rounded, scales, "", ...(isRow && offset !== undefined ? [offset] : [])],
    outputs: node.outputs,
    attributes: {},
  };
  if (offset === undefined || isRow) return [product];
  const partial = `${node.name}/int8/product`;
  return [
    { ...product, outputs: [partial] },
    { ...node, operator: "Add", name: `${node.name}/add`, inputs: [partial, offset], attributes: {} },
  ];
}

/** Each column to −127 … 127 with its own scale. */
function quantizeColumns({ name, shape, values }: Initializer): { rounded: Initializer; scales: Initializer } {
  const [inner, outer] = shape;
  const scale = new Float32Array(outer);
  for (let at = 0; at < values.length; at++) scale[at % outer] = Math.max(scale[at % outer], Math.abs(values[at]));
  for (let column = 0; column < outer; column++) scale[column] = scale[column] === 0 ? 1 : scale[column] / 127;
  const codes = Int8Array.from({ length: inner * outer }, (_, at) => Math.round(values[at] / scale[at % outer]));
  return {
    rounded: { name: `${name}.int8`, type: "int8", shape, values: codes, bytes: encodeValues(codes, "int8") },
    scales: {
      name: `${name}.scales`,
      type: "float32",
      shape: [outer],
      values: scale,
      bytes: encodeValues(scale, "float32"),
    },
  };
}
