import { TraceFormatError } from "../model/errors.ts";
import type { TraceFormat } from "./importer.ts";
import { nameFile } from "./name-file.ts";

/** Why no importer wants a file that starts with `head`: first what it is, then in short what can be opened. */
export function diagnose(head: Uint8Array, importers: readonly TraceFormat[]): TraceFormatError {
  if (head.length === 0) return new TraceFormatError("expected a trace, found an empty file", { byteOffset: 0 });
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  if (head.subarray(hasMark ? 3 : 0).every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) {
    return new TraceFormatError("expected a trace, found an empty file: only white space", { byteOffset: 0 });
  }
  const supported = [...new Set([...importers.flatMap((importer) => importer.shortNames), "benchmark results"])].join(
    ", ",
  );
  return new TraceFormatError(
    `expected a trace, found ${nameFile(head) ?? describeUnknown(head)}. Can be opened: ${supported}`,
    { byteOffset: 0 },
  );
}

function describeUnknown(head: Uint8Array): string {
  const hex = [...head.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `a file of unknown format (first bytes ${hex})`;
}
