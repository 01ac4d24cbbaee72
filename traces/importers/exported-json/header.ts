import { TraceFormatError } from "../../model/errors.ts";
import type { TrackKind } from "../../model/trace.ts";

/*
 * The JSON traces that Deltaflame itself writes: Chrome trace events, one a line, with two members of our own that
 * other programs pass over. "deltaflame" in the root says what the format has no word for; "df" in an event says
 * [kind, link, lane + 1, derived, without category] of a span (zeros at the end left out), [from, to] of an arrow
 * (positions among the spans of the file), or the text of a counter value that is no finite number.
 */

/** Version of the members "deltaflame" and "df". History: 1, the first. */
export const exportVersion = 1;

/** How the first line of such a file begins, whatever its version. */
export const exportStart = '{"displayTimeUnit":"ns","deltaflame":{"version":';
/** How it ends. */
export const eventsStart = ',"traceEvents":[';

export interface ExportHeader {
  readonly version: number;
  readonly writer: string;
  readonly formatLabel: string;
  readonly producer: string | null;
  /** Decimal ns. */
  readonly originClockNs: string;
  readonly originUnixNs: string | null;
  readonly facts: readonly (readonly [key: string, value: string])[];
  readonly tracks: readonly ExportedTrack[];
}

export interface ExportedTrack {
  readonly kind: TrackKind;
  readonly name: string;
  readonly detail: string;
  readonly parent: number | null;
  readonly sortIndex: number;
  readonly pid: number;
  readonly tid: number;
}

const trackKinds: readonly TrackKind[] = ["process", "thread", "device", "stream", "async", "counter", "frame"];

/** The header in the first line of a file; throws TraceFormatError for a newer one or one that was changed. */
export function parseHeader(line: string): ExportHeader {
  const version = Number(/^\d+/.exec(line.slice(exportStart.length))?.[0]);
  if (version > exportVersion) {
    throw refuse(
      `expected a trace saved in version ${exportVersion} or older, found version ${version}: a newer Deltaflame wrote it; it can be opened as a Chrome trace`,
    );
  }
  const header = parseObject(line)?.["deltaflame"];
  if (!isObject(header)) throw refuse("expected the header of a saved trace in one line, found another text");
  const text = (key: string): string => {
    const value = header[key];
    if (typeof value !== "string") throw refuse(`expected a text at "${key}" of the header, found something else`);
    return value;
  };
  const integer = (key: string): string => {
    if (!/^-?\d{1,30}$/.test(text(key))) throw refuse(`expected a whole number at "${key}" of the header`);
    return text(key);
  };
  return {
    version,
    writer: text("writer"),
    formatLabel: text("formatLabel"),
    producer: header["producer"] === null ? null : text("producer"),
    originClockNs: integer("originClockNs"),
    originUnixNs: header["originUnixNs"] === null ? null : integer("originUnixNs"),
    facts: listOf(header["facts"], "facts").map((fact) => {
      const [key, value] = listOf(fact, "facts");
      return [String(key), String(value)] as const;
    }),
    tracks: parseTracks(listOf(header["tracks"], "tracks")),
  };
}

function parseTracks(values: readonly unknown[]): readonly ExportedTrack[] {
  return values.map((value, id): ExportedTrack => {
    const track = isObject(value) ? value : {};
    const { name, detail, parent, sortIndex, pid, tid } = track;
    const kind = trackKinds.find((known) => known === track["kind"]);
    const isTrack = (candidate: unknown): candidate is number =>
      typeof candidate === "number" && Number.isInteger(candidate) && candidate >= 0 && candidate < values.length;
    if (
      kind === undefined ||
      typeof name !== "string" ||
      typeof detail !== "string" ||
      typeof sortIndex !== "number" ||
      typeof pid !== "number" ||
      typeof tid !== "number" ||
      !(parent === null || isTrack(parent))
    )
      throw refuse(`expected a track at "tracks[${id}]" of the header, found something else`);
    return { kind, name, detail, parent, sortIndex, pid, tid };
  });
}

const refuse = (message: string): TraceFormatError =>
  new TraceFormatError(message, { format: "deltaflame-json", byteOffset: 0 });

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refuse(`expected a list at "${what}" of the header, found something else`);
  return value;
}

/** The first line stands before the events; closed, it is an object of its own. */
function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.endsWith(eventsStart)) return null;
  try {
    const value: unknown = JSON.parse(`${line}]}`);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
