import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { writeOnnxModel } from "./onnx-model.mjs";
import { createRandom } from "./seeded-random.mjs";

const atoms = 192;
const edges = 1536;
const features = 96;
const radialBasis = 24;
const layers = 3;
const runs = 24;

/**
 * Records a real ONNX Runtime profile: a small message-passing network on the CPU. The model is built from a seed;
 * the times are those of the machine it runs on, so every recording differs.
 * @returns {Promise<string>} the profile as ONNX Runtime wrote it
 */
export async function recordOnnxRuntimeRun() {
  const folder = mkdtempSync(join(tmpdir(), "deltaflame-profile-"));
  try {
    const session = await ort.InferenceSession.create(buildModel(), {
      executionProviders: ["cpu"],
      graphOptimizationLevel: "all",
      intraOpNumThreads: 2,
      enableProfiling: true,
      profileFilePrefix: join(folder, "run"),
    });
    const inputs = createInputs();
    for (let run = 0; run < runs; run++) await session.run(inputs);
    session.endProfiling();
    await session.release();
    const [file] = readdirSync(folder);
    return readFileSync(join(folder, file), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Per layer: message = silu(h[source] · W + b) ∘ (radial · F), h += silu((incidence · message) · U + c).
 * Then one energy per atom, and their sum.
 */
function buildModel() {
  const random = createRandom(20_240);
  /** @type {import("./onnx-model.mjs").Tensor[]} */
  const weights = [];
  /** @type {import("./onnx-model.mjs").OnnxNode[]} */
  const nodes = [];
  /** @param {string} name @param {number[]} dims */
  const weight = (name, ...dims) => {
    const values = Float32Array.from(
      { length: dims.reduce((size, dim) => size * dim, 1) },
      () => (random() - 0.5) / Math.sqrt(dims[0]),
    );
    weights.push({ name, dims, values });
    return name;
  };
  /** @param {string} op @param {string} name @param {string[]} inputs */
  const node = (op, name, ...inputs) => {
    nodes.push({ op, name, inputs, output: `${name}_out` });
    return `${name}_out`;
  };
  /** @param {string} name @param {string} input */
  const silu = (name, input) => node("Mul", `${name}/silu`, input, node("Sigmoid", `${name}/sigmoid`, input));
  /** @param {string} name @param {string} input @param {number} from @param {number} to */
  const dense = (name, input, from, to) =>
    node(
      "Add",
      `${name}/add`,
      node("MatMul", `${name}/matmul`, input, weight(`${name}.weight`, from, to)),
      weight(`${name}.bias`, to),
    );

  let hidden = silu("embed", dense("embed", "atom_features", features, features));
  for (let layer = 0; layer < layers; layer++) {
    /** @param {string} part */
    const at = (part) => `layer${layer}/${part}`;
    const gathered = node("Gather", at("gather_source"), hidden, "source");
    const message = silu(at("message"), dense(at("message"), gathered, features, features));
    const filter = dense(at("radial_filter"), "radial", radialBasis, features);
    const filtered = node("Mul", at("modulate"), message, filter);
    const summed = node("MatMul", at("aggregate"), "incidence", filtered);
    const update = silu(at("update"), dense(at("update"), summed, features, features));
    hidden = node("Add", at("residual"), hidden, update);
  }
  const perAtom = dense(
    "readout",
    silu("readout_hidden", dense("readout_hidden", hidden, features, features)),
    features,
    1,
  );
  nodes.push({ op: "ReduceSum", name: "energy", inputs: [perAtom], output: "energy" });
  return writeOnnxModel({
    name: "message_passing",
    nodes,
    weights,
    inputs: [
      { name: "atom_features", dims: [atoms, features], type: "float" },
      { name: "radial", dims: [edges, radialBasis], type: "float" },
      { name: "incidence", dims: [atoms, edges], type: "float" },
      { name: "source", dims: [edges], type: "int64" },
    ],
    outputs: [{ name: "energy", dims: [1, 1], type: "float" }],
  });
}

function createInputs() {
  const random = createRandom(7);
  /** @param {number[]} dims */
  const values = (...dims) =>
    new ort.Tensor(
      "float32",
      Float32Array.from({ length: dims[0] * dims[1] }, () => random() - 0.5),
      dims,
    );
  const incidence = new Float32Array(atoms * edges);
  for (let edge = 0; edge < edges; edge++) incidence[Math.floor(random() * atoms) * edges + edge] = 1;
  return {
    atom_features: values(atoms, features),
    radial: values(edges, radialBasis),
    incidence: new ort.Tensor("float32", incidence, [atoms, edges]),
    source: new ort.Tensor(
      "int64",
      BigInt64Array.from({ length: edges }, () => BigInt(Math.floor(random() * atoms))),
      [edges],
    ),
  };
}
