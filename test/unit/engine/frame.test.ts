import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame } from "../../../electron/contract/frame.ts";

const typedArray = fc.oneof(
  fc.uint8Array(),
  fc.uint16Array(),
  fc.uint32Array(),
  fc.int8Array(),
  fc.int16Array(),
  fc.int32Array(),
  fc.float32Array(),
  fc.float64Array(),
);
const plainData = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.double().filter((number) => !Object.is(number, -0)),
    fc.boolean(),
    fc.constant(null),
    typedArray,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("$array", "$$array", "$number", "$", "constructor")),
      tie("value"),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
})).value;

describe("frames", () => {
  it("carry plain data and typed arrays unchanged", () => {
    fc.assert(
      fc.property(plainData, (message) => {
        expect(decodeFrame(encodeFrame(message))).toEqual(message);
      }),
      { numRuns: 300 },
    );
  });

  it("are read from the middle of a pooled buffer, and do not share its memory", () => {
    const pool = Buffer.alloc(300, 0xff);
    const frame = encodeFrame({ values: Float64Array.of(1, 2) });
    pool.set(frame, 13);
    const decoded = decodeFrame(pool.subarray(13, 13 + frame.length));
    pool.fill(0);
    expect(decoded).toEqual({ values: Float64Array.of(1, 2) });
  });

  it("copy only the part of a buffer that an array shows", () => {
    const whole = new Float64Array(10_000).fill(7);
    const frame = encodeFrame({ part: whole.subarray(3, 5) });
    expect(frame.byteLength).toBeLessThan(200);
    expect(decodeFrame(frame)).toEqual({ part: Float64Array.of(7, 7) });
  });

  it("keep a key called __proto__ a key", () => {
    const decoded = decodeFrame(encodeFrame(JSON.parse('{"__proto__": {"polluted": true}}'))) as object;
    expect(Object.keys(decoded)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  it("leave out what is undefined, as structured data without it", () => {
    expect(decodeFrame(encodeFrame({ a: undefined, b: 1 }))).toEqual({ b: 1 });
  });

  it("refuse functions, symbols and 64-bit integers", () => {
    expect(() => encodeFrame({ a: () => 1 })).toThrow("a function cannot be framed");
    expect(() => encodeFrame([1n])).toThrow("a bigint cannot be framed");
  });

  it("refuse bytes that are no frame instead of reading beyond them", () => {
    expect(() => decodeFrame(new Uint8Array(3))).toThrow("frame of 3 bytes");
    expect(() => decodeFrame(Uint8Array.of(255, 255, 0, 0, 1))).toThrow("head of 65535 bytes in a frame of 5");
    const head = new TextEncoder().encode('{"$array":["Float64Array",0,1000]}');
    const frame = new Uint8Array(4 + head.length + 8);
    new DataView(frame.buffer).setUint32(0, head.length, true);
    frame.set(head, 4);
    expect(() => decodeFrame(frame)).toThrow("1000 × Float64Array at 0 lies outside the frame");
  });
});
