import { TraceFormatError } from "../../../../traces/model/errors.ts";

/** What the head of a `.npy` file says; the values follow from `dataOffset`. */
export interface NpyHeader {
  readonly dtype: "f32" | "f64";
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

/** Enough for every header of format version 1, and for the dictionaries that occur in versions 2 and 3. */
export const npyHeadBytes = 65_536;
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const alignmentBytes = 64;

/**
 * Reads the head of a NumPy array file (numpy.lib.format, versions 1 to 3): little-endian float32 or float64 in C order.
 * Throws TraceFormatError with the byte of what was found instead.
 */
export function parseNpyHeader(head: Uint8Array): NpyHeader {
  if (!magic.every((byte, index) => head[index] === byte))
    throw new TraceFormatError("expected the magic bytes \\x93NUMPY of a .npy file", { format: "npy", byteOffset: 0 });
  const major = head[6] ?? 0;
  if (major < 1 || major > 3)
    throw new TraceFormatError(`expected .npy version 1 to 3, found ${major}`, { format: "npy", byteOffset: 6 });
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const lengthBytes = major === 1 ? 2 : 4;
  const dictionaryAt = 8 + lengthBytes;
  if (head.length < dictionaryAt)
    throw new TraceFormatError(`the file ends inside its header, at byte ${head.length}`, {
      format: "npy",
      byteOffset: head.length,
    });
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataOffset = dictionaryAt + length;
  if (dataOffset > head.length)
    throw new TraceFormatError(`expected a header of ${dataOffset} bytes, found ${head.length}`, {
      format: "npy",
      byteOffset: head.length,
    });
  const dictionary = new TextDecoder("latin1").decode(head.subarray(dictionaryAt, dataOffset));
  return { ...parseDictionary(dictionary, dictionaryAt), dataOffset };
}

function parseDictionary(text: string, byteOffset: number): Pick<NpyHeader, "dtype" | "shape"> {
  const refuse = (message: string): never => {
    throw new TraceFormatError(message, { format: "npy", byteOffset });
  };
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const dtype = descr === "<f4" ? "f32" : descr === "<f8" ? "f64" : null;
  if (dtype === null) return refuse(`expected values of type <f4 or <f8, found ${descr ?? "no 'descr'"}`);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  if (order !== "False")
    return refuse(`expected C order ('fortran_order': False), found ${order ?? "no 'fortran_order'"}`);
  const inner = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (inner === undefined) return refuse("expected a 'shape', found none");
  const shape = inner
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    return refuse(`expected whole sizes in 'shape', found (${inner})`);
  return { dtype, shape };
}

/** The head of a version 1 file, padded so that values begin at a multiple of 64 bytes. */
export function formatNpyHeader({ dtype, shape }: Omit<NpyHeader, "dataOffset">): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${dtype === "f32" ? "<f4" : "<f8"}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const unpadded = magic.length + 4 + dictionary.length + 1;
  const total = Math.ceil(unpadded / alignmentBytes) * alignmentBytes;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set(magic);
  bytes.set([1, 0, (total - 10) & 0xff, (total - 10) >> 8], 6);
  bytes.set(new TextEncoder().encode(dictionary), 10);
  bytes[total - 1] = 0x0a;
  return bytes;
}

export const valueBytes = (dtype: NpyHeader["dtype"]): number => (dtype === "f32" ? 4 : 8);
