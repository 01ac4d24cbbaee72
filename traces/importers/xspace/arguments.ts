import type { ByteSource } from "../../io/byte-source.ts";
import { FieldFile } from "../../io/field-stream.ts";
import { messageEnd, WireError } from "../../io/protobuf.ts";
import { changedOnDisk, TraceFormatError, UserFacingError } from "../../model/errors.ts";
import type { ArgumentReader, EventArguments, EventPlace } from "../importer.ts";
import { addPicos } from "./picoseconds.ts";
import {
  forEachField,
  listSharedStats,
  type LineOutline,
  type MessageRange,
  type PlaneOutline,
  readPlane,
  readStat,
} from "./plane.ts";
import { Event, Line, Space } from "./schema.ts";

/** Planes whose tables are kept between two looks. */
const keptPlanes = 4;

/** Stats that the trace shows elsewhere, or that only join events. */
const hiddenStats: ReadonlySet<string> = new Set(["_p", "_pt", "_c", "_ct", "_r", "_a", "flow"]);

/** Reads single events of an XSpace again: exact picoseconds, own stats, stats of their kind. */
export async function openXSpaceArguments(source: ByteSource): Promise<ArgumentReader> {
  const access = await source.openRandomAccess(() => undefined);
  const file = new FieldFile(access);
  const planes = listPlanes(file);
  const kept = new Map<MessageRange, PlaneOutline>();
  const outlineOf = (range: MessageRange): PlaneOutline => {
    const outline = kept.get(range) ?? readPlane(file, range);
    kept.delete(range);
    kept.set(range, outline);
    for (const oldest of kept.keys()) if (kept.size > keptPlanes) kept.delete(oldest);
    return outline;
  };
  return {
    async read(place) {
      const holds = ({ start, end }: MessageRange): boolean => place.offset >= start && place.offset < end;
      const range = planes.find(holds);
      const plane = range === undefined ? null : outlineOf(range);
      const line = plane?.lines.find(holds);
      if (plane === null || line === undefined) throw noEvent(place.offset);
      try {
        return readArguments(file, plane, line, place);
      } catch (error) {
        throw error instanceof WireError ? noEvent(error.byteOffset) : error;
      }
    },
    close: () => kept.clear(),
  };
}

function noEvent(byteOffset: number): TraceFormatError {
  return new TraceFormatError("expected an event, found something else", { format: "xspace", byteOffset });
}

/** Planes of the file, the last one as far as it goes. */
function listPlanes(file: FieldFile): MessageRange[] {
  const { reader } = file;
  const planes: MessageRange[] = [];
  try {
    for (let at = file.step(0, file.size); at !== messageEnd; at = file.step(at, file.size))
      if (reader.field === Space.planes) planes.push({ start: reader.start, end: reader.end });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (error.isCut && reader.field === Space.planes) planes.push({ start: reader.start, end: reader.end });
  }
  return planes;
}

function readArguments(file: FieldFile, plane: PlaneOutline, line: LineOutline, place: EventPlace): EventArguments {
  const { reader } = file;
  const own: MessageRange[] = [];
  let metadataId: number | bigint = 0;
  let offsetPs: number | bigint = 0;
  let durationPs: number | bigint = 0;
  forEachField(file, eventAt(file, line, place.offset), () => {
    if (reader.field === Event.metadataId) metadataId = reader.int64();
    else if (reader.field === Event.offsetPs) offsetPs = reader.int64();
    else if (reader.field === Event.durationPs) durationPs = reader.int64();
    else if (reader.field === Event.stats) own.push({ start: reader.start, end: reader.end });
  });
  const kind = plane.eventKinds.get(metadataId);
  const name = kind?.displayName || kind?.name || `event ${metadataId}`;
  if (name !== place.name) throw new UserFacingError(`${changedOnDisk}: another event is at this place.`);
  const startPs = addPicos(BigInt(line.timestampNs) * 1000n, offsetPs);
  const args: [key: string, value: string][] = [
    ["start (ps)", String(startPs)],
    ["duration (ps)", String(durationPs)],
  ];
  if (kind !== undefined && kind.name !== "" && kind.name !== name) args.push(["long name", kind.name]);
  const shared = kind === undefined ? [] : listSharedStats(file, kind);
  for (const range of [...own, ...shared]) {
    const { key, value } = readStat(file, range, plane.statNames);
    if (!hiddenStats.has(key)) args.push([key, value]);
  }
  return { name, startText: String(startPs), args };
}

/** The event whose tag stands at `offset`. */
function eventAt(file: FieldFile, line: MessageRange, offset: number): MessageRange {
  const { reader } = file;
  file.step(offset, line.end);
  if (reader.field !== Line.events) throw noEvent(offset);
  return { start: reader.start, end: reader.end };
}
