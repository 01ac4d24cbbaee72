import * as ort from "onnxruntime-node";
import { describe, expect, it, vi } from "vitest";
import { buildNaiveGraph } from "../../../native-bench/workloads/student-force-field/graphs/naive-graph.ts";
import {
  buildEdgeInputs,
  splitEdgeOutputs,
  type Surroundings,
} from "../../../native-bench/workloads/student-force-field/inputs/edge-inputs.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import { findPairs } from "../../../native-bench/workloads/student-force-field/neighbors/find-pairs.ts";
import type { FloatType, Graph } from "../../../native-bench/onnx/graph.ts";
import { aggregations } from "../../../native-bench/onnx/graph-math.ts";
import { createReferenceModel } from "../../../native-bench/workloads/student-force-field/reference/reference-model.ts";
import { benzene, ethanol, water } from "../../../native-bench/workloads/student-force-field/structures/molecules.ts";
import type { Structure } from "../../../native-bench/workloads/student-force-field/structures/structure.ts";
import { createWaterBox } from "../../../native-bench/workloads/student-force-field/structures/water-box.ts";
import { jitter } from "./jitter.ts";

// Sessions and references take a second or two where the machine has other work.
vi.setConfig({ testTimeout: 60_000 });

const weights = createSeededWeights(3);
const reference = createReferenceModel(weights);
const alone: Structure = { name: "Ar", atomicNumbers: Int32Array.of(18), positions: new Float64Array(3), cell: null };
const parts: Surroundings[] = [water, alone, benzene, ethanol, createWaterBox(2, { periodic: true })].map((one) => {
  const structure = jitter(one);
  return { structure, pairs: findPairs(structure, 5) };
});
const expected = parts.map(({ structure, pairs }) => reference.evaluate(structure.atomicNumbers, pairs));

describe("the naive graph", () => {
  for (const aggregation of aggregations) {
    it(`agrees with the reference to 1e-9 in float64, summing by ${aggregation}`, async () => {
      const found = await run(buildNaiveGraph(weights, { aggregation, float: "float64" }), "float64");
      found.forEach((evaluation, i) => {
        expect(Math.abs(evaluation.energy - expected[i].energy)).toBeLessThan(1e-9);
        expect(maxDifference(evaluation.forces, expected[i].forces)).toBeLessThan(1e-9);
        expect(maxDifference(evaluation.virial, expected[i].virial)).toBeLessThan(1e-9);
      });
    });

    it(`agrees with the reference to 1e-3 eV and 1e-4 eV/Å in float32, summing by ${aggregation}`, async () => {
      const found = await run(buildNaiveGraph(weights, { aggregation }), "float32");
      found.forEach((evaluation, i) => {
        expect(Math.abs(evaluation.energy - expected[i].energy)).toBeLessThan(1e-3);
        expect(maxDifference(evaluation.forces, expected[i].forces)).toBeLessThan(1e-4);
        expect(maxDifference(evaluation.virial, expected[i].virial)).toBeLessThan(1e-3);
      });
    });
  }
});

async function run(graph: Graph, float: FloatType) {
  const session = await ort.InferenceSession.create(graph.encode(), { intraOpNumThreads: 1 });
  const inputs = buildEdgeInputs(parts);
  const atoms = inputs.z.length;
  const edges = inputs.centers.length;
  const floats = (values: Float64Array, dims: number[]) =>
    float === "float64"
      ? new ort.Tensor("float64", values, dims)
      : new ort.Tensor("float32", Float32Array.from(values), dims);
  const outputs = await session.run({
    z: new ort.Tensor("int64", inputs.z, [atoms]),
    positions: floats(inputs.positions, [atoms, 3]),
    shifts: floats(inputs.shifts, [edges, 3]),
    neighbors: new ort.Tensor("int64", inputs.neighbors, [edges]),
    centers: new ort.Tensor("int64", inputs.centers, [edges]),
    batch: new ort.Tensor("int64", inputs.batch, [atoms]),
    zeros: floats(new Float64Array(parts.length), [parts.length]),
  });
  const numbers = (name: string) => Float64Array.from(outputs[name].data as ArrayLike<number>);
  const found = splitEdgeOutputs(parts, {
    energies: numbers("energies"),
    forces: numbers("forces"),
    edgeGradients: numbers("edgeGradients"),
  });
  await session.release();
  return found;
}

function maxDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
