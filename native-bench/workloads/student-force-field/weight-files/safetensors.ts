import { UserFacingError } from "../../../../traces/model/errors.ts";
import { decodeFloats, floatSizes, type FloatType, type FoundTensor } from "./tensor-values.ts";

const lengthBytes = 8;
const largestHeaderBytes = 16 * 2 ** 20;

interface Entry {
  readonly name: string;
  readonly type: FloatType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Tensors of a .safetensors file: u64 header length, JSON header, data. Throws UserFacingError with the byte where the
 * file departs from the format (github.com/huggingface/safetensors, README "Format").
 */
export function readSafetensors(bytes: Uint8Array): Map<string, FoundTensor> {
  const { header, dataBegin } = readHeader(bytes);
  const data = bytes.subarray(dataBegin);
  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => checkEntry(name, entry, data.length));
  let previous: Entry | null = null;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (previous !== null && entry.begin < previous.end) {
      throw new UserFacingError(
        `safetensors: ${entry.name} begins at byte ${dataBegin + entry.begin}, inside ${previous.name}, which ends at ${dataBegin + previous.end}`,
      );
    }
    previous = entry;
  }
  return new Map(
    entries.map(({ name, shape, type, begin, end }) => [
      name,
      { shape, values: decodeFloats(data.subarray(begin, end), type), type },
    ]),
  );
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataBegin: number } {
  if (bytes.length < lengthBytes) {
    throw new UserFacingError(`safetensors: expected a header length of 8 bytes, found ${bytes.length} bytes in all`);
  }
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > largestHeaderBytes || length > bytes.length - lengthBytes) {
    throw new UserFacingError(
      `safetensors: the header claims ${length} bytes at byte 0; the file has ${bytes.length - lengthBytes} left and headers are read up to ${largestHeaderBytes}`,
    );
  }
  const dataBegin = lengthBytes + length;
  const text = new TextDecoder().decode(bytes.subarray(lengthBytes, dataBegin));
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === "object" && header !== null && !Array.isArray(header)) {
      return { header: header as Record<string, unknown>, dataBegin };
    }
  } catch (cause) {
    throw new UserFacingError(`safetensors: the header at byte 8 is no JSON: ${String(cause)}`, { cause });
  }
  throw new UserFacingError("safetensors: expected a JSON object at byte 8");
}

function checkEntry(name: string, entry: unknown, dataLength: number): Entry {
  const fail = (reason: string): never => {
    throw new UserFacingError(`safetensors: ${name}: ${reason}`);
  };
  if (typeof entry !== "object" || entry === null) fail("expected an object with dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(floatSizes, dtype)) {
    fail(`expected dtype F16, BF16, F32 or F64, found ${JSON.stringify(dtype)}`);
  }
  if (!isCounts(shape)) return fail(`expected a shape of whole numbers, found ${JSON.stringify(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2) {
    return fail(`expected two data_offsets, found ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets;
  if (begin > end || end > dataLength) fail(`data_offsets ${begin}–${end} leave the ${dataLength} bytes of data`);
  const type = dtype as FloatType;
  const expected = shape.reduce((product, size) => product * size, floatSizes[type]);
  if (end - begin !== expected) {
    fail(`${shape.join(" × ")} of ${type} need ${expected} bytes, data_offsets span ${end - begin}`);
  }
  return { name, type, shape, begin, end };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
