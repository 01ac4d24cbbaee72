import { UserFacingError } from "../../../../traces/model/errors.ts";

/** A tensor as found in a file, widened or narrowed to float32. */
export interface FoundTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** As what the file holds it. */
  readonly type: FloatType;
}

export const floatSizes = { F16: 2, BF16: 2, F32: 4, F64: 8 } as const;
export type FloatType = keyof typeof floatSizes;
/** By how much rounding to nearest changes a number at most, as a part of it. */
export const floatRounding: Readonly<Record<FloatType, number>> = {
  F16: 2 ** -11,
  BF16: 2 ** -8,
  F32: 2 ** -24,
  F64: 2 ** -53,
};

/** Reads little-endian numbers. `bytes` has a whole number of them. */
export function decodeFloats(bytes: Uint8Array, type: FloatType): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = floatSizes[type];
  return Float32Array.from({ length: bytes.byteLength / size }, (_, i) => readFloat(view, i * size, type));
}

function readFloat(view: DataView, at: number, type: FloatType): number {
  switch (type) {
    case "F32":
      return view.getFloat32(at, true);
    case "F64":
      return view.getFloat64(at, true);
    case "F16":
      return widenHalf(view.getUint16(at, true));
    case "BF16":
      return widenBrain(view.getUint16(at, true));
  }
}

/** IEEE 754 binary16 to a number. */
export function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
function widenBrain(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0];
}

export function checkFinite(name: string, values: Float32Array): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new UserFacingError(`${name}: value ${bad} is ${values[bad]}; expected finite numbers`);
}
