import { countElements, listParameters, type Architecture } from "./architecture.ts";

/** Parameters of one network, float32. Never written to. */
export interface Weights {
  readonly architecture: Architecture;
  /** Where they come from, for people: "seed 7" or a file name. */
  readonly source: string;
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** What a loader filled in or noticed, in sentences. */
  readonly notes: readonly string[];
}

/** Weight [out, in] and bias [out] of one linear layer. */
export interface Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly inputCount: number;
  readonly outputCount: number;
}

export interface LayerWeights {
  /** R → H, then SiLU. */
  readonly filterHidden: Linear;
  /** H → 3H: filters of scalars, of vectors, of directions, in this order. */
  readonly filterOutput: Linear;
  /** 2H → H, then SiLU; columns: scalars, norms. */
  readonly updateHidden: Linear;
  /** H → 3H: scalars a, gate b, gate c of mixed vectors, in this order. */
  readonly updateOutput: Linear;
  /** M, 3×3, row-major; mixes Cartesian components. */
  readonly mixing: Float32Array;
}

export interface NamedWeights {
  readonly architecture: Architecture;
  readonly embedding: Float32Array;
  readonly layers: readonly LayerWeights[];
  readonly head: readonly [Linear, Linear, Linear];
}

/** The same arrays by role. */
export function nameWeights({ architecture, tensors }: Weights): NamedWeights {
  const tensor = (name: string): Float32Array => {
    const values = tensors.get(name);
    if (values === undefined) throw new Error(`weights lack ${name}`);
    return values;
  };
  const linear = (name: string): Linear => {
    const weight = tensor(`${name}.weight`);
    const bias = tensor(`${name}.bias`);
    return { weight, bias, outputCount: bias.length, inputCount: weight.length / bias.length };
  };
  return {
    architecture,
    embedding: tensor("embedding.weight"),
    layers: Array.from({ length: architecture.layerCount }, (_, layer) => ({
      filterHidden: linear(`interactions.${layer}.message.rbf_to_scalar.0`),
      filterOutput: linear(`interactions.${layer}.message.rbf_to_scalar.2`),
      updateHidden: linear(`interactions.${layer}.update.update_mlp.0`),
      updateOutput: linear(`interactions.${layer}.update.update_mlp.2`),
      mixing: tensor(`interactions.${layer}.update.mixing_matrix`),
    })),
    head: [linear("energy_head.0"), linear("energy_head.2"), linear("energy_head.4")],
  };
}

/** Throws when a parameter is missing or has a wrong number of values. Returns the number of values. */
export function checkWeights({ architecture, tensors }: Pick<Weights, "architecture" | "tensors">): number {
  let count = 0;
  for (const { name, shape } of listParameters(architecture)) {
    const found = tensors.get(name)?.length ?? 0;
    if (found !== countElements(shape)) {
      throw new Error(`${name}: expected ${shape.join(" × ")} values, found ${found}`);
    }
    count += found;
  }
  return count;
}

/**
 * ‖M − tr(M)/3·I‖ (Frobenius) of each layer. Above 1e-6 the network is not rotation-equivariant; the last layer is
 * exempt, because nothing depends on its matrix: it reads null.
 */
export function computeAnisotropy(weights: Weights): readonly (number | null)[] {
  const { layers } = nameWeights(weights);
  return layers.map(({ mixing }, layer) => {
    if (layer === layers.length - 1) return null;
    const mean = (mixing[0] + mixing[4] + mixing[8]) / 3;
    return Math.hypot(...mixing.map((value, i) => (i % 4 === 0 ? value - mean : value)));
  });
}
