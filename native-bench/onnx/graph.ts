import { encodeModel } from "./encode-model.ts";
import { encodeValues } from "./encode-values.ts";
import type { Dimension, ElementType, Tensor } from "./tensor.ts";

export type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly graph: GraphParts };

export interface GraphNode {
  readonly operator: string;
  readonly name: string;
  readonly domain: "" | "com.microsoft";
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** What a subgraph takes from outside of it. */
  readonly captures?: readonly string[];
}

export interface Initializer extends Tensor {
  readonly shape: readonly number[];
  /** The numbers before they were encoded: what a precision rewrite starts from. */
  readonly values: ArrayLike<number>;
  readonly bytes: Uint8Array;
}

export interface GraphParts {
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

interface NodeSpec {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: GraphNode["domain"];
  readonly captures?: readonly string[];
}

export type FloatType = "float32" | "float64";

/**
 * An ONNX graph under construction. Nodes are appended in an order in which they can run. Shapes are given by whoever
 * appends (`GraphMath` derives them), so that one source makes float32 and float64 graphs of any size.
 */
export class Graph {
  readonly float: FloatType;
  readonly #nodes: GraphNode[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #inputs: Tensor[] = [];
  readonly #outputs: Tensor[] = [];
  readonly #constants = new Map<string, Tensor>();
  readonly #outer: Graph | null;
  #scope = "";
  #count = 0;

  constructor(float: FloatType = "float32", outer: Graph | null = null) {
    this.float = float;
    this.#outer = outer;
  }

  /** Names of the nodes that `body` appends begin with `name`: profiles can be read by part. */
  within<T>(name: string, body: () => T): T {
    const outer = this.#scope;
    this.#scope = outer === "" ? name : `${outer}/${name}`;
    try {
      return body();
    } finally {
      this.#scope = outer;
    }
  }

  input(name: string, shape: readonly Dimension[], type: ElementType = this.float): Tensor {
    const tensor: Tensor = { name, shape, type };
    this.#inputs.push(tensor);
    return tensor;
  }

  /** A named weight. The same name gives the same tensor again. */
  weight(name: string, shape: readonly number[], values: ArrayLike<number>, type: ElementType = this.float): Tensor {
    // Weights of a subgraph lie in the outermost graph, where they are packed once.
    if (this.#outer !== null) return this.#outer.weight(name, shape, values, type);
    const known = this.#initializers.get(name);
    if (known !== undefined) return known;
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== values.length) throw new Error(`${name}: ${values.length} values for shape [${shape.join(", ")}]`);
    const initializer: Initializer = { name, type, shape, values, bytes: encodeValues(values, type) };
    this.#initializers.set(name, initializer);
    return initializer;
  }

  /** A small constant; equal ones are stored once. `shape` null makes a scalar of one value. */
  constant(values: readonly number[], shape: readonly number[] | null, type: ElementType = this.float): Tensor {
    if (this.#outer !== null) return this.#outer.constant(values, shape, type);
    const dims = shape ?? [];
    const key = `${type}[${dims.join()}]:${values.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const tensor = this.weight(`constant_${this.#constants.size}`, dims, values, type);
    this.#constants.set(key, tensor);
    return tensor;
  }

  /** Shapes, axes and sizes: int64, one dimension. */
  indices(values: readonly number[]): Tensor {
    return this.constant(values, [values.length], "int64");
  }

  /** Appends a node with one output. */
  node(
    operator: string,
    inputs: readonly Tensor[],
    output: { readonly shape: readonly Dimension[]; readonly type?: ElementType },
    spec: NodeSpec = {},
  ): Tensor {
    return this.nodes(operator, inputs, [output], spec)[0];
  }

  nodes(
    operator: string,
    inputs: readonly Tensor[],
    outputs: readonly { readonly shape: readonly Dimension[]; readonly type?: ElementType }[],
    { attributes = {}, domain = "", captures }: NodeSpec = {},
  ): Tensor[] {
    const name = `${this.#scope === "" ? "" : `${this.#scope}/`}${operator}_${this.#count++}`;
    const tensors = outputs.map(({ shape, type }, i): Tensor => ({
      name: outputs.length === 1 ? name : `${name}.${i}`,
      shape,
      type: type ?? inputs[0].type,
    }));
    this.#nodes.push({
      operator,
      name,
      domain,
      inputs: inputs.map((tensor) => tensor.name),
      outputs: tensors.map((tensor) => tensor.name),
      attributes,
      ...(captures !== undefined && { captures }),
    });
    return tensors;
  }

  /**
   * Runs `body` for each slice of `inputs` along their first axis, one after another, and stacks what it gives. The body
   * may use any tensor made before. Sequential, so that only one slice's intermediate results are alive.
   */
  scan(inputs: readonly Tensor[], body: (inner: Graph, slices: readonly Tensor[]) => readonly Tensor[]): Tensor[] {
    const scope = `${this.#scope === "" ? "" : `${this.#scope}/`}scan_${this.#count++}`;
    const inner = new Graph(this.float, this);
    inner.#scope = scope;
    const slices = inputs.map(({ shape, type }, i) => inner.input(`${scope}/in${i}`, shape.slice(1), type));
    const results = body(inner, slices);
    results.forEach((tensor, i) => inner.output(`${scope}/out${i}`, tensor));
    const parts = inner.finish(slices);
    return this.nodes(
      "Scan",
      inputs,
      results.map(({ shape, type }) => ({ shape: [inputs[0].shape[0], ...shape], type })),
      { attributes: { body: { graph: parts }, num_scan_inputs: inputs.length }, captures: listCaptures(parts) },
    );
  }

  output(name: string, tensor: Tensor): void {
    this.#outputs.push(this.#named(name, tensor));
  }

  /** The live part: nodes, weights and inputs that an output depends on. Inputs of `kept` stay in any case. */
  finish(kept: readonly Tensor[] = []): GraphParts {
    const needed = new Set(this.#outputs.map(({ name }) => name));
    const nodes: GraphNode[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.outputs.some((name) => needed.has(name))) continue;
      nodes.push(node);
      for (const name of [...node.inputs, ...(node.captures ?? [])]) needed.add(name);
    }
    return {
      nodes: nodes.toReversed(),
      initializers: [...this.#initializers.values()].filter(({ name }) => needed.has(name)),
      inputs: this.#inputs.filter((input) => needed.has(input.name) || kept.includes(input)),
      outputs: this.#outputs,
    };
  }

  encode(): Uint8Array {
    return encodeModel(this.finish());
  }

  #named(name: string, tensor: Tensor): Tensor {
    const node: GraphNode = {
      operator: "Identity",
      name: `output/${name}`,
      domain: "",
      inputs: [tensor.name],
      outputs: [name],
      attributes: {},
    };
    this.#nodes.push(node);
    return { ...tensor, name };
  }
}

/** Names that a subgraph uses but does not make. */
function listCaptures({ nodes, inputs }: GraphParts): string[] {
  const made = new Set([...inputs.map(({ name }) => name), ...nodes.flatMap(({ outputs }) => outputs)]);
  const used = nodes.flatMap((node) => [...node.inputs, ...(node.captures ?? [])]);
  return [...new Set(used.filter((name) => name !== "" && !made.has(name)))];
}
