import { FieldReader, messageEnd, WireType } from "../../io/protobuf.ts";
import { Function, Line, Location, Profile, Sample, ValueType } from "./fields.ts";

/** An id of the file: 64 bits, so a text where a number would round. */
type Id = number | bigint;

export interface PprofProfile {
  /** Positions in `strings`. */
  readonly types: { readonly type: number; readonly unit: number }[];
  readonly samples: {
    readonly locations: readonly Id[];
    readonly values: readonly number[];
    readonly offset: number;
  }[];
  readonly locations: Map<Id, PprofLocation>;
  readonly functions: Map<Id, { readonly name: number; readonly filename: number }>;
  readonly strings: string[];
  mappingCount: number;
  timeNanos: number | bigint;
  durationNanos: number | bigint;
  period: number;
  periodType: { readonly type: number; readonly unit: number } | null;
  defaultType: number;
}

export interface PprofLocation {
  readonly address: number | bigint;
  /** Innermost first. */
  readonly lines: readonly { readonly functionId: Id; readonly line: number }[];
}

export function createProfile(): PprofProfile {
  return {
    types: [],
    samples: [],
    locations: new Map(),
    functions: new Map(),
    strings: [],
    mappingCount: 0,
    timeNanos: 0,
    durationNanos: 0,
    period: 0,
    periodType: null,
    defaultType: 0,
  };
}

/** Adds the field that `reader` met last to the profile. Throws WireError. */
// One branch per field.
// oxlint-disable-next-line complexity
export function readField(reader: FieldReader, profile: PprofProfile): void {
  const { field, wire, start, end } = reader;
  if (wire === WireType.varint) {
    if (field === Profile.timeNanos) profile.timeNanos = reader.int64();
    else if (field === Profile.durationNanos) profile.durationNanos = reader.int64();
    else if (field === Profile.period) profile.period = reader.number;
    else if (field === Profile.defaultSampleType) profile.defaultType = reader.number;
    return;
  }
  switch (field) {
    case Profile.sampleType:
      profile.types.push(readValueType(reader, start, end));
      break;
    case Profile.periodType:
      profile.periodType = readValueType(reader, start, end);
      break;
    case Profile.sample:
      profile.samples.push(readSample(reader, start, end));
      break;
    case Profile.mapping:
      profile.mappingCount++;
      break;
    case Profile.location:
      readLocation(reader, start, end, profile);
      break;
    case Profile.function:
      readFunction(reader, start, end, profile);
      break;
    case Profile.stringTable:
      profile.strings.push(reader.text());
      break;
  }
}

function readValueType(reader: FieldReader, start: number, end: number): { type: number; unit: number } {
  const found = { type: 0, unit: 0 };
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === ValueType.type) found.type = reader.number;
    else if (reader.field === ValueType.unit) found.unit = reader.number;
  }
  return found;
}

function readSample(reader: FieldReader, start: number, end: number): PprofProfile["samples"][number] {
  const locations: Id[] = [];
  const values: number[] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Sample.locationId) readNumbers(reader, (each) => locations.push(each.uint64()));
    else if (reader.field === Sample.value) readNumbers(reader, (each) => values.push(Number(each.int64())));
  }
  return { locations, values, offset: start };
}

/** A repeated number, packed or one by one. */
function readNumbers(reader: FieldReader, take: (reader: FieldReader) => void): void {
  if (reader.wire === WireType.varint) return take(reader);
  for (const value of packedNumbers(reader)) take(value);
}

/** Reads packed varints as fields of their own, each behind a tag of one byte. */
function* packedNumbers(reader: FieldReader): Generator<FieldReader, void> {
  const bytes = reader.bytes();
  const single = new Uint8Array(11);
  single[0] = 0x08;
  const inner = new FieldReader();
  for (let at = 0; at < bytes.length;) {
    let length = 1;
    while (length < 10 && at + length <= bytes.length && bytes[at + length - 1] >= 0x80) length++;
    single.set(bytes.subarray(at, at + length), 1);
    inner.attach(single.subarray(0, 1 + Math.min(length, bytes.length - at)), reader.start + at - 1);
    inner.step(reader.start + at - 1, reader.start + at + length);
    yield inner;
    at += length;
  }
}

function readLocation(reader: FieldReader, start: number, end: number, profile: PprofProfile): void {
  let id: Id = 0;
  let address: Id = 0;
  const lines: { functionId: Id; line: number }[] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Location.id) id = reader.uint64();
    else if (reader.field === Location.address) address = reader.uint64();
    else if (reader.field === Location.line) lines.push(readLine(reader, reader.start, reader.end));
  }
  profile.locations.set(id, { address, lines });
}

function readLine(reader: FieldReader, start: number, end: number): { functionId: Id; line: number } {
  const found: { functionId: Id; line: number } = { functionId: 0, line: 0 };
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Line.functionId) found.functionId = reader.uint64();
    else if (reader.field === Line.line) found.line = reader.number;
  }
  return found;
}

function readFunction(reader: FieldReader, start: number, end: number, profile: PprofProfile): void {
  let id: Id = 0;
  const found = { name: 0, filename: 0 };
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Function.id) id = reader.uint64();
    else if (reader.field === Function.name) found.name = reader.number;
    else if (reader.field === Function.filename) found.filename = reader.number;
  }
  profile.functions.set(id, found);
}
