/*
 * A link to a place in a trace: which file, what it held, the time on the screen, what was selected. Plain text, that
 * anybody may write or change: every side that gets one parses it with `parseLink`, and a file is opened from it only
 * through the shell, which asks.
 */

export const linkStart = "deltaflame://";

export interface ViewLink extends LinkPlace {
  readonly source: LinkSource;
}

/** Where in a trace. */
export interface LinkPlace {
  /** Fingerprint of the file's content, SHA-256 as 64 hexadecimal digits. */
  readonly content: string;
  /** Time on the screen, ns since the origin of the trace. */
  readonly startNs: number;
  readonly endNs: number;
  readonly selection: LinkedSelection;
}

export type LinkSource =
  | { readonly kind: "file"; readonly path: string }
  /** A trace that comes with the app. */
  | { readonly kind: "sample"; readonly id: string };

/** Numbers of tracks, rows and instants hold for one content, and so for a link. */
export type LinkedSelection =
  | { readonly kind: "none" }
  | {
      readonly kind: "span";
      readonly track: number;
      readonly depth: number;
      readonly startNs: number;
      readonly durationNs: number;
    }
  | { readonly kind: "instant"; readonly instant: number }
  | { readonly kind: "range"; readonly startNs: number; readonly endNs: number }
  /** `rows`: from the first to the last, both included. */
  | {
      readonly kind: "area";
      readonly startNs: number;
      readonly endNs: number;
      readonly rows: readonly (readonly [first: number, last: number])[];
    };

/** What is wrong with a link, as a sentence for people. */
export class LinkError extends Error {
  override readonly name = "UserFacingError";
}

export const longestLinkChars = 16_384;
const longestPathChars = 4096;
/** An area of more pieces than this is no longer a short text. */
export const mostRowRanges = 200;
const largestRow = 2 ** 32;

export const isLink = (text: string): boolean => text.trimStart().startsWith(linkStart);

export function formatLink({ source, content, startNs, endNs, selection }: ViewLink): string {
  const parts: [string, string][] = [
    source.kind === "file" ? ["file", source.path] : ["sample", source.id],
    ["content", content],
    ["view", `${startNs},${endNs}`],
  ];
  switch (selection.kind) {
    case "none":
      break;
    case "span":
      parts.push(["span", [selection.track, selection.depth, selection.startNs, selection.durationNs].join(",")]);
      break;
    case "instant":
      parts.push(["instant", `${selection.instant}`]);
      break;
    case "range":
      parts.push(["range", `${selection.startNs},${selection.endNs}`]);
      break;
    case "area": {
      const rows = selection.rows.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
      parts.push(["area", [selection.startNs, selection.endNs, ...rows].join(",")]);
    }
  }
  // Slashes and colons stay readable: behind the "?" they mean nothing.
  const encode = (value: string): string => encodeURIComponent(value).replace(/%2F/g, "/").replace(/%2C/g, ",");
  return `${linkStart}view?${parts.map(([name, value]) => `${name}=${encode(value)}`).join("&")}`;
}

/** Throws `LinkError` for anything but a whole link, word for word. */
export function parseLink(text: string): ViewLink {
  const link = text.trim();
  if (link.length > longestLinkChars) throw new LinkError("The link is too long.");
  const query = /^deltaflame:\/\/view\/?\?(.+)$/s.exec(link)?.[1];
  if (query === undefined) throw new LinkError(`This is no link to a view: one starts with ${linkStart}view?`);
  const parts = readParts(query);
  const take = (name: string): string | null => {
    const value = parts.get(name) ?? null;
    parts.delete(name);
    return value;
  };
  const source = readSource(take("file"), take("sample"));
  const content = take("content");
  if (content === null || !/^[0-9a-f]{64}$/.test(content))
    throw new LinkError("The link does not say which content it was made for; part of it may be missing.");
  const [startNs, endNs] = readRange("view", take("view") ?? "");
  const selection = readSelection(take);
  const [unknown] = parts.keys();
  if (unknown !== undefined) throw new LinkError(`The link has a part that is not known: “${unknown.slice(0, 40)}”.`);
  return { source, content, startNs, endNs, selection };
}

function readParts(query: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of query.split("&")) {
    const at = part.indexOf("=");
    const name = at < 0 ? part : part.slice(0, at);
    if (parts.has(name)) throw new LinkError(`The link says “${name.slice(0, 40)}” twice.`);
    parts.set(name, decode(at < 0 ? "" : part.slice(at + 1)));
  }
  return parts;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new LinkError("The link is damaged: a percent sign stands where none belongs.");
  }
}

/**
 * An absolute path of this machine. What names another machine (`//host/…`, `\\host\…`) is refused: only to look at
 * such a path would make the system send the user's name there.
 */
function readSource(path: string | null, sample: string | null): LinkSource {
  if ((path === null) === (sample === null)) throw new LinkError("The link does not say which file it is for.");
  if (sample !== null) {
    if (!/^[\w.-]{1,100}$/.test(sample)) throw new LinkError("The link names no sample.");
    return { kind: "sample", id: sample };
  }
  const isAbsolute = /^(?:\/(?!\/)|[A-Za-z]:[\\/])/.test(path ?? "");
  const isPlain = path !== null && path.length <= longestPathChars && !/\p{Cc}/u.test(path);
  if (path === null || !isAbsolute || !isPlain)
    throw new LinkError("The link names no file of this machine: its path is not a whole one.");
  return { kind: "file", path };
}

function readSelection(take: (name: string) => string | null): LinkedSelection {
  const given = (["span", "instant", "range", "area"] as const).flatMap((kind) => {
    const value = take(kind);
    return value === null ? [] : [{ kind, value }];
  });
  const [first, second] = given;
  if (first === undefined) return { kind: "none" };
  if (second !== undefined) throw new LinkError("The link selects more than one thing.");
  const { kind, value } = first;
  switch (kind) {
    case "instant":
      return { kind, instant: readWhole(kind, value) };
    case "range": {
      const [startNs, endNs] = readRange(kind, value);
      return { kind, startNs, endNs };
    }
    case "span":
      return readSpan(value);
    case "area":
      return readArea(value);
  }
}

function readSpan(text: string): LinkedSelection {
  const [track = "", depth = "", start = "", duration = "", ...more] = text.split(",");
  if (more.length > 0) throw wrongNumber("span");
  return {
    kind: "span",
    track: readWhole("span", track),
    depth: readWhole("span", depth),
    startNs: readTime("span", start),
    durationNs: readTime("span", duration),
  };
}

function readArea(text: string): LinkedSelection {
  const [start = "", end = "", ...rows] = text.split(",");
  const [startNs, endNs] = readRange("area", `${start},${end}`);
  if (rows.length === 0 || rows.length > mostRowRanges) throw wrongNumber("area");
  return { kind: "area", startNs, endNs, rows: rows.map((range) => readRows(range)) };
}

function readRows(text: string): readonly [number, number] {
  const [first = "", last = first, ...more] = text.split("-");
  const range = [readWhole("area", first), readWhole("area", last)] as const;
  if (more.length > 0 || range[1] < range[0]) throw wrongNumber("area");
  return range;
}

function readRange(name: string, text: string): readonly [startNs: number, endNs: number] {
  const [start = "", end = "", ...more] = text.split(",");
  const range = [readTime(name, start), readTime(name, end)] as const;
  if (more.length > 0 || range[1] <= range[0]) throw wrongNumber(name);
  return range;
}

/** Views may end within a nanosecond and begin before the trace. */
function readTime(name: string, text: string): number {
  const value = /^-?\d{1,16}(?:\.\d{1,20})?(?:e-\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) throw wrongNumber(name);
  return value;
}

function readWhole(name: string, text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= largestRow)) throw wrongNumber(name);
  return value;
}

const wrongNumber = (name: string): LinkError =>
  new LinkError(`The link is damaged: the numbers behind “${name}” cannot be right.`);
