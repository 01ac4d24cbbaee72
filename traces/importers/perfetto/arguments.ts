import type { ByteSource } from "../../io/byte-source.ts";
import { type FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import { changedOnDisk, TraceFormatError, UserFacingError } from "../../model/errors.ts";
import type { ArgumentReader, EventArguments, EventPlace } from "../importer.ts";
import { type AnnotationValue, flatten, readAnnotation } from "./annotations.ts";
import { InternedTexts } from "./interned-texts.ts";
import { PacketFields, type MessageRange } from "./packet.ts";
import { readStageArguments } from "./stage-arguments.ts";
import { InlineCallstack, InlineFrame, LegacyEvent, Packet, TrackEvent } from "./schema.ts";
import { StateIndex } from "./state-index.ts";

/** Reads single packets of a Perfetto trace again: annotations and callstacks, those of the end merged in. */
export async function openPerfettoArguments(source: ByteSource): Promise<ArgumentReader> {
  const index = await StateIndex.build(await source.openRandomAccess(() => undefined));
  return {
    async read(place) {
      try {
        return await readArguments(index, place);
      } catch (error) {
        throw error instanceof WireError ? damagedPacket(error) : error;
      }
    },
    close() {},
  };
}

function damagedPacket({ message, byteOffset }: WireError): TraceFormatError {
  return new TraceFormatError(`expected whole packets, found damaged ones: ${message}`, {
    format: "perfetto",
    byteOffset,
  });
}

async function readArguments(index: StateIndex, place: EventPlace): Promise<EventArguments> {
  const values = new Map<string, AnnotationValue>();
  const begin = await readEvent(index, place.offset, values);
  if (begin.name !== null && begin.name !== place.name)
    throw new UserFacingError(`${changedOnDisk}: another event is at this place.`);
  const callstack =
    place.endOffset === null
      ? begin.callstack
      : [...begin.callstack, ...(await readEvent(index, place.endOffset, values)).callstack];
  return {
    name: begin.name,
    startText: begin.startText,
    args: [
      ...begin.args,
      ...flatten(values),
      ...callstack.map((frame, depth): [string, string] => [`callstack[${depth}]`, frame]),
    ],
  };
}

interface ReadEvent {
  readonly name: string | null;
  readonly startText: string | null;
  readonly args: readonly (readonly [key: string, value: string])[];
  /** Innermost first. */
  readonly callstack: readonly string[];
}

/** Reads the event of a packet; its annotations are merged into `values`. */
async function readEvent(index: StateIndex, offset: number, values: Map<string, AnnotationValue>): Promise<ReadEvent> {
  const packet = new PacketFields();
  const { sequenceId } = await readFields(index, offset, packet);
  const texts = new InternedTexts();
  for (const stateOffset of index.statesBefore(sequenceId, offset)) {
    const reader = await readFields(index, stateOffset, packet);
    if (packet.clearsState) texts.clear();
    const interned = packet.carried.get(Packet.internedData);
    if (interned !== undefined) texts.add(reader.reader, interned);
  }
  const { reader } = await readFields(index, offset, packet);
  const startText = packet.timestamp === null ? null : String(packet.timestamp);
  const stage = packet.carried.get(Packet.gpuRenderStageEvent);
  if (stage !== undefined) return { name: null, startText, args: readStageArguments(reader, stage), callstack: [] };
  const event = packet.carried.get(Packet.trackEvent);
  if (event === undefined) return { name: null, startText, args: [], callstack: [] };
  return { ...readTrackEvent(reader, event, texts, values), startText, args: [] };
}

async function readFields(
  index: StateIndex,
  offset: number,
  packet: PacketFields,
): Promise<{ readonly reader: FieldReader; readonly sequenceId: number }> {
  const { reader, start, end } = await index.packetAt(offset);
  packet.read(reader, start, end);
  return { reader, sequenceId: packet.sequenceId };
}

function readTrackEvent(
  reader: FieldReader,
  { start, end }: MessageRange,
  texts: InternedTexts,
  values: Map<string, AnnotationValue>,
): Pick<ReadEvent, "name" | "callstack"> {
  let name: string | null = null;
  let callstack: readonly string[] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    const range = { start: reader.start, end: reader.end };
    switch (reader.field) {
      case TrackEvent.name:
        name = reader.text();
        break;
      case TrackEvent.nameIid:
        name ??= texts.eventNames.get(reader.uint64()) ?? null;
        break;
      case TrackEvent.legacyEvent:
        name ??= readLegacyName(reader, range, texts);
        break;
      case TrackEvent.debugAnnotations:
        readAnnotation(reader, range, { names: texts.annotationNames, texts: texts.annotationTexts }, values);
        break;
      case TrackEvent.callstack:
        callstack = readCallstack(reader, range);
        break;
      case TrackEvent.callstackIid:
        callstack = texts.callstack(reader.uint64());
        break;
    }
  }
  return { name, callstack };
}

function readLegacyName(reader: FieldReader, { start, end }: MessageRange, texts: InternedTexts): string | null {
  let name: string | null = null;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end))
    if (reader.field === LegacyEvent.nameIid) name = texts.eventNames.get(reader.uint64()) ?? null;
  return name;
}

function readCallstack(reader: FieldReader, { start, end }: MessageRange): string[] {
  const frames: string[] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end))
    if (reader.field === InlineCallstack.frames) frames.unshift(readFrame(reader, reader.start, reader.end));
  return frames;
}

function readFrame(reader: FieldReader, start: number, end: number): string {
  let name = "(unknown)";
  let file = "";
  let line = 0;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === InlineFrame.functionName) name = reader.text();
    else if (reader.field === InlineFrame.sourceFile) file = reader.text();
    else if (reader.field === InlineFrame.lineNumber) line = reader.number;
  }
  return file === "" ? name : `${name} (${file}:${line})`;
}
