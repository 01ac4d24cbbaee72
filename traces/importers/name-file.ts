import { peekJson } from "./json-scan/peek.ts";

interface Suspect {
  readonly what: string;
  matches(head: Uint8Array, text: string): boolean;
}

const startsWith =
  (prefix: string) =>
  (_head: Uint8Array, text: string): boolean =>
    text.startsWith(prefix);

/** The type of a pprof sample: a message of two numbers. */
// oxlint-disable-next-line no-control-regex -- bytes, not text
const valueType = /\n[\x04-\x06]\x08[\x01-\x7f]\x10[\x01-\x7f]/;
/** Name of an XSpace plane with its tag and length. */
// oxlint-disable-next-line no-control-regex -- bytes, not text
const planeName = /\x12.(?:\/host:|\/device:|#Chip|Task Environment)/s;

/** Files that people open by mistake or that another tool must convert first; `text`: the head as Latin-1. */
const suspects: readonly Suspect[] = [
  { what: "a Git LFS pointer, not the file itself", matches: startsWith("version https://git-lfs.github.com/spec") },
  {
    what: "an HTML page (a download that needs a log-in?)",
    matches: (_head, text) => /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text.slice(0, 512)),
  },
  { what: "an Nsight Systems statistics table", matches: (_head, text) => /^\W*Time \(%\)/.test(text) },
  { what: "a gzip file inside a gzip file", matches: startsWith("\x1f\x8b") },
  { what: "a zip archive", matches: startsWith("PK\x03\x04") },
  { what: "an empty zip archive", matches: startsWith("PK\x05\x06") },
  { what: "a Zstandard file: unpack it first", matches: startsWith("\x28\xb5\x2f\xfd") },
  { what: "an xz file: unpack it first", matches: startsWith("\xfd7zXZ\0") },
  { what: "a bzip2 file: unpack it first", matches: (_head, text) => /^BZh[1-9]1AY&SY/.test(text) },
  { what: "a 7z archive: unpack it first", matches: startsWith("7z\xbc\xaf\x27\x1c") },
  { what: "a tar archive: unpack it first", matches: (_head, text) => text.slice(257, 262) === "ustar" },
  { what: "an HDF5 file", matches: startsWith("\x89HDF\r\n") },
  { what: "a Parquet file", matches: startsWith("PAR1") },
  { what: "an XSpace profile (.xplane.pb)", matches: (head, text) => isXSpace(head, text) },
  { what: "a Perfetto trace (protobuf)", matches: isPerfetto },
  { what: "a pprof profile", matches: (_head, text) => valueType.test(text.slice(0, 64)) },
  {
    what: "a protobuf file (XSpace .xplane.pb, Perfetto or pprof)",
    matches: (head) => head[0] === 0x0a && hasControlBytes(head),
  },
  {
    what: "folded stacks (one stack and a count a line)",
    matches: (_head, text) => /^[^\n;{[]+(?:;[^\n;]*)+ \d+\r?(?:\n|$)/.test(text.slice(0, 4096)),
  },
];

/** What a file that starts with `head` is, with its article; null when it looks like nothing known. */
export function nameFile(head: Uint8Array): string | null {
  const text = new TextDecoder("latin1").decode(head);
  const suspect = suspects.find((candidate) => candidate.matches(head, text));
  return suspect?.what ?? nameJson(head);
}

/** Kinds of JSON by the keys of their root object. */
const jsonKinds: readonly (readonly [what: string, fits: (has: (key: string) => boolean) => boolean])[] = [
  ["a speedscope profile", (has) => has("profiles") || (has("shared") && has("$schema"))],
  ["a V8 CPU profile (.cpuprofile)", (has) => has("nodes") || (has("head") && has("startTime"))],
  ["a Firefox profile", (has) => (has("profile") && has("label")) || (has("libs") && has("threads"))],
  ["benchmark results (Google Benchmark)", (has) => has("benchmarks") && has("context")],
  ["benchmark results (pytest-benchmark)", (has) => has("benchmarks") && has("machine_info")],
  ["benchmark results", (has) => has("benchmarks")],
];

const shownKeys = 5;
const keyChars = 30;

/** What a JSON file that holds no list of events is; null when it does not look like JSON. */
export function nameJson(head: Uint8Array): string | null {
  const { root, keys } = peekJson(head);
  if (root === null) return null;
  if (root === "array") return "a JSON list of another kind";
  const known = jsonKinds.find(([, fits]) => fits((key) => keys.includes(key)));
  if (known !== undefined) return known[0];
  if (keys.length === 0) return "JSON of another kind";
  const shown = keys.slice(0, shownKeys).map((key) => `"${key.slice(0, keyChars)}"`);
  return `JSON of another kind, an object with ${shown.join(", ")}${keys.length > shownKeys ? " …" : ""}`;
}

/** The first field is a plane, which begins with its id or its name: "/host:CPU", "/device:GPU:0", "Task Environment". */
function isXSpace(head: Uint8Array, text: string): boolean {
  return head[0] === 0x0a && planeName.test(text.slice(0, 64));
}

/** First tags of packets: clock snapshot, timestamp, sequence id, track event, trace config, sequence flags, descriptors. */
const packetTags: ReadonlySet<number> = new Set([
  0x32, 0x40, 0x50, 0x5a, 0x8a, 0x9a, 0xe2, 0xca, 0xd2, 0xda, 0xa2, 0xaa,
]);

function isPerfetto(head: Uint8Array): boolean {
  if (head[0] !== 0x0a) return false;
  let p = 1;
  while (p < 6 && (head[p] ?? 0) >= 0x80) p++;
  const tag = head[p + 1];
  return tag !== undefined && packetTags.has(tag) && hasControlBytes(head);
}

function hasControlBytes(head: Uint8Array): boolean {
  return head.subarray(0, 512).some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte >= 0x80);
}
