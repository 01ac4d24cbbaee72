import { TraceFormatError } from "../model/errors.ts";
import type { TraceFormat } from "./importer.ts";
import { nameFile } from "./name-file.ts";

/** Why no importer wants a file that starts with `head`: what was expected, what was found, what can be opened. */
export function diagnose(head: Uint8Array, importers: readonly TraceFormat[]): TraceFormatError {
  const supported = importers.map((importer) => importer.label).join("; ");
  if (head.length === 0) return new TraceFormatError("expected a trace, found an empty file", { byteOffset: 0 });
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  if (head.subarray(hasMark ? 3 : 0).every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) {
    return new TraceFormatError("expected a trace, found an empty file: only white space", { byteOffset: 0 });
  }
  const hex = [...head.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return new TraceFormatError(
    `expected a trace, found ${nameFile(head) ?? "a file of unknown format"} (first bytes ${hex}); formats that can be opened: ${supported}`,
    { byteOffset: 0 },
  );
}
