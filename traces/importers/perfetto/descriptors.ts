import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import type { MessageRange } from "./packet.ts";
import { CounterDescriptor, ProcessDescriptor, ThreadDescriptor, TrackDescriptor } from "./schema.ts";

type Id = number | bigint;

export interface ProcessFields {
  readonly pid: number;
  readonly name: string | null;
}

export interface ThreadFields {
  readonly pid: number;
  readonly tid: number;
  readonly name: string | null;
  readonly referenceTimestampUs: bigint | null;
  readonly referenceThreadTimeUs: number;
  readonly referenceInstructions: number;
}

export interface CounterFields {
  readonly type: number;
  /** "ns", "count", "bytes", or what the file calls it; null when it does not say. */
  readonly unit: string | null;
  readonly unitMultiplier: number;
  readonly isIncremental: boolean;
}

export interface TrackFields {
  readonly uuid: Id;
  /** Null when the descriptor gives none. */
  readonly name: string | null;
  readonly description: string | null;
  readonly parentUuid: Id | null;
  readonly rank: number | null;
  readonly process: ProcessFields | null;
  readonly thread: ThreadFields | null;
  readonly counter: CounterFields | null;
}

export function readTrackDescriptor(reader: FieldReader, { start, end }: MessageRange): TrackFields {
  let uuid: Id = 0;
  let name: string | null = null;
  let description: string | null = null;
  let parentUuid: Id | null = null;
  let rank: number | null = null;
  let process: ProcessFields | null = null;
  let thread: ThreadFields | null = null;
  let counter: CounterFields | null = null;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    const range = { start: reader.start, end: reader.end };
    switch (reader.field) {
      case TrackDescriptor.uuid:
        uuid = reader.uint64();
        break;
      case TrackDescriptor.name:
      case TrackDescriptor.staticName:
      case TrackDescriptor.atraceName:
        name = reader.text() || name;
        break;
      case TrackDescriptor.description:
        description = reader.text();
        break;
      case TrackDescriptor.parentUuid:
        parentUuid = reader.uint64();
        break;
      case TrackDescriptor.siblingOrderRank:
        rank = reader.number;
        break;
      case TrackDescriptor.process:
        process = readProcessDescriptor(reader, range);
        break;
      case TrackDescriptor.thread:
        thread = readThreadDescriptor(reader, range);
        break;
      case TrackDescriptor.counter:
        counter = readCounterDescriptor(reader, range);
        break;
    }
  }
  return { uuid, name, description, parentUuid, rank, process, thread, counter };
}

/** Of the command line only the program, without its folder; arguments may hold anything. */
export function readProcessDescriptor(reader: FieldReader, { start, end }: MessageRange): ProcessFields {
  let pid = 0;
  let name: string | null = null;
  let program: string | null = null;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === ProcessDescriptor.pid) pid = reader.number;
    else if (reader.field === ProcessDescriptor.name) name = reader.text() || null;
    else if (reader.field === ProcessDescriptor.cmdline) program ??= programOf(reader.text());
  }
  return { pid, name: name ?? program };
}

/** Name of the program that a command line starts with; null when it is empty. */
export function programOf(command: string): string | null {
  return command.split(/[\\/]/).at(-1) || null;
}

export function readThreadDescriptor(reader: FieldReader, { start, end }: MessageRange): ThreadFields {
  let pid = 0;
  let tid = 0;
  let name: string | null = null;
  let referenceTimestampUs: bigint | null = null;
  let referenceThreadTimeUs = 0;
  let referenceInstructions = 0;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    switch (reader.field) {
      case ThreadDescriptor.pid:
        pid = reader.number;
        break;
      case ThreadDescriptor.tid:
        tid = reader.number;
        break;
      case ThreadDescriptor.name:
        name = reader.text() || null;
        break;
      case ThreadDescriptor.referenceTimestampUs:
        referenceTimestampUs = BigInt(reader.int64());
        break;
      case ThreadDescriptor.referenceThreadTimeUs:
        referenceThreadTimeUs = reader.number;
        break;
      case ThreadDescriptor.referenceInstructions:
        referenceInstructions = reader.number;
        break;
    }
  }
  return { pid, tid, name, referenceTimestampUs, referenceThreadTimeUs, referenceInstructions };
}

const units: readonly (string | null)[] = [null, "ns", "count", "bytes"];
/** Units that follow from the type of a counter: time of a thread, its instructions. */
const typeUnits: readonly (string | null)[] = [null, "ns", "count"];

function readCounterDescriptor(reader: FieldReader, { start, end }: MessageRange): CounterFields {
  let type = 0;
  let unit: string | null = null;
  let unitName: string | null = null;
  let unitMultiplier = 1;
  let isIncremental = false;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === CounterDescriptor.type) type = reader.number;
    else if (reader.field === CounterDescriptor.unit) unit = units[reader.number] ?? null;
    else if (reader.field === CounterDescriptor.unitName) unitName = reader.text() || null;
    else if (reader.field === CounterDescriptor.unitMultiplier) unitMultiplier = reader.number || 1;
    else if (reader.field === CounterDescriptor.isIncremental) isIncremental = reader.number !== 0;
  }
  return { type, unit: unitName ?? unit ?? typeUnits[type] ?? null, unitMultiplier, isIncremental };
}
