import { UserFacingError } from "../../traces/model/errors.ts";

/** One field of a protobuf message. */
export type ProtobufField =
  | { readonly id: number; readonly kind: "varint"; readonly value: number }
  | { readonly id: number; readonly kind: "fixed32" | "fixed64" | "bytes"; readonly bytes: Uint8Array };

/**
 * Fields of the message in `bytes`, in file order. `fileOffset` is where `bytes` starts in the file, for errors.
 * Throws UserFacingError for bytes that are no message. Wire format: protobuf.dev/programming-guides/encoding.
 */
export function* readFields(bytes: Uint8Array, what: string, fileOffset = 0): Generator<ProtobufField> {
  let at = 0;
  const fail = (reason: string): never => {
    throw new UserFacingError(`${what}: ${reason} at byte ${fileOffset + at}`);
  };
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1, length = 0; length < 10; scale *= 128, length++) {
      if (at >= bytes.length) fail("expected a varint, found the end");
      const byte = bytes[at++];
      // Negative numbers fill ten bytes; no field read here is negative, so the precision beyond 2^53 is not needed.
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return fail("expected a varint of at most ten bytes");
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) fail(`expected ${length} bytes, found ${bytes.length - at}`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const id = Math.floor(tag / 8);
    if (id === 0) fail("expected a field number, found 0");
    const wire = tag % 8;
    if (wire === 0) yield { id, kind: "varint", value: readVarint() };
    else if (wire === 1) yield { id, kind: "fixed64", bytes: take(8) };
    else if (wire === 2) yield { id, kind: "bytes", bytes: take(readVarint()) };
    else if (wire === 5) yield { id, kind: "fixed32", bytes: take(4) };
    else fail(`expected a wire type of 0, 1, 2 or 5, found ${wire}`);
  }
}

/** Numbers of a repeated field, packed or not. */
export function readVarints(field: ProtobufField, what: string): number[] {
  if (field.kind === "varint") return [field.value];
  const values: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of field.bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte < 128) {
      values.push(value);
      value = 0;
      scale = 1;
    }
  }
  if (scale !== 1) throw new UserFacingError(`${what}: a packed list of numbers ends within a number`);
  return values;
}
