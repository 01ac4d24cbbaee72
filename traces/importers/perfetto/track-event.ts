import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import { readRepeatedDoubles, readRepeatedInts } from "./repeated.ts";
import { LegacyEvent, TrackEvent } from "./schema.ts";

type Id = number | bigint;

/** The old form of an event, in the terms of Chrome's trace events. */
export class LegacyFields {
  nameIid: Id | null = null;
  /** Letter of the phase; 0 for none. */
  phase = 0;
  durationUs: Id | null = null;
  unscopedId: Id | null = null;
  localId: Id | null = null;
  globalId: Id | null = null;
  idScope = "";
  bindId: Id | null = null;
  /** 1 in, 2 out, 3 both. */
  flowDirection = 0;
  bindToEnclosing = false;
  /** 1 global, 2 process, 3 thread. */
  instantScope = 0;
  pidOverride: number | null = null;
  tidOverride: number | null = null;

  // One branch per field.
  // oxlint-disable-next-line complexity
  read(reader: FieldReader, start: number, end: number): void {
    Object.assign(this, emptyLegacy);
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      switch (reader.field) {
        case LegacyEvent.nameIid:
          this.nameIid = reader.uint64();
          break;
        case LegacyEvent.phase:
          this.phase = reader.number;
          break;
        case LegacyEvent.durationUs:
          this.durationUs = reader.int64();
          break;
        case LegacyEvent.unscopedId:
          this.unscopedId = reader.uint64();
          break;
        case LegacyEvent.localId:
          this.localId = reader.uint64();
          break;
        case LegacyEvent.globalId:
          this.globalId = reader.uint64();
          break;
        case LegacyEvent.idScope:
          this.idScope = reader.text();
          break;
        case LegacyEvent.bindId:
          this.bindId = reader.uint64();
          break;
        case LegacyEvent.flowDirection:
          this.flowDirection = reader.number;
          break;
        case LegacyEvent.bindToEnclosing:
          this.bindToEnclosing = reader.number !== 0;
          break;
        case LegacyEvent.instantScope:
          this.instantScope = reader.number;
          break;
        case LegacyEvent.pidOverride:
          this.pidOverride = reader.number;
          break;
        case LegacyEvent.tidOverride:
          this.tidOverride = reader.number;
          break;
      }
    }
  }
}

const emptyLegacy: Readonly<Partial<LegacyFields>> = new LegacyFields();

/** One track event as read; overwritten by the next. */
export class TrackEventFields {
  /** One of `EventType`; 0 for none. */
  type = 0;
  trackUuid: Id | null = null;
  nameIid: Id | null = null;
  name: string | null = null;
  readonly categoryIids: Id[] = [];
  readonly categories: string[] = [];
  timestampDeltaUs: Id | null = null;
  timestampAbsoluteUs: Id | null = null;
  threadTimeDeltaUs: Id | null = null;
  threadTimeAbsoluteUs: Id | null = null;
  instructionsDelta: Id | null = null;
  instructionsAbsolute: Id | null = null;
  counterValue: number | null = null;
  /** Null: those of the defaults. */
  extraTracks: Id[] | null = null;
  readonly extraValues: number[] = [];
  extraDoubleTracks: Id[] | null = null;
  readonly extraDoubleValues: number[] = [];
  readonly flowIds: Id[] = [];
  readonly terminatingFlowIds: Id[] = [];
  correlationId: Id = 0;
  hasAnnotations = false;
  hasLegacy = false;
  readonly legacy: LegacyFields = new LegacyFields();

  // One branch per field.
  // oxlint-disable-next-line complexity
  read(reader: FieldReader, start: number, end: number): void {
    this.#clear();
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      switch (reader.field) {
        case TrackEvent.type:
          this.type = reader.number;
          break;
        case TrackEvent.trackUuid:
          this.trackUuid = reader.uint64();
          break;
        case TrackEvent.nameIid:
          this.nameIid = reader.uint64();
          break;
        case TrackEvent.name:
          this.name = reader.text();
          break;
        case TrackEvent.categoryIids:
          readRepeatedInts(reader, this.categoryIids);
          break;
        case TrackEvent.categories:
          this.categories.push(reader.text());
          break;
        case TrackEvent.flowIds:
        case TrackEvent.flowIdsOld:
          readRepeatedInts(reader, this.flowIds, reader.field === TrackEvent.flowIds);
          break;
        case TrackEvent.terminatingFlowIds:
        case TrackEvent.terminatingFlowIdsOld:
          readRepeatedInts(reader, this.terminatingFlowIds, reader.field === TrackEvent.terminatingFlowIds);
          break;
        case TrackEvent.debugAnnotations:
        case TrackEvent.callstack:
        case TrackEvent.callstackIid:
          this.hasAnnotations = true;
          break;
        case TrackEvent.correlationId:
          this.correlationId = reader.uint64();
          break;
        case TrackEvent.legacyEvent:
          this.hasLegacy = true;
          this.legacy.read(reader, reader.start, reader.end);
          break;
        default:
          this.#readTimesAndCounters(reader);
      }
    }
  }

  // One branch per field.
  // oxlint-disable-next-line complexity
  #readTimesAndCounters(reader: FieldReader): void {
    switch (reader.field) {
      case TrackEvent.timestampDeltaUs:
        this.timestampDeltaUs = reader.int64();
        break;
      case TrackEvent.timestampAbsoluteUs:
        this.timestampAbsoluteUs = reader.int64();
        break;
      case TrackEvent.threadTimeDeltaUs:
        this.threadTimeDeltaUs = reader.int64();
        break;
      case TrackEvent.threadTimeAbsoluteUs:
        this.threadTimeAbsoluteUs = reader.int64();
        break;
      case TrackEvent.instructionsDelta:
        this.instructionsDelta = reader.int64();
        break;
      case TrackEvent.instructionsAbsolute:
        this.instructionsAbsolute = reader.int64();
        break;
      case TrackEvent.counterValue:
        this.counterValue = reader.number;
        break;
      case TrackEvent.doubleCounterValue:
        this.counterValue = reader.float();
        break;
      case TrackEvent.extraCounterTracks:
        readRepeatedInts(reader, (this.extraTracks ??= []));
        break;
      case TrackEvent.extraCounterValues:
        this.#readExtraValues(reader);
        break;
      case TrackEvent.extraDoubleCounterTracks:
        readRepeatedInts(reader, (this.extraDoubleTracks ??= []));
        break;
      case TrackEvent.extraDoubleCounterValues:
        readRepeatedDoubles(reader, this.extraDoubleValues);
        break;
    }
  }

  #readExtraValues(reader: FieldReader): void {
    const values: Id[] = [];
    readRepeatedInts(reader, values);
    for (const value of values) this.extraValues.push(Number(BigInt.asIntN(64, BigInt(value))));
  }

  #clear(): void {
    this.type = 0;
    this.trackUuid = null;
    this.nameIid = null;
    this.name = null;
    if (this.categoryIids.length > 0) this.categoryIids.length = 0;
    if (this.categories.length > 0) this.categories.length = 0;
    this.timestampDeltaUs = null;
    this.timestampAbsoluteUs = null;
    this.threadTimeDeltaUs = null;
    this.threadTimeAbsoluteUs = null;
    this.instructionsDelta = null;
    this.instructionsAbsolute = null;
    this.counterValue = null;
    this.extraTracks = null;
    if (this.extraValues.length > 0) this.extraValues.length = 0;
    this.extraDoubleTracks = null;
    if (this.extraDoubleValues.length > 0) this.extraDoubleValues.length = 0;
    if (this.flowIds.length > 0) this.flowIds.length = 0;
    if (this.terminatingFlowIds.length > 0) this.terminatingFlowIds.length = 0;
    this.correlationId = 0;
    this.hasAnnotations = false;
    this.hasLegacy = false;
  }
}
