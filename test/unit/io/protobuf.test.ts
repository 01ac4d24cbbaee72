import fc from "fast-check";
import { PbfWriter } from "pbf";
import { describe, expect, it } from "vitest";
import { FieldFile, FieldStream, notLoaded } from "../../../traces/io/field-stream.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { FieldReader, messageEnd, WireError, WireType } from "../../../traces/io/protobuf.ts";

/** Fields of a message as read: number, wire type and value, nested messages not entered. */
function readAll(bytes: Uint8Array, byteOffset = 0): [field: number, value: unknown][] {
  const reader = new FieldReader();
  reader.attach(bytes, byteOffset);
  const fields: [number, unknown][] = [];
  const end = byteOffset + bytes.length;
  for (let at = reader.step(byteOffset, end); at !== messageEnd; at = reader.step(at, end))
    fields.push([reader.field, valueOf(reader)]);
  return fields;
}

function valueOf(reader: FieldReader): unknown {
  if (reader.wire === WireType.varint) return reader.int64();
  if (reader.wire === WireType.bytes) return reader.text();
  return reader.float();
}

/** The bytes of a message, varints of any 64-bit value included. */
function message(write: (writer: PbfWriter) => void): Uint8Array {
  const writer = new PbfWriter();
  write(writer);
  return writer.finish().slice();
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

const bytesOf = (...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat());

function refusal(bytes: Uint8Array, byteOffset = 0): string {
  try {
    readAll(bytes, byteOffset);
  } catch (error) {
    if (error instanceof WireError) return `${error.message} (byte ${error.byteOffset})`;
    throw error;
  }
  return "none";
}

describe("FieldReader", () => {
  it("reads every wire type, at any place of a file", () => {
    const bytes = message((writer) => {
      writer.writeVarintField(1, 300);
      writer.writeStringField(2, "Größe");
      writer.writeDoubleField(3, -0.1);
      writer.writeFloatField(4, 0.5);
      writer.writeVarintField(268435455, -1);
    });
    const expected = [
      [1, 300],
      [2, "Größe"],
      [3, -0.1],
      [4, 0.5],
      [268435455, -1],
    ];
    expect(readAll(bytes)).toEqual(expected);
    expect(readAll(bytes, 5e12)).toEqual(expected);
  });

  it("keeps every digit of 64-bit numbers", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        const reader = new FieldReader();
        const asFixed = new DataView(new ArrayBuffer(8));
        asFixed.setBigUint64(0, BigInt.asUintN(64, value), true);
        const bytes = bytesOf([8], varint(value), [17], [...new Uint8Array(asFixed.buffer)]);
        reader.attach(bytes, 0);
        const next = reader.step(0, bytes.length);
        for (const at of [0, next]) {
          reader.step(at, bytes.length);
          expect(BigInt(reader.int64())).toBe(BigInt.asIntN(64, value));
          expect(BigInt(reader.uint64())).toBe(BigInt.asUintN(64, value));
        }
      }),
    );
  });

  it("gives a plain number where that is exact", () => {
    for (const value of [0n, 127n, 128n, 2n ** 32n, 2n ** 53n - 1n, -1n, -(2n ** 53n) + 1n]) {
      const reader = new FieldReader();
      const bytes = bytesOf([8], varint(value));
      reader.attach(bytes, 0);
      reader.step(0, bytes.length);
      expect(reader.int64()).toBe(Number(value));
      expect(reader.number).toBe(Number(value));
    }
  });

  it.each([
    ["the end inside a tag", [0x88], "expected a tag, found the end of its message (byte 100)"],
    ["the end inside a number", [8, 0x80], "expected the number of field 1, found the end of its message (byte 101)"],
    [
      "a varint of eleven bytes",
      [8, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 1],
      "expected the number of field 1, found a varint of more than 10 bytes (byte 101)",
    ],
    [
      "a length past the end",
      [18, 5, 1, 2],
      "expected field 2 to end with its message at byte 104, found a length of 5 bytes (byte 100)",
    ],
    [
      "a length of 2 GB",
      [18, ...varint(2n ** 31n), 1],
      "expected field 2 to end with its message at byte 107, found a length of 2147483648 bytes (byte 100)",
    ],
    [
      "a length of 2^64 - 1",
      [18, ...varint(-1n), 1],
      "expected field 2 to end with its message at byte 112, found a length of 2^63 or more bytes (byte 100)",
    ],
    ["field 0", [2, 0], "expected a field, found the tag 2 (byte 100)"],
    ["a tag beyond 32 bits", varint(2n ** 35n), "expected a field, found the tag 34359738368 (byte 100)"],
    ["a negative tag", varint(-1n), "expected a field, found the tag of a negative number (byte 100)"],
    ["a group", [11, 12], "expected a field of a known wire type, found type 3 of field 1 (byte 100)"],
    ["a cut double", [9, 1, 2], "expected 8 bytes of field 1, found the end of its message (byte 100)"],
    ["a cut float", [13, 1], "expected 4 bytes of field 1, found the end of its message (byte 100)"],
  ])("refuses %s", (_what, bytes, expected) => {
    expect(refusal(Uint8Array.from(bytes), 100)).toBe(expected);
  });

  it("tells what is there of a value that is cut", () => {
    const reader = new FieldReader();
    const bytes = bytesOf([18, 5, 97, 98]);
    reader.attach(bytes, 0);
    expect(() => reader.step(0, bytes.length)).toThrow(expect.objectContaining({ isCut: true }));
    expect([reader.field, reader.text()]).toEqual([2, "ab"]);
  });

  it("goes forward or refuses, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, size) => {
        const reader = new FieldReader();
        reader.attach(bytes.subarray(0, size), 0);
        let at = 0;
        try {
          for (let next = reader.step(at, bytes.length); next !== messageEnd; next = reader.step(at, bytes.length)) {
            expect(next).toBeGreaterThan(at);
            expect(next).toBeLessThanOrEqual(bytes.length);
            if (reader.holds) valueOf(reader);
            at = next;
          }
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** Fields of a whole file through a window that slides forward. */
async function streamAll(stream: FieldStream, end: number): Promise<[field: number, value: unknown][]> {
  const fields: [number, unknown][] = [];
  for (let at = 0; ;) {
    const next = stream.step(at, end);
    if (next === messageEnd) return fields;
    if (next === notLoaded) {
      await stream.load();
      continue;
    }
    fields.push([stream.reader.field, stream.reader.holds ? valueOf(stream.reader) : "not in memory"]);
    at = next;
  }
}

/** Fields of a whole file that is read at any place. */
function readFile(file: FieldFile): [field: number, value: unknown][] {
  const fields: [number, unknown][] = [];
  for (let at = file.step(0, file.size); at !== messageEnd; at = file.step(at, file.size))
    fields.push([file.reader.field, file.reader.holds ? valueOf(file.reader) : "not in memory"]);
  return fields;
}

const anyField = fc.record({
  field: fc.integer({ min: 1, max: 40 }),
  value: fc.oneof(fc.nat(), fc.double(), fc.string()),
});

describe("FieldStream and FieldFile", () => {
  it("give what a reader of the whole file gives, for windows of any size and reads of any length", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyField, { maxLength: 30 }),
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (fields, windowBytes, chunkBytes, knowsSize) => {
          const bytes = message((writer) => {
            for (const { field, value } of fields)
              if (typeof value === "string") writer.writeStringField(field, value);
              else if (Number.isSafeInteger(value)) writer.writeVarintField(field, value);
              else writer.writeDoubleField(field, value);
          });
          const options = { windowBytes, wholeBytes: 1000 };
          const source = memorySource(bytes, chunkBytes);
          const expected = readAll(bytes);
          expect(await streamAll(new FieldStream(source, options), knowsSize ? bytes.length : Infinity)).toEqual(
            expected,
          );
          expect(readFile(new FieldFile(await source.openRandomAccess(() => undefined), options))).toEqual(expected);
        },
      ),
    );
  });

  it("pass over values above the limit without memory for them", async () => {
    const bytes = message((writer) => {
      writer.writeStringField(1, "x".repeat(5000));
      writer.writeStringField(2, "short");
    });
    const options = { windowBytes: 64, wholeBytes: 256 };
    const expected = [
      [1, "not in memory"],
      [2, "short"],
    ];
    expect(await streamAll(new FieldStream(memorySource(bytes), options), Infinity)).toEqual(expected);
    const access = await memorySource(bytes).openRandomAccess(() => undefined);
    expect(readFile(new FieldFile(access, options))).toEqual(expected);
  });

  it("allocate what arrives, not what a length declares", async () => {
    const bytes = bytesOf([10], varint(2n ** 40n), [1, 2, 3]);
    const asked: number[] = [];
    const source = memorySource(bytes);
    const stream = new FieldStream(
      {
        fill(target) {
          asked.push(target.length);
          return source.fill(target);
        },
      },
      { windowBytes: 64, wholeBytes: 2 ** 41 },
    );
    await expect(streamAll(stream, Infinity)).rejects.toThrow(
      "expected field 1 to end with its message at byte 10, found a length of 1099511627776 bytes",
    );
    expect(Math.max(...asked)).toBeLessThanOrEqual(128);
  });

  it("tell a value above the limit that the end of the file cuts off", async () => {
    const bytes = bytesOf([10], varint(5000n), Array<number>(100).fill(1));
    const stream = new FieldStream(memorySource(bytes), { windowBytes: 64, wholeBytes: 64 });
    await expect(streamAll(stream, Infinity)).rejects.toThrow(
      "expected a value that ends at byte 5003, found the end of the file at byte 103",
    );
  });
});
