/*
 * One message as bytes, for channels that carry bytes only (socket, standard input and output):
 *
 *   u32 head length | head (UTF-8 JSON) | zeros up to a multiple of 8 | array bytes, each array at a multiple of 8
 *
 * All integers little-endian, like the array bytes. In the head an array stands as {"$array": [type, offset, length]},
 * offset in bytes from the start of the array bytes, length in elements. An own key "$array" of plain data is
 * written as "$$array", and so on: one "$" more. NaN and the infinities stand as {"$number": "NaN"}.
 */

const arrayTypes = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};
type ArrayTypeName = keyof typeof arrayTypes;
type FramedArray = InstanceType<(typeof arrayTypes)[ArrayTypeName]>;

const alignment = 8;
/** Frames beyond this are refused: replies stay below 1 MiB, files travel in parts. */
export const maxFrameBytes = 512 * 2 ** 20;

/** Turns plain data with typed arrays into one frame. Throws TypeError for what no channel can carry. */
export function encodeFrame(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: FramedArray[] = [];
  let arrayBytes = 0;
  const place = (array: FramedArray): unknown => {
    const offset = arrayBytes;
    arrays.push(array);
    arrayBytes = align(offset + array.byteLength);
    return { $array: [typeNameOf(array), offset, array.length] };
  };
  const head = new TextEncoder().encode(JSON.stringify(toJson(message, place)));
  const bodyStart = align(4 + head.length);
  const frame = new Uint8Array(bodyStart + arrayBytes);
  new DataView(frame.buffer).setUint32(0, head.length, true);
  frame.set(head, 4);
  let offset = bodyStart;
  for (const array of arrays) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += align(array.byteLength);
  }
  return frame;
}

/** Reads one frame; throws RangeError or SyntaxError for bytes that are none. Arrays are copies. */
export function decodeFrame(bytes: Uint8Array): unknown {
  // A plain view: the slice of a Node Buffer would share its memory.
  const frame = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.byteLength < 4 || frame.byteLength > maxFrameBytes)
    throw new RangeError(`frame of ${frame.byteLength} bytes`);
  const headBytes = new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
  if (4 + headBytes > frame.byteLength)
    throw new RangeError(`head of ${headBytes} bytes in a frame of ${frame.byteLength}`);
  const body = frame.subarray(align(4 + headBytes));
  const head: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(frame.slice(4, 4 + headBytes)));
  return fromJson(head, body);
}

function toJson(value: unknown, place: (array: FramedArray) => unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : { $number: String(value) };
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "object") throw new TypeError(`a ${typeof value} cannot be framed`);
  if (Array.isArray(value)) return value.map((item) => toJson(item, place) ?? null);
  if (ArrayBuffer.isView(value)) return place(value as FramedArray);
  // No prototype: keys come from files ("__proto__").
  const out = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) out[key.startsWith("$") ? `$${key}` : key] = toJson(item, place);
  return out;
}

function fromJson(value: unknown, body: Uint8Array): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => fromJson(item, body));
  const record = value as Record<string, unknown>;
  if (Object.hasOwn(record, "$array")) return readArray(record["$array"], body);
  if (Object.hasOwn(record, "$number")) return Number(record["$number"]);
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(record)) {
    const name = key.startsWith("$$") ? key.slice(1) : key;
    // defineProperty: an assignment to "__proto__" would change the prototype.
    Object.defineProperty(out, name, {
      value: fromJson(item, body),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return out;
}

function readArray(reference: unknown, body: Uint8Array): FramedArray {
  if (!Array.isArray(reference)) throw new RangeError("bad array reference");
  const [type, offset, length] = reference as unknown[];
  if (typeof type !== "string" || !Object.hasOwn(arrayTypes, type))
    throw new RangeError(`unknown array type ${String(type)}`);
  const constructor = arrayTypes[type as ArrayTypeName];
  const byteLength = Number(length) * constructor.BYTES_PER_ELEMENT;
  if (
    !Number.isInteger(offset) ||
    !Number.isInteger(length) ||
    Number(offset) < 0 ||
    byteLength < 0 ||
    Number(offset) + byteLength > body.byteLength
  ) {
    throw new RangeError(`array of ${String(length)} × ${type} at ${String(offset)} lies outside the frame`);
  }
  return new constructor(body.slice(Number(offset), Number(offset) + byteLength).buffer);
}

function typeNameOf(array: FramedArray): ArrayTypeName {
  const name = array.constructor.name;
  if (Object.hasOwn(arrayTypes, name)) return name as ArrayTypeName;
  // Node's Buffer is a Uint8Array of another name.
  if (array instanceof Uint8Array) return "Uint8Array";
  throw new TypeError(`a ${name} cannot be framed`);
}

const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
