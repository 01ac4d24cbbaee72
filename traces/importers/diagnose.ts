import { TraceFormatError } from "../model/errors.ts";
import type { Importer } from "./importer.ts";

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

interface Suspect {
  readonly what: string;
  matches(head: Uint8Array, text: string): boolean;
}

const startsWith =
  (prefix: string) =>
  (_head: Uint8Array, text: string): boolean =>
    text.startsWith(prefix);

/** Files that people open by mistake or that another tool must convert first; `text`: the first 512 bytes as Latin-1. */
const suspects: readonly Suspect[] = [
  { what: "a Git LFS pointer, not the file itself", matches: startsWith("version https://git-lfs.github.com/spec") },
  {
    what: "an HTML page (a download that needs a log-in?)",
    matches: (_head, text) => /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text),
  },
  { what: "an SQLite database", matches: startsWith("SQLite format 3\0") },
  { what: "an Nsight Systems report (.nsys-rep or .qdrep)", matches: startsWith("NVIDIA Tegra Profiler Report ") },
  { what: "an Nsight Compute report", matches: startsWith("NVR\0") },
  { what: "a gzip file inside a gzip file", matches: startsWith("\x1f\x8b") },
  { what: "a zip archive", matches: startsWith("PK\x03\x04") },
  { what: "an HDF5 file", matches: startsWith("\x89HDF\r\n") },
  { what: "a Parquet file", matches: startsWith("PAR1") },
  {
    what: "a protobuf file (XSpace .xplane.pb, Perfetto or pprof)",
    matches: (head) => head[0] === 0x0a && hasControlBytes(head),
  },
  { what: "JSON of another kind", matches: (_head, text) => /^(?:\xef\xbb\xbf)?\s*[[{]/.test(text) },
];

/** Why no importer wants a file that starts with `head`: what was expected, what was found, what can be opened. */
export function diagnose(head: Uint8Array, importers: readonly Importer[]): TraceFormatError {
  const supported = importers.map((importer) => importer.label).join("; ");
  if (head.length === 0) return new TraceFormatError("expected a trace, found an empty file", { byteOffset: 0 });
  const text = latin1(head.subarray(0, 512));
  if (/^\s*$/.test(latin1(head.subarray(0, 4096))) && head.every((byte) => byte <= 0x20)) {
    return new TraceFormatError("expected a trace, found an empty file: only white space", { byteOffset: 0 });
  }
  const suspect = suspects.find((candidate) => candidate.matches(head, text));
  const hex = [...head.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const found = suspect === undefined ? "a file of unknown format" : suspect.what;
  return new TraceFormatError(
    `expected a trace, found ${found} (first bytes ${hex}); formats that can be opened: ${supported}`,
    { byteOffset: 0 },
  );
}

function hasControlBytes(head: Uint8Array): boolean {
  return head.subarray(0, 512).some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte >= 0x80);
}
