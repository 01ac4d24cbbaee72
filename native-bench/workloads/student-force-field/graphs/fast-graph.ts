import { nameWeights, type Weights } from "../model/weights.ts";
import { GraphMath } from "../../../onnx/graph-math.ts";
import { Graph, type FloatType } from "../../../onnx/graph.ts";
import type { Tensor } from "../../../onnx/tensor.ts";
import type { RankBasis } from "../radial/rank-basis.ts";
import { readOut, updateBackward, updateForward, type UpdateRecord } from "./atom-layers.ts";
import { filterBasis, filterBasisBack, type FilterPart } from "./basis-weights.ts";

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

/** Vectors are null after the last layer: nobody reads them. */
interface AtomState {
  readonly scalars: Tensor;
  readonly vectors: Tensor | null;
}

/** Filters of a layer on all slots [atoms, slots, H] and what they came from. */
interface MessageRecord {
  readonly scalars: Tensor;
  readonly vectors: Tensor;
  readonly fs: Tensor;
  readonly f1: Tensor;
}

interface ForwardRecord {
  readonly messages: readonly (MessageRecord | null)[];
  readonly updates: readonly UpdateRecord[];
  readonly table: Tensor;
}

interface BackwardState {
  readonly gradients: AtomState;
  /** A, [atoms·slots, r]: ∂E/∂d = Σ_q φ′_q A_q. */
  readonly slots: Tensor | null;
  /** ∂E/∂q, [atoms, 3, r]. */
  readonly moments: Tensor | null;
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
    const table = this.#graph.within("forward0", () => this.#speciesTable());
    let state: AtomState | null = null;
    for (const [index, weights] of layers.entries()) {
      const before: AtomState | null = state;
      state = this.#graph.within(`forward${index}`, (): AtomState => {
        const sent =
          before === null || before.vectors === null
            ? this.#firstMessages(table)
            : this.#messages(index, before.scalars, before.vectors);
        const layer = { index, weights, isLast: index === layers.length - 1 };
        const update = updateForward(math, layer, sent.scalars, sent.vectors);
        messages.push(sent.record);
        updates.push(update.record);
        return update;
      });
    }
    if (state === null) throw new Error("a network needs a layer");
    const { scalars } = state;
    const { energies, gradient } = this.#graph.within("head", () => readOut(math, head, scalars));
    this.#graph.output("atomEnergies", energies);
    this.#backward(gradient, { messages, updates, table });
  }

  /** e_s∘U_q of every species and function of the basis, [S·r, H]. */
  #speciesTable(): Tensor {
    const math = this.#math;
    const kinds = math.unsqueeze(math.gather(this.#embedding(), this.#inputs.species), [1]);
    const products = math.multiply(kinds, this.#filter(0, "fs"));
    return math.reshape(products, [-1, this.#width], ["speciesRanks", this.#width]);
  }

  /** v = 0 and s_j is an embedding: Σ_j s_j∘f_s = Σ_{s,q} D_sq·(e_s∘U_q), D = species one-hot · φ. */
  #firstMessages(table: Tensor) {
    const math = this.#math;
    const { z, speciesSlots, phi } = this.#inputs;
    const density = math.reshape(math.matMul(speciesSlots, phi), [0, -1], ["atoms", "speciesRanks"]);
    return {
      scalars: math.gemm(density, table, math.gather(this.#embedding(), z)),
      vectors: math.matMul(this.#moments, this.#filter(0, "f2")),
      record: null,
    };
  }

  #messages(index: number, scalars: Tensor, vectors: Tensor) {
    const math = this.#math;
    const fs = math.matMul(this.#inputs.phi, this.#filter(index, "fs"));
    const f1 = math.matMul(this.#inputs.phi, this.#filter(index, "f1"));
    const along = math.matMul(this.#moments, this.#filter(index, "f2"));
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

  #backward(headGradient: Tensor, record: ForwardRecord): void {
    const { layers } = this.#weights;
    let state: BackwardState = { gradients: { scalars: headGradient, vectors: null }, slots: null, moments: null };
    for (let index = layers.length - 1; index >= 0; index--) {
      const after: BackwardState = state;
      state = this.#graph.within(`backward${index}`, () => this.#layerBackward(index, after, record));
    }
    const { slots, moments } = state;
    if (slots === null || moments === null) throw new Error("a network needs a layer");
    this.#outputGradients(slots, moments);
  }

  #layerBackward(
    index: number,
    { gradients, slots, moments }: BackwardState,
    { messages, updates, table }: ForwardRecord,
  ): BackwardState {
    const math = this.#math;
    const { layers } = this.#weights;
    const layer = { index, weights: layers[index], isLast: index === layers.length - 1 };
    const mid = updateBackward(math, layer, updates[index], gradients);
    const summed = this.#addMoments(index, mid.vectors, moments);
    const message = messages[index];
    if (message === null) {
      const toSlots = math.matMul(mid.scalars, math.swapLast(table));
      return { gradients: mid, slots: this.#finishSlots(toSlots, slots), moments: summed };
    }
    const sums = this.#sumNeighbors(message, mid.scalars, mid.vectors);
    return {
      gradients: { scalars: math.add(mid.scalars, sums.scalars), vectors: math.add(mid.vectors, sums.vectors) },
      slots: this.#addSlots(index, message, sums, slots),
      moments: summed,
    };
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
    const fromScalars = this.#flatten(math.multiply(scalarSlots, math.unsqueeze(scalars, [1])));
    const scalarPart = this.#filterBack(index, "fs");
    const first = earlier === null ? math.matMul(fromScalars, scalarPart) : math.gemm(fromScalars, scalarPart, earlier);
    const width = 3 * this.#width;
    const products = math.multiply(vectorSlots, math.unsqueeze(vectors, [1]));
    const fromVectors = math.reshape(products, [-1, width], ["flatSlots", width]);
    return math.gemm(fromVectors, this.#filterBack(index, "f1", 3), first);
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
    const part = this.#filterBack(index, "f2");
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

  #embedding(): Tensor {
    const { embedding } = this.#weights;
    return this.#graph.weight("embedding", [embedding.length / this.#width, this.#width], embedding);
  }

  #filter(layer: number, part: FilterPart): Tensor {
    return filterBasis(this.#graph, this.#basis, layer, part, this.#width);
  }

  #filterBack(layer: number, part: FilterPart, copies = 1): Tensor {
    return filterBasisBack(this.#graph, this.#basis, { layer, part, width: this.#width, copies });
  }
}
