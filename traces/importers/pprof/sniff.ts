import { FieldReader, messageEnd, WireError, WireType } from "../../io/protobuf.ts";
import { Profile, ValueType } from "./fields.ts";

/** Wire types of the fields of a profile; 13 are comments, 7 and 8 regular expressions, 15 an address. */
const wires: Readonly<Record<number, number>> = {
  1: WireType.bytes,
  2: WireType.bytes,
  3: WireType.bytes,
  4: WireType.bytes,
  5: WireType.bytes,
  6: WireType.bytes,
  7: WireType.varint,
  8: WireType.varint,
  9: WireType.varint,
  10: WireType.varint,
  11: WireType.bytes,
  12: WireType.varint,
  14: WireType.varint,
  15: WireType.varint,
};

/** How surely a file that starts with `head` is a pprof profile: its fields must have the right types, among them sample types of two numbers. */
export function sniffPprof(head: Uint8Array): number {
  const reader = new FieldReader();
  reader.attach(head, 0);
  let fields = 0;
  let hasTypes = false;
  let hasSamples = false;
  try {
    for (let at = reader.step(0, Infinity); at !== messageEnd; at = reader.step(at, Infinity)) {
      const { field, wire, start, end } = reader;
      if (field !== 13 && wires[field] !== wire) return 0;
      if (field === Profile.sample) hasSamples = true;
      if (field === Profile.sampleType) {
        if (!reader.holds || !isValueType(reader, start, end)) return 0;
        hasTypes = true;
      }
      fields++;
      if (at >= head.length) break;
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  // A profile without samples has at least its strings.
  return hasTypes && fields >= 3 ? (hasSamples ? 0.9 : 0.6) : 0;
}

function isValueType(reader: FieldReader, start: number, end: number): boolean {
  let count = 0;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.wire !== WireType.varint || (reader.field !== ValueType.type && reader.field !== ValueType.unit))
      return false;
    count++;
  }
  return count === 2;
}
