import { UserFacingError } from "../../../../traces/model/errors.ts";
import { readFields, readVarints, type ProtobufField } from "../../../onnx/protobuf-reader.ts";
import { decodeFloats, type FloatType, type FoundTensor } from "./tensor-values.ts";

/* Field numbers: onnx.proto of ONNX 1.16, messages ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto. */
const modelField = { graph: 7 };
const graphField = { node: 1, initializer: 5 };
const nodeField = { operator: 4, attribute: 5 };
const attributeField = { name: 1, number: 3 };
const tensorField = { dims: 1, type: 2, floats: 4, name: 8, raw: 9, doubles: 10, location: 14 };
const floatTypes: ReadonlyMap<number, FloatType> = new Map([
  [1, "F32"],
  [10, "F16"],
  [11, "F64"],
  [16, "BF16"],
]);
const boolType = 9;
const externalLocation = 1;

export interface OnnxWeights {
  readonly tensors: Map<string, FoundTensor>;
  /** What is known to be wrong with the file's own graph, in sentences. The graph itself is never run. */
  readonly graphFaults: readonly string[];
}

/** Float initializers of an .onnx file; the rest of its graph is looked at but not run. Throws UserFacingError. */
export function readOnnxInitializers(bytes: Uint8Array): OnnxWeights {
  const tensors = new Map<string, FoundTensor>();
  let plainScatterCount = 0;
  let boolEyeCount = 0;
  let hasGraph = false;
  for (const field of readFields(bytes, "ONNX model")) {
    if (field.id !== modelField.graph || field.kind !== "bytes") continue;
    hasGraph = true;
    for (const part of readFields(field.bytes, "ONNX graph", field.bytes.byteOffset - bytes.byteOffset)) {
      if (part.kind !== "bytes") continue;
      if (part.id === graphField.initializer) readInitializer(part.bytes, tensors);
      if (part.id !== graphField.node) continue;
      const { operator, attributes } = readNode(part.bytes);
      if (operator === "ScatterElements" && !attributes.has("reduction")) plainScatterCount++;
      if (operator === "EyeLike" && attributes.get("dtype") === boolType) boolEyeCount++;
    }
  }
  if (!hasGraph) throw new UserFacingError("ONNX model: expected a graph, found none");
  return { tensors, graphFaults: describeFaults(plainScatterCount, boolEyeCount) };
}

function describeFaults(plainScatterCount: number, boolEyeCount: number): string[] {
  const faults: string[] = [];
  if (plainScatterCount > 0) {
    faults.push(
      `${plainScatterCount} ScatterElements nodes of the file's own graph lack reduction="add" (pytorch/pytorch#111159): its sums over neighbors, and so its energies, are wrong. Only the weights are used.`,
    );
  }
  if (boolEyeCount > 0) {
    faults.push(
      `${boolEyeCount} EyeLike nodes of the file's own graph are boolean, for which ONNX Runtime has no CPU kernel: it would not load. Only the weights are used.`,
    );
  }
  return faults;
}

function readNode(bytes: Uint8Array): { operator: string; attributes: ReadonlyMap<string, number | null> } {
  let operator = "";
  const attributes = new Map<string, number | null>();
  for (const field of readFields(bytes, "ONNX node")) {
    if (field.kind !== "bytes") continue;
    if (field.id === nodeField.operator) operator = decodeText(field.bytes);
    if (field.id !== nodeField.attribute) continue;
    let name = "";
    let number: number | null = null;
    for (const part of readFields(field.bytes, "ONNX attribute")) {
      if (part.id === attributeField.name && part.kind === "bytes") name = decodeText(part.bytes);
      if (part.id === attributeField.number && part.kind === "varint") number = part.value;
    }
    attributes.set(name, number);
  }
  return { operator, attributes };
}

function readInitializer(bytes: Uint8Array, tensors: Map<string, FoundTensor>): void {
  const shape: number[] = [];
  const floats: Uint8Array[] = [];
  const doubles: Uint8Array[] = [];
  let raw: Uint8Array | null = null;
  let name = "";
  let type = 0;
  let location = 0;
  for (const field of readFields(bytes, "ONNX initializer")) {
    if (field.id === tensorField.dims) shape.push(...readVarints(field, "dims of an ONNX initializer"));
    else if (field.id === tensorField.type) type = numberOf(field);
    else if (field.id === tensorField.location) location = numberOf(field);
    else if (field.kind === "varint") continue;
    else if (field.id === tensorField.name) name = decodeText(field.bytes);
    else if (field.id === tensorField.raw) raw = field.bytes;
    else if (field.id === tensorField.floats) floats.push(field.bytes);
    else if (field.id === tensorField.doubles) doubles.push(field.bytes);
  }
  const floatType = floatTypes.get(type);
  if (floatType === undefined) return;
  if (location === externalLocation) {
    throw new UserFacingError(`${name}: its values lie in another file; expected an .onnx file that holds its weights`);
  }
  const values = decodeValues(name, { raw, floats, doubles }, floatType);
  const expected = shape.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    throw new UserFacingError(`${name}: expected ${shape.join(" × ")} values, found ${values.length}`);
  }
  tensors.set(name, { shape, values, type: floatType });
}

function decodeValues(
  name: string,
  { raw, floats, doubles }: { raw: Uint8Array | null; floats: Uint8Array[]; doubles: Uint8Array[] },
  type: FloatType,
): Float32Array {
  if (raw !== null) {
    if (raw.length % (type === "F64" ? 8 : type === "F32" ? 4 : 2) !== 0) {
      throw new UserFacingError(`${name}: ${raw.length} bytes are no whole number of ${type}`);
    }
    return decodeFloats(raw, type);
  }
  if (type === "F32") return decodeFloats(joinBytes(floats), "F32");
  if (type === "F64") return decodeFloats(joinBytes(doubles), "F64");
  throw new UserFacingError(`${name}: expected raw data for ${type}`);
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function numberOf(field: ProtobufField): number {
  return field.kind === "varint" ? field.value : 0;
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
