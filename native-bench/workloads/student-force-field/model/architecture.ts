/** Sizes of the network. Shapes of all parameters follow from them. */
export interface Architecture {
  /** H: features per atom. Divisible by 4. */
  readonly channelCount: number;
  readonly layerCount: number;
  /** R: Gaussians that a distance is expanded in. */
  readonly radialCount: number;
  /** r_c in Å. */
  readonly cutoff: number;
  /** The embedding has a row for each atomic number from 0 to this one. */
  readonly maxAtomicNumber: number;
}

/** The network of the roadmap: 427,292 parameters. */
export const studentArchitecture: Architecture = {
  channelCount: 128,
  layerCount: 3,
  radialCount: 20,
  cutoff: 5,
  maxAtomicNumber: 100,
};

/** 77,203 parameters. */
export const tinyArchitecture: Architecture = {
  ...studentArchitecture,
  channelCount: 64,
  layerCount: 2,
  radialCount: 12,
};

/** 21,459 parameters. */
export const ultraTinyArchitecture: Architecture = { ...tinyArchitecture, channelCount: 32, radialCount: 10 };

export interface ParameterSpec {
  readonly name: string;
  /** Weights of linear layers are [out, in]. */
  readonly shape: readonly number[];
}

/** All parameters in the order of the file, which is also the order in which seeded weights are drawn. */
export function listParameters(architecture: Architecture): readonly ParameterSpec[] {
  const { channelCount: width, layerCount, maxAtomicNumber } = architecture;
  return [
    { name: "embedding.weight", shape: [maxAtomicNumber + 1, width] },
    ...Array.from({ length: layerCount }, (_, layer) => listLayerParameters(architecture, layer)).flat(),
    ...linear("energy_head.0", width, width / 2),
    ...linear("energy_head.2", width / 2, width / 4),
    ...linear("energy_head.4", width / 4, 1),
  ];
}

function listLayerParameters({ channelCount: width, radialCount }: Architecture, layer: number): ParameterSpec[] {
  const prefix = `interactions.${layer}`;
  return [
    ...linear(`${prefix}.message.rbf_to_scalar.0`, radialCount, width),
    ...linear(`${prefix}.message.rbf_to_scalar.2`, width, 3 * width),
    ...linear(`${prefix}.update.update_mlp.0`, 2 * width, width),
    ...linear(`${prefix}.update.update_mlp.2`, width, 3 * width),
    { name: `${prefix}.update.mixing_matrix`, shape: [3, 3] },
  ];
}

function linear(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs] },
    { name: `${name}.bias`, shape: [outputs] },
  ];
}

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function countParameters(architecture: Architecture): number {
  return listParameters(architecture).reduce((sum, { shape }) => sum + countElements(shape), 0);
}

/**
 * Parameters that neither energy nor forces depend on: the mixing matrix and the two vector parts of the update of the
 * last layer, and the filter of the first layer that multiplies vectors, which are zero there.
 */
export function countDeadParameters({ channelCount: width }: Architecture): number {
  const outputRow = width + 1;
  return 9 + 2 * width * outputRow + width * outputRow;
}

/** Width w of the Gaussians in Å; ρ_k(d) = exp(−(d − μ_k)²/w²). */
export function radialWidth({ cutoff, radialCount }: Architecture): number {
  return cutoff / radialCount;
}

/** Centers μ_k of the Gaussians in Å, from 0 to the cutoff inclusive. */
export function radialCenters({ cutoff, radialCount }: Architecture): Float64Array {
  return Float64Array.from({ length: radialCount }, (_, k) => (k * cutoff) / (radialCount - 1));
}
