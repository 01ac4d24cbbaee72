import { type FieldReader, WireType } from "../../io/protobuf.ts";

/** Adds the value, or the packed values, of a repeated field of unsigned numbers; `fixed`: packed ones have 8 bytes each. */
export function readRepeatedInts(reader: FieldReader, values: (number | bigint)[], fixed = false): void {
  if (reader.wire !== WireType.bytes) values.push(reader.uint64());
  else reader.packed(fixed ? WireType.fixed64 : WireType.varint, () => values.push(reader.uint64()));
}

/** Adds the value, or the packed values, of a repeated field of doubles. */
export function readRepeatedDoubles(reader: FieldReader, values: number[]): void {
  if (reader.wire !== WireType.bytes) values.push(reader.float());
  else reader.packed(WireType.fixed64, () => values.push(reader.float()));
}
