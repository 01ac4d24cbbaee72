import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { thinSpace } from "../../../traces/model/format-units.ts";
import {
  listParameters,
  studentArchitecture,
} from "../../../native-bench/workloads/student-force-field/model/architecture.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import { checkWeights } from "../../../native-bench/workloads/student-force-field/model/weights.ts";
import { narrowToHalf } from "../../../native-bench/onnx/encode-values.ts";
import { Graph } from "../../../native-bench/onnx/graph.ts";
import { readWeights } from "../../../native-bench/workloads/student-force-field/weight-files/read-weights.ts";
import { widenHalf } from "../../../native-bench/workloads/student-force-field/weight-files/tensor-values.ts";

// Sessions and references take a second or two where the machine has other work.
vi.setConfig({ testTimeout: 60_000 });

const weights = createSeededWeights(7);
type Tensors = Map<string, { readonly shape: readonly number[]; readonly values: ArrayLike<number> }>;

const allTensors = (prefix = ""): Tensors =>
  new Map(
    listParameters(studentArchitecture).map(({ name, shape }) => [
      prefix + name,
      { shape, values: weights.tensors.get(name) ?? [] },
    ]),
  );

describe("weight files", () => {
  it("come back from .onnx and .safetensors as they were", () => {
    for (const [name, bytes] of [
      ["a.onnx", onnxFile(allTensors("model."))],
      ["a.safetensors", safetensorsFile(allTensors("model.model."))],
    ] as const) {
      const read = readWeights(name, bytes);
      expect(checkWeights(read)).toBe(427_292);
      expect(read.notes).toEqual([`427${thinSpace}292 parameters of ${name}`]);
      for (const [key, values] of weights.tensors) expect(sameBytes(read.tensors.get(key), values)).toBe(true);
    }
  });

  it("may lack the last mixing matrix, which is filled with zeros and told", () => {
    const tensors = allTensors();
    tensors.delete("interactions.2.update.mixing_matrix");
    const read = readWeights("a.safetensors", safetensorsFile(tensors));
    expect(read.tensors.get("interactions.2.update.mixing_matrix")).toEqual(new Float32Array(9));
    // Filled, it has all its parameters.
    expect(read.notes).toEqual([
      `427${thinSpace}292 parameters of a.safetensors`,
      "interactions.2.update.mixing_matrix is not in the file; nothing depends on it, it is filled with zeros",
    ]);
  });

  it("may hold tensors of others, which are counted and named", () => {
    const tensors = allTensors();
    tensors.set("optimizer.step", { shape: [1], values: [3] });
    expect(readWeights("a.safetensors", safetensorsFile(tensors)).notes.at(-1)).toBe(
      "1 other tensor was ignored: optimizer.step",
    );
  });

  it("are told when their network depends on directions", () => {
    const tensors = allTensors();
    tensors.set("interactions.1.update.mixing_matrix", { shape: [3, 3], values: [1, 0, 0, 0, 2, 0, 0, 0, 3] });
    expect(readWeights("a.safetensors", safetensorsFile(tensors)).notes.at(-1)).toMatch(
      /mixing matrix of layer 1 is no multiple of the identity \(off by 1\.41\)/,
    );
  });

  it("are refused with what is missing or of another shape", () => {
    const refuse = (change: (tensors: Tensors) => void, message: string) => {
      const tensors = allTensors();
      change(tensors);
      expect(() => readWeights("a.safetensors", safetensorsFile(tensors))).toThrow(message);
    };
    refuse(
      (tensors) => tensors.delete("energy_head.2.bias"),
      "energy_head.2.bias (32) is not in the file; the file has 33 tensors, the first is embedding.weight",
    );
    refuse(
      (tensors) => tensors.set("energy_head.0.bias", { shape: [63], values: new Float32Array(63) }),
      "energy_head.0.bias: expected shape 64, found 63",
    );
    refuse(
      (tensors) => tensors.set("interactions.0.update.context.weight", { shape: [1], values: [1] }),
      "interactions.0.update.context.weight is no parameter of this network",
    );
    refuse(
      (tensors) =>
        tensors.set("rbf.centers", { shape: [20], values: Array.from({ length: 20 }, (_, k) => (k * k) / 72.2) }),
      "rbf.centers: expected 20 values with 0.26",
    );
    refuse(
      (tensors) => tensors.set("energy_head.4.bias", { shape: [1], values: [NaN] }),
      "energy_head.4.bias: value 0 is NaN; expected finite numbers",
    );
    refuse(
      (tensors) => tensors.set("wrapped.energy_head.4.bias", { shape: [1], values: [1] }),
      "both energy_head.4.bias and wrapped.energy_head.4.bias may be energy_head.4.bias",
    );
  });

  it("whose names an exporter folded away are refused with that reason", () => {
    const tensors: Tensors = new Map([["onnx::MatMul_1", { shape: [2, 2], values: [1, 2, 3, 4] }]]);
    expect(() => readWeights("a.onnx", onnxFile(tensors))).toThrow(
      "embedding.weight (101 × 128) is not in the file; 1 tensors have lost their names (onnx::…)",
    );
  });

  it("of unknown kinds, cut or forged ones are refused with the place", () => {
    const good = safetensorsFile(allTensors());
    const refuse = (name: string, bytes: Uint8Array, message: string) =>
      expect(() => readWeights(name, bytes)).toThrow(message);
    refuse("a.pt", good, "a.pt: expected weights in an .onnx or .safetensors file");
    refuse("a.safetensors", good.subarray(0, 5), "expected a header length of 8 bytes, found 5 bytes in all");
    refuse("a.safetensors", good.subarray(0, 100), "bytes at byte 0; the file has 92 left");
    refuse("a.safetensors", good.subarray(0, good.length - 4), "leave the");
    refuse("a.safetensors", header({ a: { dtype: "I8", shape: [1], data_offsets: [0, 1] } }), 'found "I8"');
    refuse(
      "a.safetensors",
      header({
        a: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
        b: { dtype: "F32", shape: [1], data_offsets: [2, 6] },
      }),
      "b begins at byte",
    );
    refuse(
      "a.safetensors",
      header({ a: { dtype: "F32", shape: [3], data_offsets: [0, 4] } }),
      "a: 3 of F32 need 12 bytes, data_offsets span 4",
    );
    const model = onnxFile(allTensors());
    refuse("a.onnx", model.subarray(0, model.length - 9), "ONNX model: expected");
    refuse("a.onnx", Uint8Array.of(9, 2, 3), "ONNX model: expected 8 bytes, found 2 at byte 1");
    refuse("a.onnx", Uint8Array.of(), "ONNX model: expected a graph, found none");
  });

  it("of half precision are widened exactly, and numbers round to the nearest half", () => {
    for (const bits of [0, 1, 0x3ff, 0x400, 0x3c00, 0x7bff, 0x8001, 0xc500])
      expect(narrowToHalf(widenHalf(bits))).toBe(bits);
    expect(widenHalf(0x3c00)).toBe(1);
    expect(widenHalf(1)).toBe(2 ** -24);
    expect(narrowToHalf(1 + 2 ** -11)).toBe(0x3c00);
    expect(narrowToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(narrowToHalf(1e6)).toBe(0x7c00);
    const tensors = allTensors();
    // A half model has its buffers in half, too: 20/19 is 1.0527 there.
    const centers = Array.from({ length: 20 }, (_, k) => (5 * k) / 19);
    tensors.set("rbf.centers", { shape: [20], values: centers });
    const read = readWeights("a.safetensors", safetensorsFile(tensors, "F16"));
    expect(read.tensors.get("embedding.weight")?.[5]).toBeCloseTo(weights.tensors.get("embedding.weight")?.[5] ?? 0, 3);
    tensors.set("rbf.centers", { shape: [20], values: centers.map((center, k) => center + (k === 4 ? 2e-3 : 0)) });
    expect(() => readWeights("a.safetensors", safetensorsFile(tensors, "F16"))).toThrow("rbf.centers: expected 20");
  });
});

const published = resolve(import.meta.dirname, "../../../../shared/weights/student-427k.onnx");
describe.skipIf(!existsSync(published))(
  "the published weights (skipped where they are not beside the repository)",
  () => {
    it("are 427,292 parameters with nine filled in, and their own graph is known to be wrong", () => {
      const read = readWeights("student-427k.onnx", readFileSync(published));
      expect(checkWeights(read)).toBe(427_292);
      expect(read.notes.join("\n")).toMatch(
        /mixing_matrix is not in the file[^]*layer 0 is no multiple[^]*layer 1 is no multiple[^]*6 ScatterElements nodes/,
      );
    });
  },
);

function sameBytes(a: Float32Array | undefined, b: Float32Array): boolean {
  return (
    a !== undefined &&
    Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength))
  );
}

function onnxFile(tensors: Tensors): Uint8Array {
  const graph = new Graph();
  for (const [name, { shape, values }] of tensors) {
    graph.output(`out/${name}`, graph.weight(name, shape, values));
  }
  return graph.encode();
}

function safetensorsFile(tensors: Tensors, dtype: "F32" | "F16" = "F32"): Uint8Array {
  const entries: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const size = dtype === "F32" ? 4 : 2;
  let at = 0;
  for (const [name, { shape, values }] of tensors) {
    entries[name] = { dtype, shape, data_offsets: [at, at + size * values.length] };
    at += size * values.length;
  }
  const data = new Uint8Array(at);
  at = 0;
  for (const { values } of tensors.values()) {
    const numbers = dtype === "F32" ? Float32Array.from(values) : Uint16Array.from(values, narrowToHalf);
    data.set(new Uint8Array(numbers.buffer), at);
    at += numbers.byteLength;
  }
  return header(entries, data);
}

function header(entries: Record<string, unknown>, data = new Uint8Array(64)): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(entries));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
