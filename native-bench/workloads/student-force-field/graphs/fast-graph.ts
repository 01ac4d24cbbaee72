import { nameWeights, type Weights } from "../model/weights.ts";
import { GraphMath } from "../onnx/graph-math.ts";
import { Graph, type FloatType } from "../onnx/graph.ts";
import type { Tensor } from "../onnx/tensor.ts";
import { sliceBasis, type RankBasis } from "../radial/rank-basis.ts";
import { readOut, updateBackward, updateForward, type UpdateRecord } from "./atom-layers.ts";
import { transposeMatrix } from "./transpose-matrix.ts";

/*
 * The network with its gradient derived by hand, for padded neighbors and a rank-r radial basis.
 *
 * Filters are φ·U, so that Σ_j u⊗f_2 = q·U₂ with q_i = Σ_k u_ik⊗φ_ik made once. In the first layer s_j is one of S
 * embeddings and messages are a product of small matrices. The neighbor list is symmetric and d_ij = d_ji, so the
 * adjoint of "sum over my neighbors" is the same sum of gradients: no scatter anywhere. Gradients of distances are
 * gathered as A in r-space, ∂E/∂d = Σ_q φ′_q A_q, so that filters are never differentiated.
 */

interface FastInputs {
  readonly z: Tensor;
  readonly neighbors: Tensor;
  readonly directions: Tensor;
  readonly phi: Tensor;
  readonly phiSlope: Tensor;
  readonly speciesSlots: Tensor;
  readonly species: Tensor;
}

/** Filters of a layer on all slots [atoms, slots, H] and what they came from. */
interface MessageRecord {
  readonly scalars: Tensor;
  readonly vectors: Tensor;
  readonly fs: Tensor;
  readonly f1: Tensor;
}

/**
 * Inputs: z [atoms] and neighbors [atoms, slots] int32, directions u [atoms, slots, 3], phi and phiSlope
 * [atoms, slots, r], speciesSlots [atoms, S, slots] (1 where the slot's atom is of that species), species [S] int32.
 * Unused slots: neighbor = own index, all else zero.
 * Outputs: atomEnergies [atoms, 1] eV, distanceGradient ∂E/∂d [atoms·slots] eV/Å, directionGradient ∂E/∂u
 * [atoms, slots, 3] eV.
 */
export function buildFastGraph(weights: Weights, basis: RankBasis, float: FloatType = "float32"): Graph {
  const graph = new Graph(float);
  const inputs: FastInputs = {
    z: graph.input("z", ["atoms"], "int32"),
    neighbors: graph.input("neighbors", ["atoms", "slots"], "int32"),
    directions: graph.input("directions", ["atoms", "slots", 3]),
    phi: graph.input("phi", ["atoms", "slots", basis.rank]),
    phiSlope: graph.input("phiSlope", ["atoms", "slots", basis.rank]),
    speciesSlots: graph.input("speciesSlots", ["atoms", "species", "slots"]),
    species: graph.input("species", ["species"], "int32"),
  };
  new FastGraph(graph, weights, basis, inputs).build();
  return graph;
}

class FastGraph {
  readonly #graph: Graph;
  readonly #math: GraphMath;
  readonly #weights: ReturnType<typeof nameWeights>;
  readonly #basis: RankBasis;
  readonly #inputs: FastInputs;
  readonly #width: number;
  /** Σ_k u⊗φ, [atoms, 3, r]. */
  readonly #moments: Tensor;

  constructor(graph: Graph, weights: Weights, basis: RankBasis, inputs: FastInputs) {
    this.#graph = graph;
    this.#math = new GraphMath(graph);
    this.#weights = nameWeights(weights);
    this.#basis = basis;
    this.#inputs = inputs;
    this.#width = weights.architecture.channelCount;
    this.#moments = graph.within("moments", () =>
      this.#math.matMul(this.#math.swapLast(inputs.directions), inputs.phi),
    );
  }

  build(): void {
    const math = this.#math;
    const { layers, head } = this.#weights;
    const messages: (MessageRecord | null)[] = [];
    const updates: UpdateRecord[] = [];
    let species: ReturnType<FastGraph["firstMessages"]> | null = null;
    let scalars: Tensor | null = null;
    let vectors: Tensor | null = null;
    layers.forEach((weights, index) => {
      this.#graph.within(`forward${index}`, () => {
        const isLast = index === layers.length - 1;
        let mid: { scalars: Tensor; vectors: Tensor };
        if (scalars === null || vectors === null) {
          species = this.firstMessages();
          mid = species;
          messages.push(null);
        } else {
          const sent = this.#messages(index, scalars, vectors);
          messages.push(sent.record);
          mid = sent;
        }
        const update = updateForward(math, { index, weights, isLast }, mid.scalars, mid.vectors);
        updates.push(update.record);
        ({ scalars, vectors } = update);
      });
    });
    if (scalars === null || species === null) throw new Error("a network needs a layer");
    const finalScalars: Tensor = scalars;
    const { energies, gradient } = this.#graph.within("head", () => readOut(math, head, finalScalars));
    this.#graph.output("atomEnergies", energies);
    this.#backward(gradient, { messages, updates, table: (species as { table: Tensor }).table });
  }

  /** v = 0 and s_j is an embedding: Σ_j s_j∘f_s = Σ_{s,q} D_sq·(e_s∘U_q), D = species one-hot · φ. */
  firstMessages(): { scalars: Tensor; vectors: Tensor; table: Tensor } {
    const math = this.#math;
    const { z, species, speciesSlots, phi } = this.#inputs;
    const { embedding } = this.#weights;
    const width = this.#width;
    const rows = this.#graph.weight("embedding", [embedding.length / width, width], embedding);
    const kinds = math.unsqueeze(math.gather(rows, species), [1]);
    const products = math.multiply(kinds, this.#filter("fs0", this.#basis.layers[0].fs));
    const table = math.reshape(products, [-1, width], ["speciesRanks", width]);
    const density = math.reshape(math.matMul(speciesSlots, phi), [0, -1], ["atoms", "speciesRanks"]);
    return {
      scalars: math.gemm(density, table, math.gather(rows, z)),
      vectors: math.matMul(this.#moments, this.#filter("f20", this.#basis.layers[0].f2)),
      table,
    };
  }

  #messages(index: number, scalars: Tensor, vectors: Tensor) {
    const math = this.#math;
    const { fs: scalarPart, f1: vectorPart, f2: directionPart } = this.#basis.layers[index];
    const fs = math.matMul(this.#inputs.phi, this.#filter(`fs${index}`, scalarPart));
    const f1 = math.matMul(this.#inputs.phi, this.#filter(`f1${index}`, vectorPart ?? 0));
    const along = math.matMul(this.#moments, this.#filter(`f2${index}`, directionPart));
    const sums = this.#sumNeighbors({ fs, f1 }, scalars, vectors);
    return {
      scalars: math.add(scalars, sums.scalars),
      vectors: math.add(math.add(vectors, sums.vectors), along),
      record: { scalars, vectors, fs, f1 },
    };
  }

  /** Σ_k s_k∘f_s and Σ_k v_k∘f_1 over the slots of each atom; also what was gathered. */
  #sumNeighbors({ fs, f1 }: { fs: Tensor; f1: Tensor }, scalars: Tensor, vectors: Tensor) {
    const math = this.#math;
    const scalarSlots = math.gather(scalars, this.#inputs.neighbors);
    const vectorSlots = math.gather(vectors, this.#inputs.neighbors);
    return {
      scalarSlots,
      vectorSlots,
      scalars: math.sum(math.multiply(scalarSlots, fs), [1]),
      vectors: math.sum(math.multiply(vectorSlots, math.unsqueeze(f1, [2])), [1]),
    };
  }

  #backward(
    headGradient: Tensor,
    record: { messages: readonly (MessageRecord | null)[]; updates: readonly UpdateRecord[]; table: Tensor },
  ): void {
    const math = this.#math;
    const { layers } = this.#weights;
    let scalars = headGradient;
    let vectors: Tensor | null = null;
    let slots: Tensor | null = null;
    let moments: Tensor | null = null;
    layers.toReversed().forEach((weights, step) => {
      const index = layers.length - 1 - step;
      this.#graph.within(`backward${index}`, () => {
        const mid = updateBackward(math, { index, weights, isLast: step === 0 }, record.updates[index], {
          scalars,
          vectors,
        });
        moments = this.#addMoments(index, mid.vectors, moments);
        const message = record.messages[index];
        if (message === null) {
          slots = this.#finishSlots(math.matMul(mid.scalars, math.swapLast(record.table)), slots);
          return;
        }
        const sums = this.#sumNeighbors(message, mid.scalars, mid.vectors);
        scalars = math.add(mid.scalars, sums.scalars);
        vectors = math.add(mid.vectors, sums.vectors);
        slots = this.#addSlots(index, message, sums, slots);
      });
    });
    if (slots === null || moments === null) throw new Error("a network needs a layer");
    this.#outputGradients(slots, moments);
  }

  /**
   * A += (g_k∘v_i)·U₁ᵀ, summed over components, + (g_k∘s_i)·U_sᵀ, on flat slots [atoms·slots, r]. Three copies of U₁ᵀ
   * below each other sum the components within the product.
   */
  #addSlots(
    index: number,
    { scalars, vectors }: MessageRecord,
    { scalarSlots, vectorSlots }: { scalarSlots: Tensor; vectorSlots: Tensor },
    earlier: Tensor | null,
  ): Tensor {
    const math = this.#math;
    const { fs, f1 } = this.#basis.layers[index];
    const fromScalars = this.#flatten(math.multiply(scalarSlots, math.unsqueeze(scalars, [1])));
    const scalarPart = this.#filterBack(`fs${index}`, fs);
    const first = earlier === null ? math.matMul(fromScalars, scalarPart) : math.gemm(fromScalars, scalarPart, earlier);
    const width = 3 * this.#width;
    const products = math.multiply(vectorSlots, math.unsqueeze(vectors, [1]));
    const fromVectors = math.reshape(products, [-1, width], ["flatSlots", width]);
    return math.gemm(fromVectors, this.#filterBack(`f1${index}`, f1 ?? 0, 3), first);
  }

  /** Adds the first layer's part: G·onehot. `gradients` is [atoms, S·r]. */
  #finishSlots(gradients: Tensor, earlier: Tensor | null): Tensor {
    const math = this.#math;
    const { rank } = this.#basis;
    const perSpecies = math.reshape(gradients, [0, -1, rank], ["atoms", "species", rank]);
    const part = this.#flatten(math.matMul(math.swapLast(this.#inputs.speciesSlots), perSpecies));
    return earlier === null ? part : math.add(earlier, part);
  }

  /** g_q += gv¹·U₂ᵀ */
  #addMoments(index: number, gradient: Tensor, earlier: Tensor | null): Tensor {
    const math = this.#math;
    const part = this.#filterBack(`f2${index}`, this.#basis.layers[index].f2);
    const product = math.matMul(gradient, part);
    return earlier === null ? product : math.add(earlier, product);
  }

  #outputGradients(slots: Tensor, moments: Tensor): void {
    const math = this.#math;
    const { directions, phi, phiSlope } = this.#inputs;
    this.#graph.within("gradients", () => {
      const all = math.add(slots, this.#flatten(math.matMul(directions, moments)));
      this.#graph.output("distanceGradient", math.sum(math.multiply(this.#flatten(phiSlope), all), [1]));
      this.#graph.output("directionGradient", math.matMul(phi, math.swapLast(moments)));
    });
  }

  /** [atoms, slots, c] as [atoms·slots, c]. */
  #flatten(tensor: Tensor): Tensor {
    const channels = Number(tensor.shape.at(-1));
    return this.#math.reshape(tensor, [-1, channels], ["flatSlots", channels]);
  }

  #filter(name: string, from: number): Tensor {
    const { rank } = this.#basis;
    return this.#graph.weight(`${name}.basis`, [rank, this.#width], sliceBasis(this.#basis, from, this.#width));
  }

  /** The transpose of a part of U, `copies` times one below the other. */
  #filterBack(name: string, from: number, copies = 1): Tensor {
    const { rank } = this.#basis;
    const values = transposeMatrix(sliceBasis(this.#basis, from, this.#width), rank, this.#width);
    const stacked = new Float64Array(copies * values.length);
    for (let copy = 0; copy < copies; copy++) stacked.set(values, copy * values.length);
    return this.#graph.weight(`${name}.basis.back`, [copies * this.#width, rank], stacked);
  }
}
