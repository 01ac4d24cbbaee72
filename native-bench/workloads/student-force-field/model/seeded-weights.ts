import { createRandom } from "../../../samples/seeded-random.mjs";
import { countElements, listParameters, studentArchitecture, type Architecture } from "./architecture.ts";
import type { Weights } from "./weights.ts";

export const defaultSeed = 1;

/**
 * Untrained weights that are the same for the same seed everywhere: embedding uniform in ±√3, linear weights Xavier
 * uniform, biases 0, mixing matrices (g/√3)·I with one Gaussian g each, so that the network is rotation-equivariant.
 * Numbers are drawn in the order of `listParameters` and stored as float32.
 */
export function createSeededWeights(
  seed: number = defaultSeed,
  architecture: Architecture = studentArchitecture,
): Weights {
  const random = createRandom(seed);
  const tensors = new Map(
    listParameters(architecture).map(({ name, shape }) => [name, draw(name, shape, random)] as const),
  );
  return { architecture, source: `seed ${seed}`, tensors, notes: [] };
}

function draw(name: string, shape: readonly number[], random: () => number): Float32Array {
  const values = new Float32Array(countElements(shape));
  if (name.endsWith(".bias")) return values;
  if (name.endsWith("mixing_matrix")) {
    const diagonal = drawGaussian(random) / Math.sqrt(3);
    for (const at of [0, 4, 8]) values[at] = diagonal;
    return values;
  }
  const [outputs, inputs] = shape;
  const limit = name === "embedding.weight" ? Math.sqrt(3) : Math.sqrt(6 / (inputs + outputs));
  for (let i = 0; i < values.length; i++) values[i] = (2 * random() - 1) * limit;
  return values;
}

/** Standard normal number by Box and Muller (1958), the cosine of the two. */
export function drawGaussian(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
