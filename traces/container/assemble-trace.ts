import type { Allocate, Column } from "../model/column.ts";
import { TraceFormatError } from "../model/errors.ts";
import { toStringId, toTrackId } from "../model/ids.ts";
import { lengthsOfLinks, packLinks, type LinkTable } from "../model/link-table.ts";
import { type TextTable, toTextTable } from "../model/text-table.ts";
import { framesOf, type RowTable, type SpanTable, type Trace, type TraceMeta, type Track } from "../model/trace.ts";
import type { ContainerDirectory } from "./directory.ts";
import { type ColumnArray, headerBytes, optionalColumns } from "./layout.ts";

/** Puts columns and directory together; throws TraceFormatError for a column that is missing or of another length. */
export function assembleTrace(
  directory: ContainerDirectory,
  columns: ReadonlyMap<string, ColumnArray>,
  allocate: Allocate,
): Trace {
  const found = createFinder(columns);
  const { spans, rows, instants, counters, flows } = directory.counts;
  const tracks = directory.tracks.map((track, id) => ({ id: toTrackId(id), ...track }));
  return {
    meta: assembleMeta(directory),
    strings: directory.strings === null ? assembleStrings(found) : toTextTable(directory.strings, allocate),
    categories: directory.categories.map(toStringId),
    tracks,
    frames: framesOf(tracks),
    spans: assembleSpans(found, spans, startsOf(tracks, "spanCount", allocate), allocate),
    rows: assembleRows(found, rows, startsOf(tracks, "rowCount", allocate), spans),
    instants: {
      length: instants,
      timeNs: found.column("instants.timeNs", instants),
      name: found.column("instants.name", instants),
      category: found.column("instants.category", instants),
      scope: found.column("instants.scope", instants),
      sourceLow: found.column("instants.sourceLow", instants),
      sourceHigh: found.column("instants.sourceHigh", instants),
    },
    counters: {
      length: counters,
      timeNs: found.column("counters.timeNs", counters),
      value: found.column("counters.value", counters),
    },
    flows: {
      length: flows,
      from: found.column("flows.from", flows),
      to: found.column("flows.to", flows),
      name: found.column("flows.name", flows),
    },
    ...(directory.launches !== null && {
      launches: {
        ...directory.launches,
        values: found.column("launches.values", directory.launches.launches.length * directory.launches.metrics.length),
      },
    }),
  };
}

interface Finder {
  column(name: string, length: number): ColumnArray;
  /** Undefined where the trace has none. */
  optional(name: string, length: number): Column | undefined;
  /** 0 for a column that is not there. */
  lengthOf(name: string): number;
}

function createFinder(columns: ReadonlyMap<string, ColumnArray>): Finder {
  const refuse = (message: string): TraceFormatError =>
    new TraceFormatError(message, { format: "deltaflame", byteOffset: headerBytes });
  const column = (name: string, length: number): ColumnArray => {
    const found = columns.get(name);
    if (found === undefined) throw refuse(`expected column "${name}" in the container, found none`);
    if (found.length !== length) throw refuse(`expected ${length} values in column "${name}", found ${found.length}`);
    return found;
  };
  return {
    column,
    optional: (name, length) => (optionalColumns.has(name) && columns.has(name) ? column(name, length) : undefined),
    lengthOf: (name) => columns.get(name)?.length ?? 0,
  };
}

function assembleMeta(directory: ContainerDirectory): TraceMeta {
  const { name, sourceFormat, formatLabel, producer, originClockNs, originUnixNs, durationNs, facts, ledger } =
    directory;
  return {
    name,
    format: sourceFormat,
    formatLabel,
    ...(producer !== null && { producer }),
    originClockNs: BigInt(originClockNs),
    ...(originUnixNs !== null && { originUnixNs: BigInt(originUnixNs) }),
    durationNs,
    facts,
    ledger,
    partial: false,
  };
}

/** Of the types that `columnTypes` allows. */
function assembleStrings(found: Finder): TextTable {
  const length = found.lengthOf("strings.ends");
  return {
    length,
    bytes: found.column("strings.bytes", found.lengthOf("strings.bytes")) as Uint8Array,
    ends: found.column("strings.ends", length) as Uint32Array,
  };
}

/** Where the entries of each track start in a table, and where the last ones end. */
function startsOf(tracks: readonly Track[], count: "spanCount" | "rowCount", allocate: Allocate): Uint32Array {
  const firsts = new Uint32Array(allocate(4 * (tracks.length + 1)));
  for (let track = 0; track < tracks.length; track++) firsts[track + 1] = firsts[track] + tracks[track][count];
  return firsts;
}

function assembleSpans(found: Finder, length: number, firstOfTrack: Column, allocate: Allocate): SpanTable {
  const longCount = found.lengthOf("spans.longDurations.span");
  const endCount = found.lengthOf("spans.endSources.span");
  const lane = found.optional("spans.lane", length);
  const links = assembleLinks(found, length, allocate);
  const sourceHigh = found.optional("spans.sourceHigh", length);
  const flags = found.optional("spans.flags", length);
  return {
    length,
    firstOfTrack,
    startNs: found.column("spans.startNs", length),
    packedDurationNs: found.column("spans.packedDurationNs", length),
    packedSelfNs: found.column("spans.packedSelfNs", length),
    longDurations: {
      span: found.column("spans.longDurations.span", longCount),
      durationNs: found.column("spans.longDurations.durationNs", longCount),
      selfNs: found.column("spans.longDurations.selfNs", longCount),
    },
    name: found.column("spans.name", length),
    category: found.column("spans.category", length),
    kind: found.column("spans.kind", length),
    slot: found.column("spans.slot", length),
    ...(flags !== undefined && { flags }),
    depth: found.column("spans.depth", length),
    parent: found.column("spans.parent", length),
    ...(lane !== undefined && { lane }),
    ...(links !== undefined && { links }),
    sourceLow: found.column("spans.sourceLow", length),
    ...(sourceHigh !== undefined && { sourceHigh }),
    ...(endCount > 0 && {
      endSources: {
        span: found.column("spans.endSources.span", endCount),
        offset: found.column("spans.endSources.offset", endCount),
      },
    }),
  };
}

function assembleLinks(found: Finder, length: number, allocate: Allocate): LinkTable | undefined {
  const count = found.lengthOf("spans.links.id");
  if (count === 0) {
    const link = found.optional("spans.link", length);
    return link === undefined ? undefined : packLinks(link, length, allocate);
  }
  const { bits, before } = lengthsOfLinks(length);
  return {
    bits: found.column("spans.links.bits", bits),
    before: found.column("spans.links.before", before),
    id: found.column("spans.links.id", count),
  };
}

function assembleRows(found: Finder, length: number, firstOfTrack: Column, spans: number): RowTable {
  const nodes = found.lengthOf("rows.detail.busyNs");
  const cells = found.lengthOf("rows.detail.occupancy");
  return {
    length,
    firstOfTrack,
    track: found.column("rows.track", length),
    lane: found.column("rows.lane", length),
    depth: found.column("rows.depth", length),
    first: found.column("rows.first", length + 1),
    span: found.column("rows.span", spans),
    detail: {
      pyramidFirst: found.column("rows.detail.pyramidFirst", length + 1),
      busyNs: found.column("rows.detail.busyNs", nodes),
      longest: found.column("rows.detail.longest", nodes),
      longestNs: found.column("rows.detail.longestNs", nodes),
      mipmapFirst: found.column("rows.detail.mipmapFirst", length + 1),
      occupancy: found.column("rows.detail.occupancy", cells),
      slot: found.column("rows.detail.slot", cells),
    },
  };
}
