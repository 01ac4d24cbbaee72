import { describe, expect, it, vi } from "vitest";
import { createRandom } from "../../../native-bench/samples/seeded-random.mjs";
import {
  countDeadParameters,
  countParameters,
  listParameters,
  studentArchitecture,
  tinyArchitecture,
  ultraTinyArchitecture,
} from "../../../native-bench/workloads/student-force-field/model/architecture.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import {
  checkWeights,
  computeAnisotropy,
  type Weights,
} from "../../../native-bench/workloads/student-force-field/model/weights.ts";
import { findPairs } from "../../../native-bench/workloads/student-force-field/neighbors/find-pairs.ts";
import { createReferenceModel } from "../../../native-bench/workloads/student-force-field/reference/reference-model.ts";
import {
  ammonia,
  benzene,
  ethanol,
  water,
} from "../../../native-bench/workloads/student-force-field/structures/molecules.ts";
import type { Structure } from "../../../native-bench/workloads/student-force-field/structures/structure.ts";
import { createWaterBox } from "../../../native-bench/workloads/student-force-field/structures/water-box.ts";
import { jitter } from "./jitter.ts";

// Sessions and references take a second or two where the machine has other work.
vi.setConfig({ testTimeout: 60_000 });

const { cutoff } = studentArchitecture;
const weights = createSeededWeights(1);
const model = createReferenceModel(weights);
const evaluate = (structure: Structure, of = model) =>
  of.evaluate(structure.atomicNumbers, findPairs(structure, cutoff));
const energyOf = (structure: Structure, of = model) =>
  of.computeEnergy(structure.atomicNumbers, findPairs(structure, cutoff));

describe("parameters", () => {
  it("are exactly 427,292, and as many as the general count says for smaller networks", () => {
    expect(countParameters(studentArchitecture)).toBe(427_292);
    expect(countParameters(tinyArchitecture)).toBe(77_203);
    expect(countParameters(ultraTinyArchitecture)).toBe(21_459);
    const { channelCount: h, layerCount: l, radialCount: r, maxAtomicNumber } = studentArchitecture;
    const general =
      (maxAtomicNumber + 1) * h +
      l * (h * r + 8 * h * h + 8 * h + 9) +
      (h * h) / 2 +
      h / 2 +
      (h * h) / 8 +
      h / 4 +
      (h / 4 + 1);
    expect(countParameters(studentArchitecture)).toBe(general);
    expect(checkWeights(weights)).toBe(427_292);
  });

  it("are the same for the same seed, and other ones for another", () => {
    const again = createSeededWeights(1).tensors;
    for (const [name, values] of weights.tensors)
      expect(again.get(name)?.every((value, i) => value === values[i])).toBe(true);
    expect(createSeededWeights(2).tensors.get("embedding.weight")?.[0]).not.toBe(
      weights.tensors.get("embedding.weight")?.[0],
    );
  });

  it("are drawn in the order of the list: the head comes last", () => {
    // The embedding takes the first 12,928 numbers of the stream.
    const random = createRandom(1);
    const embedding = Float32Array.from({ length: 12_928 }, () => (2 * random() - 1) * Math.sqrt(3));
    expect(weights.tensors.get("embedding.weight")).toEqual(embedding);
    const limit = Math.sqrt(6 / (20 + 128));
    const filter = Float32Array.from({ length: 128 * 20 }, () => (2 * random() - 1) * limit);
    expect(weights.tensors.get("interactions.0.message.rbf_to_scalar.0.weight")).toEqual(filter);
    expect(listParameters(studentArchitecture).at(-1)?.name).toBe("energy_head.4.bias");
  });

  it("make a network that treats all directions alike", () => {
    const [first, second, last] = computeAnisotropy(weights);
    expect(first).toBeCloseTo(0, 7);
    expect(second).toBeCloseTo(0, 7);
    expect(last).toBeNull();
  });

  it("are dead in 49,545 places: changing them changes nothing", () => {
    expect(countDeadParameters(studentArchitecture)).toBe(49_545);
    const changed = createReferenceModel(withNoise(weights, deadRanges));
    const structure = jitter(ethanol);
    const before = evaluate(structure);
    const after = evaluate(structure, changed);
    expect(after.energy).toBe(before.energy);
    expect(after.forces).toEqual(before.forces);
  });
});

describe("the float64 reference", () => {
  for (const structure of [water, ammonia, benzene, createWaterBox(2, { periodic: true })].map((one) => jitter(one))) {
    it(`gives ${structure.name} the forces that its energy has`, () => {
      const { forces } = evaluate(structure);
      const random = createRandom(9);
      const direction = structure.positions.map(() => 2 * random() - 1);
      const step = 1e-5;
      const shifted = (sign: number) => ({
        ...structure,
        positions: structure.positions.map((value, i) => value + sign * step * direction[i]),
      });
      const slope = (energyOf(shifted(1)) - energyOf(shifted(-1))) / (2 * step);
      const expected = -forces.reduce((sum, force, i) => sum + force * direction[i], 0);
      const length = Math.hypot(...direction);
      expect(Math.abs(slope - expected) / length).toBeLessThan(1e-5);
    });
  }

  it("gives a box the virial that its energy has under strain", () => {
    const structure = jitter(createWaterBox(2, { periodic: true }));
    const { virial } = evaluate(structure);
    const step = 1e-6;
    for (const [a, b] of [
      [0, 0],
      [1, 2],
      [2, 0],
    ]) {
      const strained = (sign: number): Structure => ({
        ...structure,
        positions: strain(structure.positions, a, b, sign * step),
        cell: structure.cell && strain(structure.cell, a, b, sign * step),
      });
      const slope = (energyOf(strained(1)) - energyOf(strained(-1))) / (2 * step);
      expect(slope).toBeCloseTo(virial[3 * a + b], 4);
    }
  });

  it("lets the forces of a molecule add up to nothing", () => {
    const { forces } = evaluate(jitter(ethanol));
    for (let k = 0; k < 3; k++) {
      expect(forces.reduce((sum, force, i) => (i % 3 === k ? sum + force : sum), 0)).toBeCloseTo(0, 12);
    }
  });

  it("knows an atom without neighbors", () => {
    const alone: Structure = {
      name: "Ar",
      atomicNumbers: Int32Array.of(18),
      positions: new Float64Array(3),
      cell: null,
    };
    const { energy, forces } = evaluate(alone);
    expect(Number.isFinite(energy)).toBe(true);
    expect(forces).toEqual(new Float64Array(3));
  });
});

function strain(points: Float64Array, a: number, b: number, amount: number): Float64Array {
  return points.map((value, at) => (at % 3 === a ? value + amount * points[at - a + b] : value));
}

/** Where nothing depends on a parameter: [name, first value, last value). */
const deadRanges: readonly [string, number, number][] = [
  ["interactions.2.update.mixing_matrix", 0, 9],
  ["interactions.2.update.update_mlp.2.weight", 128 * 128, 384 * 128],
  ["interactions.2.update.update_mlp.2.bias", 128, 384],
  ["interactions.0.message.rbf_to_scalar.2.weight", 128 * 128, 256 * 128],
  ["interactions.0.message.rbf_to_scalar.2.bias", 128, 256],
];

function withNoise(from: Weights, ranges: typeof deadRanges): Weights {
  const random = createRandom(4);
  const tensors = new Map(from.tensors);
  for (const [name, begin, end] of ranges) {
    const values = from.tensors.get(name)?.slice() ?? new Float32Array(0);
    for (let i = begin; i < end; i++) values[i] += random();
    tensors.set(name, values);
  }
  return { ...from, tensors };
}
