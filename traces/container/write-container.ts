import { XxHash32, xxHash32 } from "../io/xxhash32.ts";
import type { Trace } from "../model/trace.ts";
import { describeMeta, type ContainerDirectory } from "./directory.ts";
import { describeLaunches } from "./launches.ts";
import {
  alignment,
  closingMark,
  type ColumnArray,
  columnTypes,
  type ColumnPlace,
  containerVersion,
  type ElementType,
  elementTypes,
  footerBytes,
  headerBytes,
  mark,
} from "./layout.ts";

/** Largest piece that is yielded, bytes. */
const pieceBytes = 4 * 2 ** 20;

/** Where the arguments of spans, span ends and instants stand in the file that is being written. */
export interface ArgumentPlaces {
  /** float64 byte offset for each span. */
  readonly spans: Float64Array;
  readonly instants: Float64Array;
}

export interface ContainerOptions {
  /** "Deltaflame 0.1.0". */
  readonly writer: string;
  /** Pieces of the argument section in order, and where things stand in them; null: offsets stay those of the source. */
  readonly arguments: ArgumentSection | null;
}

export interface ArgumentSection {
  /** Yields JSON lines and, when it has ended, has filled `places`. Offsets count from `firstByte` on. */
  write(firstByte: number): AsyncIterable<Uint8Array>;
  readonly places: ArgumentPlaces;
}

/** Yields a container front to back, in pieces of at most 4 MiB. The trace must not be a snapshot. */
export async function* writeContainer(trace: Trace, options: ContainerOptions): AsyncGenerator<Uint8Array, void> {
  let offset = headerBytes;
  yield header();
  if (options.arguments !== null) {
    for await (const piece of options.arguments.write(offset)) {
      offset += piece.length;
      yield piece;
    }
  }
  const columns: ColumnPlace[] = [];
  for (const [name, column] of columnsOf(trace, options.arguments?.places ?? null)) {
    const padding = -offset & (alignment - 1);
    if (padding > 0) yield new Uint8Array(padding);
    offset += padding;
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    const hash = new XxHash32();
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      hash.update(piece);
      yield piece;
    }
    columns.push({ name, type: typeOf(column), offset, length: column.length, hash: hash.digest() });
    offset += bytes.length;
  }
  const directory = new TextEncoder().encode(JSON.stringify(toDirectory(trace, columns, options.writer)));
  for (let at = 0; at < directory.length; at += pieceBytes) yield directory.subarray(at, at + pieceBytes);
  yield footer(offset, directory);
}

function toDirectory(
  trace: Trace,
  columns: readonly ColumnPlace[],
  writer: string,
): Omit<ContainerDirectory, "strings"> {
  return {
    writer,
    ...describeMeta(trace.meta),
    counts: {
      spans: trace.spans.length,
      rows: trace.rows.length,
      instants: trace.instants.length,
      counters: trace.counters.length,
      flows: trace.flows.length,
    },
    tracks: trace.tracks.map(({ id: _position, ...track }) => track),
    categories: trace.categories,
    columns,
    launches: describeLaunches(trace.launches),
  };
}

/** The columns of a trace that exist, in the order of the layout. */
function columnsOf(trace: Trace, places: ArgumentPlaces | null): [name: string, column: ColumnArray][] {
  const moved = places === null ? trace : withSources(trace, places);
  return Object.keys(columnTypes).flatMap((name): [string, ColumnArray][] => {
    const value = name
      .split(".")
      .reduce<unknown>((table, key) => (table as Record<string, unknown> | undefined)?.[key], moved);
    return value === undefined ? [] : [[name, value as ColumnArray]];
  });
}

/** The trace with offsets into the container instead of its source; ends have no arguments of their own there. */
function withSources(trace: Trace, places: ArgumentPlaces): Trace {
  const { endSources: _merged, ...spans } = trace.spans;
  return {
    ...trace,
    spans: { ...spans, ...splitOffsets(places.spans) },
    instants: { ...trace.instants, ...splitOffsets(places.instants) },
  };
}

function splitOffsets(offsets: Float64Array): { sourceLow: Uint32Array; sourceHigh: Uint8Array } {
  return {
    sourceLow: Uint32Array.from(offsets, (offset) => offset >>> 0),
    sourceHigh: Uint8Array.from(offsets, (offset) => offset / 2 ** 32),
  };
}

function typeOf(column: ColumnArray): ElementType {
  const found = (Object.keys(elementTypes) as ElementType[]).find((type) => column instanceof elementTypes[type]);
  if (found === undefined) throw new Error("a column of a trace is no typed array");
  return found;
}

function header(): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(mark);
  view.setUint32(8, containerVersion, true);
  view.setUint32(12, containerVersion, true);
  return bytes;
}

function footer(directoryOffset: number, directory: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(footerBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(closingMark);
  view.setFloat64(8, directoryOffset, true);
  view.setUint32(16, directory.length, true);
  view.setUint32(20, xxHash32(directory), true);
  view.setFloat64(24, directoryOffset + directory.length + footerBytes, true);
  return bytes;
}
