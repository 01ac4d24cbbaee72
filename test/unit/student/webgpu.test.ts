import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";
import { buildFastGraph } from "../../../native-bench/workloads/student-force-field/graphs/fast-graph.ts";
import {
  assemblePaddedOutputs,
  createPaddedInputs,
  fillPaddedInputs,
  measureBatch,
} from "../../../native-bench/workloads/student-force-field/inputs/padded-inputs.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import { findPairs } from "../../../native-bench/workloads/student-force-field/neighbors/find-pairs.ts";
import type { Graph } from "../../../native-bench/onnx/graph.ts";
import type { RadialTable } from "../../../native-bench/workloads/student-force-field/radial/radial-table.ts";
import { createRankBasis } from "../../../native-bench/workloads/student-force-field/radial/rank-basis.ts";
import { createReferenceModel } from "../../../native-bench/workloads/student-force-field/reference/reference-model.ts";
import { benzene, water } from "../../../native-bench/workloads/student-force-field/structures/molecules.ts";
import { softwareVulkan } from "../../fixtures/software-vulkan.ts";
import { jitter } from "./jitter.ts";

vi.setConfig({ testTimeout: 120_000 });

/*
 * The WebGPU provider on a Vulkan driver in software, found in the folders of Chromium and Electron. Right or wrong is
 * all this can tell: its times say nothing of a GPU.
 */

const vulkan = softwareVulkan();
const folder = mkdtempSync(join(tmpdir(), "deltaflame-webgpu-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const weights = createSeededWeights(1);
const parts = [water, benzene].map((one) => {
  const structure = jitter(one);
  return { structure, pairs: findPairs(structure, 5) };
});

describe.skipIf(vulkan === null)("the WebGPU provider (skipped where no software Vulkan driver is found)", () => {
  it("runs every node of the fast graph and agrees with the reference", () => {
    const basis = createRankBasis(weights, 40);
    const { found, fallen, providers } = run(buildFastGraph(weights, basis), basis.table);
    expect(fallen).toEqual([]);
    expect(Object.keys(providers)).toEqual(["WebGpuExecutionProvider"]);
    expectReference(found);
  });
});

function expectReference(found: ReturnType<typeof assemblePaddedOutputs>): void {
  const reference = createReferenceModel(weights);
  parts.forEach(({ structure, pairs }, i) => {
    const expected = reference.evaluate(structure.atomicNumbers, pairs);
    expect(Math.abs(found[i].energy - expected.energy)).toBeLessThan(1e-3);
    found[i].forces.forEach((force, k) => expect(Math.abs(force - expected.forces[k])).toBeLessThan(1e-3));
  });
}

interface Answer {
  readonly outputs: Readonly<Record<string, number[]>>;
  readonly providers: Readonly<Record<string, number>>;
  readonly fallen: readonly string[];
}

function run(graph: Graph, table: RadialTable) {
  const sizes = measureBatch(parts);
  const { atomCount: n, slotCount: k, speciesCount: s } = sizes;
  const inputs = createPaddedInputs(sizes, table.width);
  const maps = fillPaddedInputs(parts, inputs, table);
  const feed = (name: string, type: string, dims: number[], values: ArrayLike<number>) => ({
    name,
    type,
    dims,
    values: Array.from(values),
  });
  const feeds = [
    feed("z", "int32", [n], inputs.z),
    feed("neighbors", "int32", [n, k], inputs.neighbors),
    feed("directions", "float32", [n, k, 3], inputs.directions),
    feed("phi", "float32", [n, k, table.width], inputs.radial),
    feed("phiSlope", "float32", [n, k, table.width], inputs.radialSlope),
    feed("speciesSlots", "float32", [n, s, k], inputs.speciesSlots),
    feed("species", "int32", [s], inputs.species),
  ];
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "model.onnx"), graph.encode());
  writeFileSync(join(folder, "feeds.json"), JSON.stringify(feeds));
  const script = fileURLToPath(new URL("../../fixtures/student/run-webgpu.mjs", import.meta.url));
  const output = execFileSync(process.execPath, [script, folder], {
    encoding: "utf8",
    env: { ...vulkan, XDG_RUNTIME_DIR: folder },
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 2 ** 20,
  });
  const answer = JSON.parse(output) as Answer;
  const floats = (name: string) => Float32Array.from(answer.outputs[name]);
  const found = assemblePaddedOutputs(parts, maps, {
    atomEnergies: floats("atomEnergies"),
    distanceGradient: floats("distanceGradient"),
    directionGradient: floats("directionGradient"),
  });
  return { ...answer, found };
}
