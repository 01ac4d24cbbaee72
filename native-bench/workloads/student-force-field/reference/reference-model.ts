import { nameWeights, type LayerWeights, type Weights } from "../model/weights.ts";
import type { PairList } from "../neighbors/pair-list.ts";
import type { Evaluation } from "../structures/structure.ts";
import { applyDense, applyTransposed, silu, siluGradient, widenLinear, type DenseLayer } from "./dense.ts";
import { addPairForces, directionEpsilon } from "./edge-gradient.ts";
import { createRadial, type RadialValues } from "./radial.ts";

/*
 * The network in plain float64 arithmetic, with its gradient derived by hand. It is the definition of "correct" for
 * every graph with the same weights, so it follows the formulas one by one and leaves out nothing.
 *
 * Scalars s are N×H, vectors v are N×3×H, row-major. Each layer:
 *   filters (f_s, f_1, f_2) = W₂·SiLU(W₁ρ(d) + b₁) + b₂
 *   s¹_i = s_i + Σ_j s_j∘f_s         v¹_i = v_i + Σ_j v_j∘f_1 + u_ij ⊗ f_2
 *   n = |v¹|, (a, b, c) = W₄·SiLU(W₃[s¹, n] + b₃) + b₄
 *   s ← s¹ + a                       v ← v¹∘b + (M v¹)∘c
 */

interface LayerModel {
  readonly filterHidden: DenseLayer;
  readonly filterOutput: DenseLayer;
  readonly updateHidden: DenseLayer;
  readonly updateOutput: DenseLayer;
  readonly mixing: Float64Array;
}

interface PairRecord {
  readonly preActivation: Float64Array;
  readonly filters: Float64Array;
}

interface AtomRecord {
  readonly preActivation: Float64Array;
  readonly norms: Float64Array;
  /** a, b, c */
  readonly gates: Float64Array;
}

interface LayerRecord {
  readonly scalarsIn: Float64Array;
  readonly vectorsIn: Float64Array;
  readonly vectorsMid: Float64Array;
  readonly pairs: readonly PairRecord[];
  readonly atoms: readonly AtomRecord[];
}

interface PairGeometry extends PairList {
  readonly radial: readonly RadialValues[];
  /** u, three numbers a pair. */
  readonly directions: Float64Array;
}

export interface ReferenceModel {
  /** Energy alone; half the work. eV. */
  computeEnergy(atomicNumbers: Int32Array, pairs: PairList): number;
  evaluate(atomicNumbers: Int32Array, pairs: PairList): Evaluation;
}

export function createReferenceModel(weights: Weights): ReferenceModel {
  const network = new Network(weights);
  return {
    computeEnergy: (atomicNumbers, pairs) => network.forward(atomicNumbers, network.measure(pairs)).energy,
    evaluate: (atomicNumbers, pairs) => network.evaluate(atomicNumbers, pairs),
  };
}

class Network {
  readonly #width: number;
  readonly #embedding: Float64Array;
  readonly #layers: readonly LayerModel[];
  readonly #head: readonly DenseLayer[];
  readonly #radial: (distance: number) => RadialValues;

  constructor(weights: Weights) {
    const named = nameWeights(weights);
    this.#width = named.architecture.channelCount;
    this.#embedding = Float64Array.from(named.embedding);
    this.#layers = named.layers.map(widenLayer);
    this.#head = named.head.map(widenLinear);
    this.#radial = createRadial(named.architecture);
  }

  measure(pairs: PairList): PairGeometry {
    const radial: RadialValues[] = [];
    const directions = new Float64Array(3 * pairs.pairCount);
    for (let pair = 0; pair < pairs.pairCount; pair++) {
      const vector = pairs.vectors.subarray(3 * pair, 3 * pair + 3);
      const distance = Math.sqrt(vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2);
      radial.push(this.#radial(distance));
      for (let k = 0; k < 3; k++) directions[3 * pair + k] = vector[k] / (distance + directionEpsilon);
    }
    return { ...pairs, radial, directions };
  }

  forward(
    atomicNumbers: Int32Array,
    pairs: PairGeometry,
  ): { energy: number; scalars: Float64Array; records: LayerRecord[] } {
    const width = this.#width;
    let scalars = new Float64Array(atomicNumbers.length * width);
    let vectors = new Float64Array(3 * scalars.length);
    atomicNumbers.forEach((number, atom) => {
      scalars.set(this.#embedding.subarray(number * width, (number + 1) * width), atom * width);
    });
    const records: LayerRecord[] = [];
    for (const layer of this.#layers) {
      const message = this.#passMessages(layer, pairs, scalars, vectors);
      const update = this.#updateAtoms(layer, message.scalars, message.vectors);
      records.push({
        scalarsIn: scalars,
        vectorsIn: vectors,
        vectorsMid: message.vectors,
        pairs: message.pairs,
        atoms: update.atoms,
      });
      scalars = update.scalars;
      vectors = update.vectors;
    }
    let energy = 0;
    for (let atom = 0; atom < atomicNumbers.length; atom++) energy += this.#readOut(rowOf(scalars, atom, width)).energy;
    return { energy, scalars, records };
  }

  evaluate(atomicNumbers: Int32Array, list: PairList): Evaluation {
    const width = this.#width;
    const pairs = this.measure(list);
    const { energy, scalars, records } = this.forward(atomicNumbers, pairs);
    const scalarGradient = new Float64Array(scalars.length);
    const vectorGradient = new Float64Array(3 * scalars.length);
    for (let atom = 0; atom < atomicNumbers.length; atom++) {
      scalarGradient.set(this.#readOutGradient(rowOf(scalars, atom, width)), atom * width);
    }
    const distanceGradient = new Float64Array(pairs.pairCount);
    const directionGradient = new Float64Array(3 * pairs.pairCount);
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const layer = this.#layers[index];
      const record = records[index];
      this.#updateGradient(layer, record, scalarGradient, vectorGradient);
      const before = { scalars: scalarGradient.slice(), vectors: vectorGradient.slice() };
      for (let pair = 0; pair < pairs.pairCount; pair++) {
        const filterGradient = this.#pairGradient(
          { pairs, pair, record },
          { scalarGradient, vectorGradient, directionGradient },
          before,
        );
        const hidden = applyTransposed(layer.filterOutput, filterGradient);
        const rho = applyTransposed(layer.filterHidden, siluGradient(record.pairs[pair].preActivation, hidden));
        distanceGradient[pair] += dot(rho, pairs.radial[pair].slope);
      }
    }
    const forces = new Float64Array(3 * atomicNumbers.length);
    const virial = new Float64Array(9);
    addPairForces(pairs, distanceGradient, directionGradient, { forces, virial });
    return { energy, forces, virial };
  }

  #passMessages(layer: LayerModel, pairs: PairGeometry, scalars: Float64Array, vectors: Float64Array) {
    const width = this.#width;
    const scalarsOut = scalars.slice();
    const vectorsOut = vectors.slice();
    const records = pairs.radial.map(({ rho }) => {
      const preActivation = applyDense(layer.filterHidden, rho);
      return { preActivation, filters: applyDense(layer.filterOutput, silu(preActivation)) };
    });
    for (let pair = 0; pair < pairs.pairCount; pair++) {
      const { filters } = records[pair];
      const i = pairs.first[pair];
      const j = pairs.second[pair];
      for (let h = 0; h < width; h++) {
        scalarsOut[i * width + h] += scalars[j * width + h] * filters[h];
        scalarsOut[j * width + h] += scalars[i * width + h] * filters[h];
      }
      for (let k = 0; k < 3; k++) {
        const direction = pairs.directions[3 * pair + k];
        const toFirst = (3 * i + k) * width;
        const toSecond = (3 * j + k) * width;
        for (let h = 0; h < width; h++) {
          const along = direction * filters[2 * width + h];
          vectorsOut[toFirst + h] += vectors[toSecond + h] * filters[width + h] + along;
          vectorsOut[toSecond + h] += vectors[toFirst + h] * filters[width + h] - along;
        }
      }
    }
    return { scalars: scalarsOut, vectors: vectorsOut, pairs: records };
  }

  #updateAtoms(layer: LayerModel, scalars: Float64Array, vectors: Float64Array) {
    const width = this.#width;
    const scalarsOut = scalars.slice();
    const vectorsOut = new Float64Array(vectors.length);
    const atoms: AtomRecord[] = [];
    for (let atom = 0; atom < scalars.length / width; atom++) {
      const vector = rowOf(vectors, atom, 3 * width);
      const norms = Float64Array.from({ length: width }, (_, h) =>
        Math.sqrt(vector[h] ** 2 + vector[width + h] ** 2 + vector[2 * width + h] ** 2),
      );
      const preActivation = applyDense(layer.updateHidden, concat(rowOf(scalars, atom, width), norms));
      const gates = applyDense(layer.updateOutput, silu(preActivation));
      atoms.push({ preActivation, norms, gates });
      const mixed = mix(layer.mixing, vector, width);
      for (let h = 0; h < width; h++) scalarsOut[atom * width + h] += gates[h];
      for (let k = 0; k < 3; k++) {
        for (let h = 0; h < width; h++) {
          const at = k * width + h;
          vectorsOut[3 * atom * width + at] = vector[at] * gates[width + h] + mixed[at] * gates[2 * width + h];
        }
      }
    }
    return { scalars: scalarsOut, vectors: vectorsOut, atoms };
  }

  /** Turns gradients of a layer's output into those of its middle (s¹, v¹), in place. */
  #updateGradient(
    layer: LayerModel,
    { atoms, vectorsMid }: LayerRecord,
    scalarGradient: Float64Array,
    vectorGradient: Float64Array,
  ): void {
    const width = this.#width;
    atoms.forEach(({ preActivation, norms, gates }, atom) => {
      const vector = rowOf(vectorsMid, atom, 3 * width);
      const mixed = mix(layer.mixing, vector, width);
      const outer = rowOf(vectorGradient, atom, 3 * width);
      const gateGradient = new Float64Array(3 * width);
      gateGradient.set(rowOf(scalarGradient, atom, width));
      const throughMixing = new Float64Array(3 * width);
      const inner = new Float64Array(3 * width);
      for (let at = 0; at < 3 * width; at++) {
        const h = at % width;
        gateGradient[width + h] += outer[at] * vector[at];
        gateGradient[2 * width + h] += outer[at] * mixed[at];
        inner[at] = outer[at] * gates[width + h];
        throughMixing[at] = outer[at] * gates[2 * width + h];
      }
      const hidden = siluGradient(preActivation, applyTransposed(layer.updateOutput, gateGradient));
      const input = applyTransposed(layer.updateHidden, hidden);
      const back = mix(transpose(layer.mixing), throughMixing, width);
      for (let at = 0; at < 3 * width; at++) {
        const h = at % width;
        const alongNorm = norms[h] === 0 ? 0 : (input[width + h] * vector[at]) / norms[h];
        vectorGradient[3 * atom * width + at] = inner[at] + back[at] + alongNorm;
      }
      for (let h = 0; h < width; h++) scalarGradient[atom * width + h] += input[h];
    });
  }

  /** Adds what a pair passes back to the layer's input and to u; returns ∂E/∂(f_s, f_1, f_2). `before` holds (s¹, v¹) gradients. */
  #pairGradient(
    { pairs, pair, record }: { pairs: PairGeometry; pair: number; record: LayerRecord },
    gradients: { scalarGradient: Float64Array; vectorGradient: Float64Array; directionGradient: Float64Array },
    before: { scalars: Float64Array; vectors: Float64Array },
  ): Float64Array {
    const width = this.#width;
    const { filters } = record.pairs[pair];
    const { scalarGradient, vectorGradient, directionGradient } = gradients;
    const i = pairs.first[pair];
    const j = pairs.second[pair];
    const filterGradient = new Float64Array(3 * width);
    for (let h = 0; h < width; h++) {
      const [gi, gj] = [before.scalars[i * width + h], before.scalars[j * width + h]];
      scalarGradient[j * width + h] += gi * filters[h];
      scalarGradient[i * width + h] += gj * filters[h];
      filterGradient[h] = gi * record.scalarsIn[j * width + h] + gj * record.scalarsIn[i * width + h];
    }
    for (let k = 0; k < 3; k++) {
      const direction = pairs.directions[3 * pair + k];
      let along = 0;
      for (let h = 0; h < width; h++) {
        const [atI, atJ] = [(3 * i + k) * width + h, (3 * j + k) * width + h];
        const [gi, gj] = [before.vectors[atI], before.vectors[atJ]];
        vectorGradient[atJ] += gi * filters[width + h];
        vectorGradient[atI] += gj * filters[width + h];
        filterGradient[width + h] += gi * record.vectorsIn[atJ] + gj * record.vectorsIn[atI];
        filterGradient[2 * width + h] += (gi - gj) * direction;
        along += (gi - gj) * filters[2 * width + h];
      }
      directionGradient[3 * pair + k] += along;
    }
    return filterGradient;
  }

  #readOut(scalars: Float64Array): { energy: number; preActivations: Float64Array[] } {
    const [first, second, last] = this.#head;
    const hidden = applyDense(first, scalars);
    const narrow = applyDense(second, silu(hidden));
    return { energy: applyDense(last, silu(narrow))[0], preActivations: [hidden, narrow] };
  }

  #readOutGradient(scalars: Float64Array): Float64Array {
    const [first, second, last] = this.#head;
    const [hidden, narrow] = this.#readOut(scalars).preActivations;
    const narrowGradient = siluGradient(narrow, last.weight);
    return applyTransposed(first, siluGradient(hidden, applyTransposed(second, narrowGradient)));
  }
}

function widenLayer(layer: LayerWeights): LayerModel {
  return {
    filterHidden: widenLinear(layer.filterHidden),
    filterOutput: widenLinear(layer.filterOutput),
    updateHidden: widenLinear(layer.updateHidden),
    updateOutput: widenLinear(layer.updateOutput),
    mixing: Float64Array.from(layer.mixing),
  };
}

/** (M v)_{k,h} = Σ_q M_{kq} v_{q,h} */
function mix(matrix: Float64Array, vector: Float64Array, width: number): Float64Array {
  return Float64Array.from({ length: 3 * width }, (_, at) => {
    const k = Math.floor(at / width);
    const h = at % width;
    return (
      matrix[3 * k] * vector[h] + matrix[3 * k + 1] * vector[width + h] + matrix[3 * k + 2] * vector[2 * width + h]
    );
  });
}

function transpose(m: Float64Array): Float64Array {
  return Float64Array.of(m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]);
}

function rowOf(values: Float64Array, row: number, width: number): Float64Array {
  return values.subarray(row * width, (row + 1) * width);
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
