import type { ElementType } from "./tensor.ts";

/** Numbers as the little-endian bytes of `raw_data`. Rounds to the nearest value of the type. */
export function encodeValues(values: ArrayLike<number>, type: ElementType): Uint8Array {
  const array = toTypedArray(values, type);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function toTypedArray(values: ArrayLike<number>, type: ElementType) {
  switch (type) {
    case "float32":
      return Float32Array.from(values);
    case "float64":
      return Float64Array.from(values);
    case "float16":
      return Uint16Array.from(values, narrowToHalf);
    case "int32":
      return Int32Array.from(values);
    case "int64":
      return BigInt64Array.from(Array.from(values, BigInt));
    case "uint8":
    case "bool":
      return Uint8Array.from(values);
    case "int8":
      return Int8Array.from(values);
  }
}

const scratch = new DataView(new ArrayBuffer(4));

/** Bits of the nearest IEEE 754 binary16, ties to even; beyond 65,504 infinity. */
export function narrowToHalf(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (magnitude >= 65_520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  const significand = roundToEven((magnitude / 2 ** exponent) * 1024);
  // A significand that rounds up to 2048 carries into the exponent by itself.
  return sign | (((exponent + 14) << 10) + significand);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
