import type { FieldFile } from "../../io/field-stream.ts";
import { type FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import type { LedgerBook } from "../../model/trace-builder.ts";
import { EventMetadata, Line, MapEntry, Plane, Stat, StatMetadata } from "./schema.ts";

/** A message of the file: the bytes [start, end). */
export interface MessageRange {
  readonly start: number;
  readonly end: number;
}

/** What the table of events of a plane says of one kind of event. */
export interface EventKind {
  readonly name: string;
  readonly displayName: string;
  /** Its entry in the table, which also holds the stats that all its events share: see `listSharedStats`. */
  readonly entry: MessageRange;
}

/** What a line says of itself before its first event. */
export interface LineOutline extends MessageRange {
  readonly name: string;
  readonly id: string;
  readonly timestampNs: number | bigint;
}

/** Everything of a plane but its events. */
export interface PlaneOutline {
  readonly name: string;
  readonly lines: readonly LineOutline[];
  readonly eventKinds: ReadonlyMap<number | bigint, EventKind>;
  readonly statNames: ReadonlyMap<number | bigint, string>;
  readonly stats: readonly MessageRange[];
  /** Where the plane turns unreadable; null when it is whole. */
  readonly damage: WireError | null;
}

/**
 * Reads the tables of a plane, which commonly stand behind its lines: so it is read before any event. What comes before
 * damage is kept; a line that the end of the file cuts is one of the lines.
 */
export function readPlane(file: FieldFile, plane: MessageRange): PlaneOutline {
  const { reader } = file;
  let name = "";
  const lines: MessageRange[] = [];
  const stats: MessageRange[] = [];
  const eventKinds = new Map<number | bigint, EventKind>();
  const statNames = new Map<number | bigint, string>();
  let damage: WireError | null = null;
  try {
    for (let at = file.step(plane.start, plane.end); at !== messageEnd; at = file.step(at, plane.end)) {
      const range = { start: reader.start, end: reader.end };
      if (reader.field === Plane.lines) lines.push(range);
      else if (reader.field === Plane.name) name = textOf(reader);
      else if (reader.field === Plane.stats) stats.push(range);
      else if (reader.field === Plane.statMetadata) readStatEntry(file, range, statNames);
      else if (reader.field === Plane.eventMetadata) readEventEntry(file, range, eventKinds);
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    damage = error;
    if (error.isCut && reader.field === Plane.lines) lines.push({ start: reader.start, end: reader.end });
  }
  const small = file.smallWindow();
  return {
    name,
    lines: lines.map((range) => readLineHeader(small, range) ?? readWholeLine(file, range)),
    eventKinds,
    statNames,
    stats,
    damage,
  };
}

/** Reads what stands before the first event of a line; null when its name or time are not among it. */
function readLineHeader(file: FieldFile, range: MessageRange): LineOutline | null {
  const header = new LineHeader();
  for (let at = stepOrEnd(file, range.start, range.end); at !== messageEnd; at = stepOrEnd(file, at, range.end)) {
    if (file.reader.field !== Line.events) header.take(file.reader);
    else return header.isComplete ? header.outline(range) : null;
  }
  return header.outline(range);
}

/** Reads what a line says of itself, wherever that stands among its events. */
function readWholeLine(file: FieldFile, range: MessageRange): LineOutline {
  const header = new LineHeader();
  for (let at = stepOrEnd(file, range.start, range.end); at !== messageEnd; at = stepOrEnd(file, at, range.end))
    header.take(file.reader);
  return header.outline(range);
}

/** As `step`; damage ends the line: it is told when the events before it are read. */
function stepOrEnd(file: FieldFile, at: number, end: number): number {
  try {
    return file.step(at, end);
  } catch (error) {
    if (error instanceof WireError) return messageEnd;
    throw error;
  }
}

class LineHeader {
  #name = "";
  #displayName = "";
  #id: number | bigint = 0;
  #timestampNs: number | bigint | null = null;

  get isComplete(): boolean {
    return this.#name !== "" && this.#timestampNs !== null;
  }

  take(reader: FieldReader): void {
    if (reader.field === Line.name) this.#name = textOf(reader);
    else if (reader.field === Line.displayName) this.#displayName = textOf(reader);
    else if (reader.field === Line.id) this.#id = reader.int64();
    else if (reader.field === Line.timestampNs) this.#timestampNs = reader.int64();
  }

  outline(range: MessageRange): LineOutline {
    const id = String(this.#id);
    return { ...range, name: this.#name || this.#displayName || `line ${id}`, id, timestampNs: this.#timestampNs ?? 0 };
  }
}

function readStatEntry(file: FieldFile, entry: MessageRange, names: Map<number | bigint, string>): void {
  const { reader } = file;
  let id: number | bigint = 0;
  let name = "";
  forEachField(file, entry, () => {
    if (reader.field === MapEntry.key) id = reader.int64();
    else if (reader.field === MapEntry.value) {
      forEachField(file, { start: reader.start, end: reader.end }, () => {
        if (reader.field === StatMetadata.name) name = textOf(reader);
      });
    }
  });
  names.set(id, name);
}

function readEventEntry(file: FieldFile, entry: MessageRange, kinds: Map<number | bigint, EventKind>): void {
  const { reader } = file;
  let id: number | bigint = 0;
  let name = "";
  let displayName = "";
  forEachField(file, entry, () => {
    if (reader.field === MapEntry.key) id = reader.int64();
    else if (reader.field === MapEntry.value) {
      forEachField(file, { start: reader.start, end: reader.end }, () => {
        if (reader.field === EventMetadata.name) name = textOf(reader);
        else if (reader.field === EventMetadata.displayName) displayName = textOf(reader);
      });
    }
  });
  kinds.set(id, { name, displayName, entry });
}

/** The stats that all events of a kind share. */
export function listSharedStats(file: FieldFile, { entry }: EventKind): MessageRange[] {
  const { reader } = file;
  const stats: MessageRange[] = [];
  forEachField(file, entry, () => {
    if (reader.field !== MapEntry.value) return;
    forEachField(file, { start: reader.start, end: reader.end }, () => {
      if (reader.field === EventMetadata.stats) stats.push({ start: reader.start, end: reader.end });
    });
  });
  return stats;
}

/** Calls `visit` with the reader at each field of a message. */
export function forEachField(file: FieldFile, message: MessageRange, visit: () => void): void {
  for (let at = file.step(message.start, message.end); at !== messageEnd; at = file.step(at, message.end)) visit();
}

/** Text of the field met last; of texts too large for the window, that. */
export function textOf(reader: FieldReader): string {
  return reader.holds ? reader.text() : `(text of ${reader.end - reader.start} bytes)`;
}

/** One stat as text: numbers digit by digit, references as the names they stand for. */
export interface StatValue {
  readonly key: string;
  readonly value: string;
}

/** Reads a stat. */
export function readStat(
  file: FieldFile,
  stat: MessageRange,
  statNames: ReadonlyMap<number | bigint, string>,
): StatValue {
  const { reader } = file;
  let id: number | bigint = 0;
  let value = "";
  forEachField(file, stat, () => {
    switch (reader.field) {
      case Stat.metadataId:
        id = reader.int64();
        break;
      case Stat.double:
        value = String(reader.float());
        break;
      case Stat.uint64:
        value = String(reader.uint64());
        break;
      case Stat.int64:
        value = String(reader.int64());
        break;
      case Stat.text:
        value = textOf(reader);
        break;
      case Stat.reference:
        value = statNames.get(reader.int64()) ?? `(no name for ${reader.int64()})`;
        break;
      case Stat.bytes:
      case Stat.compressedText:
        value = `(${reader.end - reader.start} bytes)`;
        break;
    }
  });
  return { key: statNames.get(id) ?? `stat ${id}`, value };
}

/** Stats by name, without those that are damaged: `onDamage` is told of each. */
export function readStats(
  file: FieldFile,
  stats: readonly MessageRange[],
  statNames: ReadonlyMap<number | bigint, string>,
  onDamage: (damage: WireError) => void,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const range of stats) {
    try {
      const { key, value } = readStat(file, range, statNames);
      values.set(key, value);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      onDamage(error);
    }
  }
  return values;
}

/** Counts a damaged stat. */
export function noteDamagedStat(ledger: LedgerBook): (damage: WireError) => void {
  return ({ message, byteOffset }) => ledger.note("damagedStat", `damaged stats (the first: ${message})`, byteOffset);
}
