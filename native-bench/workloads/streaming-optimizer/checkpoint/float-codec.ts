/** Doubles as JSON, to the bit: −0, NaN and infinities included. */
export interface EncodedFloats {
  readonly f64: string;
}

export const encodeFloats = (values: Float64Array): EncodedFloats => ({
  f64: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64"),
});

export function decodeFloats({ f64 }: EncodedFloats): Float64Array {
  const bytes = Buffer.from(f64, "base64");
  return new Float64Array(Uint8Array.from(bytes).buffer, 0, bytes.length / 8);
}

/** JSON in which every Float64Array and every number that JSON cannot write keeps its bits. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Float64Array) return encodeFloats(inner);
    if (typeof inner === "number" && (!Number.isFinite(inner) || Object.is(inner, -0)))
      return { f64: encodeFloats(Float64Array.of(inner)).f64, scalar: true };
    return inner;
  });
}

export function decodeJson(text: string): unknown {
  return JSON.parse(text, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || !("f64" in inner) || typeof inner.f64 !== "string") return inner;
    const values = decodeFloats({ f64: inner.f64 });
    return "scalar" in inner ? values[0] : values;
  });
}
