import type { FieldFile } from "../../io/field-stream.ts";
import { TraceFormatError } from "../../model/errors.ts";

const headBytes = 64;

/** U+FFFD in UTF-8: what a copy in text mode puts in place of every byte that is no text. */
const replacement = [0xef, 0xbf, 0xbd] as const;

/** The first 64 bytes of a binary file hold U+FFFD. */
export function holdsReplacement(head: Uint8Array): boolean {
  const last = Math.min(head.length, headBytes) - replacement.length;
  for (let at = 0; at <= last; at++) if (replacement.every((byte, i) => head[at + i] === byte)) return true;
  return false;
}

export function isTextDamaged(file: FieldFile, part: { readonly start: number }): boolean {
  return holdsReplacement(file.peek(part.start, headBytes));
}

export function textDamage(byteOffset: number): TraceFormatError {
  return new TraceFormatError(
    "expected an XSpace profile, found one that was copied as text: every byte above 127 was replaced by EF BF BD and cannot be restored; copy the file again in binary mode",
    { format: "xspace", byteOffset },
  );
}
