import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listParameters } from "../../../native-bench/workloads/student-force-field/model/architecture.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import { findPairs } from "../../../native-bench/workloads/student-force-field/neighbors/find-pairs.ts";
import { createReferenceModel } from "../../../native-bench/workloads/student-force-field/reference/reference-model.ts";
import { createStructures } from "../../../native-bench/workloads/student-force-field/structures/sets.ts";
import type { Structure } from "../../../native-bench/workloads/student-force-field/structures/structure.ts";

/*
 * Writes what a program in another language needs to compute the same: the seeded weights, batches of the mix of 3–12
 * atoms as edge lists, and one batch with the energies and forces of the float64 reference.
 *
 *   node student-inputs.cjs FOLDER
 */

const weights = createSeededWeights(1);
const { architecture } = weights;
const folder = process.argv[2];

writeFileSync(join(folder, "weights.safetensors"), encodeSafetensors());
const batches = [1, 2, 4, 8, 16, 32, 64].map((batch) => toEdges(createStructures("mix", batch)));
const inputs = { cutoff: architecture.cutoff, radialCount: architecture.radialCount, batches, check: createCheck() };
writeFileSync(join(folder, "inputs.json"), JSON.stringify(inputs));

function createCheck() {
  const structures = createStructures("mix", 6);
  const reference = createReferenceModel(weights);
  const expected = structures.map((structure) =>
    reference.evaluate(structure.atomicNumbers, findPairs(structure, architecture.cutoff)),
  );
  return {
    ...toEdges(structures),
    energies: expected.map(({ energy }) => energy),
    forces: expected.flatMap(({ forces }) => [...forces]),
  };
}

function toEdges(structures: readonly Structure[]) {
  const edges = { z: [] as number[], center: [] as number[], neighbor: [] as number[], structure: [] as number[] };
  const positions: number[] = [];
  structures.forEach((structure, index) => {
    const first = edges.z.length;
    const pairs = findPairs(structure, architecture.cutoff);
    for (let pair = 0; pair < pairs.pairCount; pair++) {
      const [i, j] = [first + pairs.first[pair], first + pairs.second[pair]];
      edges.center.push(i, j);
      edges.neighbor.push(j, i);
    }
    edges.z.push(...structure.atomicNumbers);
    edges.structure.push(...Array.from(structure.atomicNumbers, () => index));
    positions.push(...structure.positions);
  });
  return { count: structures.length, ...edges, positions };
}

/** u64 length of the header, the header as JSON, the data. */
function encodeSafetensors(): Buffer {
  const parts: Buffer[] = [];
  const header: Record<string, { dtype: "F32"; shape: readonly number[]; data_offsets: readonly [number, number] }> =
    {};
  let at = 0;
  for (const { name, shape } of listParameters(architecture)) {
    const values = weights.tensors.get(name);
    if (values === undefined) throw new Error(`the seeded weights have no ${name}`);
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    parts.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...parts]);
}
