import { nameWeights, type NamedWeights, type Weights } from "../model/weights.ts";
import { GraphMath } from "../../../onnx/graph-math.ts";
import { Graph } from "../../../onnx/graph.ts";
import type { Tensor } from "../../../onnx/tensor.ts";
import type { RankBasis } from "../radial/rank-basis.ts";
import { readOut, updateBackward, updateForward, type UpdateRecord } from "./atom-layers.ts";
import { filterBasis, filterBasisBack } from "./basis-weights.ts";

/*
 * The fast graph for large structures: what happens on slots is done a block of atoms at a time, by Scan, so that its
 * intermediate results stay in the cache and are never all in memory. What happens on atoms is done for all at once.
 * Filters are computed again on the way back instead of being kept.
 */

/**
 * Atoms of a block. With 30 to 60 neighbors of 512 features each, the gathered features are half a megabyte: they stay
 * in the second-level cache with what is made of them. 2 to 8 were equally quick on 648 atoms of water, 16 a fifth slower.
 */
export const blockAtomCount = 4;

interface BlockedInputs {
  readonly z: Tensor;
  /** Below: [blocks, block atoms, slots, …]. */
  readonly neighbors: Tensor;
  readonly directions: Tensor;
  readonly phi: Tensor;
  readonly phiSlope: Tensor;
  readonly speciesSlots: Tensor;
  readonly species: Tensor;
}

interface LayerState {
  readonly scalars: Tensor;
  readonly vectors: Tensor;
}

/**
 * Inputs and outputs as those of `buildFastGraph`, but slots in blocks: [blocks, 4, slots, …]; the last block is
 * filled up with atoms without neighbors. Gradients come out as [blocks, 4·slots] and [blocks, 4, slots, 3].
 */
export function buildBlockedGraph(weights: Weights, basis: RankBasis): Graph {
  const graph = new Graph();
  const slots = ["blocks", blockAtomCount, "slots"] as const;
  const inputs: BlockedInputs = {
    z: graph.input("z", ["atoms"], "int32"),
    neighbors: graph.input("neighbors", slots, "int32"),
    directions: graph.input("directions", [...slots, 3]),
    phi: graph.input("phi", [...slots, basis.rank]),
    phiSlope: graph.input("phiSlope", [...slots, basis.rank]),
    speciesSlots: graph.input("speciesSlots", ["blocks", blockAtomCount, "species", "slots"]),
    species: graph.input("species", ["species"], "int32"),
  };
  new BlockedGraph(graph, nameWeights(weights), basis, inputs).build();
  return graph;
}

class BlockedGraph {
  readonly #graph: Graph;
  readonly #math: GraphMath;
  readonly #weights: NamedWeights;
  readonly #basis: RankBasis;
  readonly #inputs: BlockedInputs;
  readonly #width: number;

  constructor(graph: Graph, weights: NamedWeights, basis: RankBasis, inputs: BlockedInputs) {
    this.#graph = graph;
    this.#math = new GraphMath(graph);
    this.#weights = weights;
    this.#basis = basis;
    this.#inputs = inputs;
    this.#width = weights.architecture.channelCount;
  }

  build(): void {
    const math = this.#math;
    const { layers, head } = this.#weights;
    const { directions, phi } = this.#inputs;
    const moments = this.#graph.within("moments", () => {
      const perBlock = math.matMul(math.swapLast(directions), phi);
      return math.reshape(perBlock, [-1, 3, this.#basis.rank], ["atoms", 3, this.#basis.rank]);
    });
    const table = this.#graph.within("forward0", () => this.#speciesTable());
    const states: (LayerState | null)[] = [];
    const updates: UpdateRecord[] = [];
    let state: { scalars: Tensor; vectors: Tensor | null } | null = null;
    layers.forEach((weights, index) => {
      this.#graph.within(`forward${index}`, () => {
        const before: LayerState | null =
          state === null || state.vectors === null ? null : { scalars: state.scalars, vectors: state.vectors };
        const along = math.matMul(moments, filterBasis(this.#graph, this.#basis, index, "f2", this.#width));
        const mid = before === null ? this.#firstMessages(table, along) : this.#messages(index, before, along);
        const layer = { index, weights, isLast: index === layers.length - 1 };
        const update = updateForward(math, layer, mid.scalars, mid.vectors);
        states.push(before);
        updates.push(update.record);
        state = update;
      });
    });
    if (state === null) throw new Error("a network needs a layer");
    const { scalars } = state as { scalars: Tensor };
    const { energies, gradient } = this.#graph.within("head", () => readOut(math, head, scalars));
    this.#graph.output("atomEnergies", energies);
    this.#backward(gradient, { states, updates, table });
  }

  /** e_s∘U_q of every species and function, [S·r, H]. */
  #speciesTable(): Tensor {
    const math = this.#math;
    const kinds = math.unsqueeze(math.gather(this.#embedding(), this.#inputs.species), [1]);
    const products = math.multiply(kinds, filterBasis(this.#graph, this.#basis, 0, "fs", this.#width));
    return math.reshape(products, [-1, this.#width], ["speciesRanks", this.#width]);
  }

  #firstMessages(table: Tensor, along: Tensor): LayerState {
    const math = this.#math;
    const { speciesSlots, phi, z } = this.#inputs;
    const perSpecies = math.matMul(speciesSlots, phi);
    const density = math.reshape(perSpecies, [0, blockAtomCount, -1], ["blocks", blockAtomCount, "speciesRanks"]);
    const sums = this.#joinBlocks(math.matMul(density, table));
    return { scalars: math.add(math.gather(this.#embedding(), z), sums), vectors: along };
  }

  #messages(index: number, { scalars, vectors }: LayerState, along: Tensor): LayerState {
    const math = this.#math;
    const { neighbors, phi } = this.#inputs;
    const [scalarSums, vectorSums] = this.#graph.scan([neighbors, phi], (inner, [blockNeighbors, blockPhi]) => {
      const sums = this.#sumBlock(new GraphMath(inner), index, { scalars, vectors, blockNeighbors, blockPhi });
      return [sums.scalars, sums.vectors];
    });
    return {
      scalars: math.add(scalars, this.#joinBlocks(scalarSums)),
      vectors: math.add(math.add(vectors, this.#joinBlocks(vectorSums)), along),
    };
  }

  /** Σ_k s_k∘f_s and Σ_k v_k∘f_1 of the atoms of one block, and what was gathered. */
  #sumBlock(
    math: GraphMath,
    index: number,
    {
      scalars,
      vectors,
      blockNeighbors,
      blockPhi,
    }: { scalars: Tensor; vectors: Tensor; blockNeighbors: Tensor; blockPhi: Tensor },
  ) {
    const fs = math.matMul(blockPhi, filterBasis(this.#graph, this.#basis, index, "fs", this.#width));
    const f1 = math.matMul(blockPhi, filterBasis(this.#graph, this.#basis, index, "f1", this.#width));
    const scalarSlots = math.gather(scalars, blockNeighbors);
    const vectorSlots = math.gather(vectors, blockNeighbors);
    return {
      scalarSlots,
      vectorSlots,
      scalars: math.sum(math.multiply(scalarSlots, fs), [1]),
      vectors: math.sum(math.multiply(vectorSlots, math.unsqueeze(f1, [2])), [1]),
    };
  }

  #backward(
    headGradient: Tensor,
    record: { states: readonly (LayerState | null)[]; updates: readonly UpdateRecord[]; table: Tensor },
  ): void {
    const math = this.#math;
    const { layers } = this.#weights;
    let scalars = headGradient;
    let vectors: Tensor | null = null;
    let distance: Tensor | null = null;
    let moments: Tensor | null = null;
    layers.toReversed().forEach((weights, step) => {
      const index = layers.length - 1 - step;
      this.#graph.within(`backward${index}`, () => {
        const layer = { index, weights, isLast: step === 0 };
        const mid = updateBackward(math, layer, record.updates[index], { scalars, vectors });
        const back = filterBasisBack(this.#graph, this.#basis, { layer: index, part: "f2", width: this.#width });
        const toMoments = math.matMul(mid.vectors, back);
        moments = moments === null ? toMoments : math.add(moments, toMoments);
        const state = record.states[index];
        if (state === null) {
          this.#outputGradients(mid.scalars, record.table, { moments, distance });
          return;
        }
        const sums = this.#messagesBackward(index, state, mid);
        scalars = math.add(mid.scalars, sums.scalars);
        vectors = math.add(mid.vectors, sums.vectors);
        distance = distance === null ? sums.distance : math.add(distance, sums.distance);
      });
    });
  }

  #messagesBackward(index: number, state: LayerState, mid: LayerState): LayerState & { readonly distance: Tensor } {
    const { neighbors, phi, phiSlope } = this.#inputs;
    const width = this.#width;
    const blockScalars = this.#splitBlocks(state.scalars);
    const blockVectors = this.#splitBlocks(state.vectors);
    const [scalars, vectors, distance] = this.#graph.scan(
      [neighbors, phi, phiSlope, blockScalars, blockVectors],
      (inner, [blockNeighbors, blockPhi, blockSlope, ownScalars, ownVectors]) => {
        const math = new GraphMath(inner);
        const sums = this.#sumBlock(math, index, { ...mid, blockNeighbors, blockPhi });
        const flatten = (tensor: Tensor, channels: number): Tensor =>
          math.reshape(tensor, [-1, channels], ["blockSlots", channels]);
        const fromScalars = math.multiply(sums.scalarSlots, math.unsqueeze(ownScalars, [1]));
        const fromVectors = math.multiply(sums.vectorSlots, math.unsqueeze(ownVectors, [1]));
        const part = (name: "fs" | "f1", copies: number): Tensor =>
          filterBasisBack(this.#graph, this.#basis, { layer: index, part: name, width, copies });
        const first = math.matMul(flatten(fromScalars, width), part("fs", 1));
        const both = math.gemm(flatten(fromVectors, 3 * width), part("f1", 3), first);
        const slope = flatten(blockSlope, this.#basis.rank);
        return [sums.scalars, sums.vectors, math.sum(math.multiply(slope, both), [1])];
      },
    );
    return { scalars: this.#joinBlocks(scalars), vectors: this.#joinBlocks(vectors), distance };
  }

  /** The first layer's and the moments' part of ∂E/∂d, and ∂E/∂u. */
  #outputGradients(
    scalars: Tensor,
    table: Tensor,
    { moments, distance }: { moments: Tensor; distance: Tensor | null },
  ): void {
    const math = this.#math;
    const { rank } = this.#basis;
    const { directions, phi, phiSlope, speciesSlots } = this.#inputs;
    const flat = math.matMul(this.#splitBlocks(scalars), math.swapLast(table));
    const perSpecies = math.reshape(flat, [0, blockAtomCount, -1, rank], ["blocks", blockAtomCount, "species", rank]);
    const blocks = math.reshape(moments, [-1, blockAtomCount, 3, rank], ["blocks", blockAtomCount, 3, rank]);
    const [first, direction] = this.#graph.scan(
      [directions, phi, phiSlope, speciesSlots, perSpecies, blocks],
      (inner, [blockDirections, blockPhi, blockSlope, blockSpecies, own, ownMoments]) => {
        const local = new GraphMath(inner);
        const fromSpecies = local.matMul(local.swapLast(blockSpecies), own);
        const all = local.add(fromSpecies, local.matMul(blockDirections, ownMoments));
        const along = local.sum(local.multiply(blockSlope, all), [2]);
        return [local.reshape(along, [-1], ["blockSlots"]), local.matMul(blockPhi, local.swapLast(ownMoments))];
      },
    );
    this.#graph.output("distanceGradient", distance === null ? first : math.add(distance, first));
    this.#graph.output("directionGradient", direction);
  }

  #embedding(): Tensor {
    const { embedding } = this.#weights;
    return this.#graph.weight("embedding", [embedding.length / this.#width, this.#width], embedding);
  }

  /** [blocks, 4, …] as [atoms, …]. */
  #joinBlocks(tensor: Tensor): Tensor {
    const rest = tensor.shape.slice(2).map(Number);
    return this.#math.reshape(tensor, [-1, ...rest], ["atoms", ...rest]);
  }

  /** [atoms, …] as [blocks, 4, …]. */
  #splitBlocks(tensor: Tensor): Tensor {
    const rest = tensor.shape.slice(1).map(Number);
    return this.#math.reshape(tensor, [-1, blockAtomCount, ...rest], ["blocks", blockAtomCount, ...rest]);
  }
}
