/*
 * Writes an ONNX model without a protobuf library. Field numbers: onnx/onnx.proto of ONNX 1.16
 * (ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto).
 */

/** @typedef {{ readonly name: string, readonly dims: readonly number[], readonly values: Float32Array | BigInt64Array }} Tensor */
/** @typedef {{ readonly op: string, readonly name: string, readonly inputs: readonly string[], readonly output: string }} OnnxNode */
/** @typedef {{ readonly name: string, readonly dims: readonly number[], readonly type: "float" | "int64" }} Value */

const wire = { varint: 0, bytes: 2 };
const elementType = { float: 1, int64: 7 };
const irVersion = 8;
const opsetVersion = 17;

/**
 * @param {{ name: string, nodes: readonly OnnxNode[], weights: readonly Tensor[], inputs: readonly Value[], outputs: readonly Value[] }} graph
 * @returns {Uint8Array}
 */
export function writeOnnxModel({ name, nodes, weights, inputs, outputs }) {
  const graph = concat([
    ...nodes.map((node) => field(1, writeNode(node))),
    field(2, name),
    ...weights.map((tensor) => field(5, writeTensor(tensor))),
    ...inputs.map((value) => field(11, writeValue(value))),
    ...outputs.map((value) => field(12, writeValue(value))),
  ]);
  return concat([
    number(1, irVersion),
    field(2, "deltaflame"),
    field(7, graph),
    field(8, concat([field(1, ""), number(2, opsetVersion)])),
  ]);
}

/** @param {OnnxNode} node */
function writeNode({ op, name, inputs, output }) {
  return concat([...inputs.map((input) => field(1, input)), field(2, output), field(3, name), field(4, op)]);
}

/** @param {Tensor} tensor */
function writeTensor({ name, dims, values }) {
  const type = values instanceof Float32Array ? elementType.float : elementType.int64;
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return concat([...dims.map((dim) => number(1, dim)), number(2, type), field(8, name), field(9, raw)]);
}

/** @param {Value} value */
function writeValue({ name, dims, type }) {
  const shape = concat(dims.map((dim) => field(1, number(1, dim))));
  const tensor = concat([number(1, elementType[type]), field(2, shape)]);
  return concat([field(1, name), field(2, field(1, tensor))]);
}

/** @param {number} id @param {string | Uint8Array} content */
function field(id, content) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return concat([varint((id << 3) | wire.bytes), varint(bytes.length), bytes]);
}

/** @param {number} id @param {number} value */
function number(id, value) {
  return concat([varint((id << 3) | wire.varint), varint(value)]);
}

/** @param {number} value whole, not negative */
function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** @param {readonly Uint8Array[]} parts */
function concat(parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
