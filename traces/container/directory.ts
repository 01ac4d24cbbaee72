import { createJsonExpectation, type JsonExpectation } from "../io/json-expectation.ts";
import type { ImportLedger, LedgerLine } from "../model/ledger.ts";
import type { TraceMeta, Track, TrackKind } from "../model/trace.ts";
import { type LaunchDirectory, parseLaunches } from "./launches.ts";
import { type ColumnPlace, elementTypes } from "./layout.ts";

/** What the directory of a container says: everything of a trace that is no column. */
export interface ContainerDirectory {
  /** "Deltaflame 0.1.0": who wrote it. */
  readonly writer: string;
  /** Importer id of the file that the trace was read from. */
  readonly sourceFormat: string;
  readonly name: string;
  readonly formatLabel: string;
  readonly producer: string | null;
  /** Decimal ns. */
  readonly originClockNs: string;
  readonly originUnixNs: string | null;
  readonly durationNs: number;
  readonly facts: readonly (readonly [key: string, value: string])[];
  readonly ledger: ImportLedger;
  readonly counts: TableCounts;
  readonly tracks: readonly Omit<Track, "id">[];
  /** Up to version 4: the texts of the trace; null: they are columns. */
  readonly strings: readonly string[] | null;
  readonly categories: readonly number[];
  readonly columns: readonly ColumnPlace[];
  /** Null: the trace has none. */
  readonly launches: LaunchDirectory | null;
}

/** Rows of each table. */
export interface TableCounts {
  readonly spans: number;
  readonly rows: number;
  readonly instants: number;
  readonly counters: number;
  readonly flows: number;
}

export function describeMeta(
  meta: TraceMeta,
): Omit<ContainerDirectory, "writer" | "counts" | "tracks" | "strings" | "categories" | "columns" | "launches"> {
  return {
    sourceFormat: meta.format,
    name: meta.name,
    formatLabel: meta.formatLabel,
    producer: meta.producer ?? null,
    originClockNs: String(meta.originClockNs),
    originUnixNs: meta.originUnixNs === undefined ? null : String(meta.originUnixNs),
    durationNs: meta.durationNs,
    facts: meta.facts,
    ledger: meta.ledger,
  };
}

const trackKinds: readonly TrackKind[] = ["process", "thread", "device", "stream", "async", "counter", "frame"];
const outcomes: readonly ImportLedger["outcome"][] = ["ok", "notes", "partial"];

/** Reads the directory; throws TraceFormatError that names the first part that is not as it must be. */
export function parseDirectory(bytes: Uint8Array, byteOffset: number): ContainerDirectory {
  const expect = createJsonExpectation({ format: "deltaflame", of: "the container's directory", byteOffset });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw expect.error("directory", "JSON");
  }
  const root = expect.object("directory", value);
  const text = (key: string): string => expect.text(key, root[key]);
  const counts = expect.object("counts", root["counts"]);
  const rowsOf = (key: string): number => expect.count(`counts.${key}`, counts[key]);
  return {
    writer: text("writer"),
    sourceFormat: text("sourceFormat"),
    name: text("name"),
    formatLabel: text("formatLabel"),
    producer: root["producer"] === null ? null : text("producer"),
    originClockNs: expect.integerText("originClockNs", root["originClockNs"]),
    originUnixNs: root["originUnixNs"] === null ? null : expect.integerText("originUnixNs", root["originUnixNs"]),
    durationNs: expect.count("durationNs", root["durationNs"]),
    facts: expect.list("facts", root["facts"], (fact, what) => {
      const [key, factValue] = expect.list(what, fact, (part) => expect.text(what, part));
      return [expect.text(what, key), expect.text(what, factValue)] as const;
    }),
    ledger: parseLedger(root["ledger"], expect),
    counts: {
      spans: rowsOf("spans"),
      rows: rowsOf("rows"),
      instants: rowsOf("instants"),
      counters: rowsOf("counters"),
      flows: rowsOf("flows"),
    },
    tracks: expect.list("tracks", root["tracks"], (track, what) => parseTrack(track, what, expect)),
    strings:
      root["strings"] === undefined
        ? null
        : expect.list("strings", root["strings"], (entry, what) => expect.text(what, entry)),
    categories: expect.list("categories", root["categories"], (entry, what) => expect.count(what, entry)),
    columns: expect.list("columns", root["columns"], (column, what) => parseColumn(column, what, expect)),
    launches: parseLaunches(root["launches"], expect),
  };
}

function parseTrack(value: unknown, what: string, expect: JsonExpectation): Omit<Track, "id"> {
  const track = expect.object(what, value);
  const kind = trackKinds.find((known) => known === track["kind"]);
  if (kind === undefined) throw expect.error(`${what}.kind`, "a kind of track");
  const count = (key: string): number => expect.count(`${what}.${key}`, track[key]);
  return {
    kind,
    name: expect.text(`${what}.name`, track["name"]),
    detail: expect.text(`${what}.detail`, track["detail"]),
    parent: track["parent"] === null ? null : (count("parent") as Track["id"]),
    sortIndex: expect.number(`${what}.sortIndex`, track["sortIndex"]),
    firstSpan: count("firstSpan") as Track["firstSpan"],
    spanCount: count("spanCount"),
    firstRow: count("firstRow") as Track["firstRow"],
    rowCount: count("rowCount"),
    firstInstant: count("firstInstant"),
    instantCount: count("instantCount"),
    firstSample: count("firstSample"),
    sampleCount: count("sampleCount"),
  };
}

function parseColumn(value: unknown, what: string, expect: JsonExpectation): ColumnPlace {
  const column = expect.object(what, value);
  const type = column["type"];
  if (typeof type !== "string" || !Object.hasOwn(elementTypes, type)) throw expect.error(`${what}.type`, "a type");
  return {
    name: expect.text(`${what}.name`, column["name"]),
    type: type as ColumnPlace["type"],
    offset: expect.count(`${what}.offset`, column["offset"]),
    length: expect.count(`${what}.length`, column["length"]),
    hash: expect.count(`${what}.hash`, column["hash"]),
  };
}

function parseLedger(value: unknown, expect: JsonExpectation): ImportLedger {
  const ledger = expect.object("ledger", value);
  const outcome = outcomes.find((known) => known === ledger["outcome"]);
  if (outcome === undefined) throw expect.error("ledger.outcome", "an outcome");
  const count = (key: string): number => expect.count(`ledger.${key}`, ledger[key]);
  const lines = (key: string): readonly LedgerLine[] =>
    expect.list(`ledger.${key}`, ledger[key], (entry, what) => {
      const line = expect.object(what, entry);
      return {
        level: line["level"] === "info" ? "info" : "warning",
        code: expect.text(`${what}.code`, line["code"]),
        message: expect.text(`${what}.message`, line["message"]),
        count: expect.count(`${what}.count`, line["count"]),
        firstBytes: expect.list(`${what}.firstBytes`, line["firstBytes"], (byte) => expect.count(what, byte)),
      };
    });
  return {
    outcome,
    eventsRead: count("eventsRead"),
    spans: count("spans"),
    derivedSpans: count("derivedSpans"),
    instants: count("instants"),
    counterEvents: count("counterEvents"),
    counterSamples: count("counterSamples"),
    flowEnds: count("flowEnds"),
    metadata: count("metadata"),
    foldedIn: count("foldedIn"),
    dropped: lines("dropped"),
    notes: lines("notes"),
    ...(ledger["truncatedAtByte"] !== undefined && { truncatedAtByte: count("truncatedAtByte") }),
  };
}
