import type { ByteSource, SourcePart } from "../../io/byte-source.ts";
import { FieldFile } from "../../io/field-stream.ts";
import { messageEnd, WireError } from "../../io/protobuf.ts";
import { TraceFormatError } from "../../model/errors.ts";
import type { TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ImportContext } from "../importer.ts";
import { isTextDamaged, textDamage } from "./damage.ts";
import { PlaneEvents } from "./plane-events.ts";
import { type MessageRange, type PlaneOutline, noteDamagedStat, readPlane, readStats } from "./plane.ts";
import { ProfileClock } from "./profile-clock.ts";
import { Space } from "./schema.ts";

/** Values up to this size come into memory; planes and lines are walked, whatever their size. */
const wholeBytes = 4 * 2 ** 20;
/** Of the progress of a compressed file, the part that is its unpacking. */
const unpackShare = 0.4;

/** Reads the profile of one host, or the joined ones of several, into `builder`. */
export async function readXSpace(
  source: ByteSource,
  builder: TraceBuilder,
  context: ImportContext,
): Promise<TraceDescription> {
  const facts: [key: string, value: string][] = [];
  const describe = (): TraceDescription => ({
    name: context.fileName,
    format: "xspace",
    formatLabel: "JAX / XLA profile (XSpace)",
    producer: "XLA profiler",
    facts,
  });
  const isCompressed = source.size === null;
  const access = await source.openRandomAccess(() => {
    context.throwIfCancelled();
    context.reportProgress(source.storedRead * unpackShare, describe);
  });
  const unpacked = isCompressed ? unpackShare : 0;
  const file = new FieldFile(access, { wholeBytes });
  const onRead = (byteOffset: number): void => {
    context.throwIfCancelled();
    const share = unpacked + (1 - unpacked) * (byteOffset / Math.max(1, access.size));
    context.reportProgress(source.storedSize * share, describe);
  };
  const parts = source.parts ?? [{ name: context.fileName, start: 0, end: access.size }];
  const hosts = parts.map((part, index) => readHost(file, part, parts.length > 1 ? index + 1 : null, builder));
  const clock = new ProfileClock(
    builder,
    hosts.map(({ planes, startUnixNs }) => ({
      startUnixNs,
      timestampsNs: planes.flatMap(({ lines }) => lines.map(({ timestampNs }) => timestampNs)),
    })),
  );
  const events = new PlaneEvents(file, builder, clock, context.limits.spans, onRead);
  for (const [index, host] of hosts.entries()) {
    if (parts.length > 1) facts.push([`host ${index + 1}`, parts[index].name]);
    for (const plane of host.planes) {
      const fact = events.read(plane, index, parts.length > 1 ? `host ${index + 1}` : null);
      if (fact !== null) facts.push(fact);
    }
  }
  for (const warning of source.warnings) builder.ledger.note(warning.code, warning.message, warning.byteOffset);
  events.finish();
  return describe();
}

interface Host {
  readonly planes: readonly PlaneOutline[];
  /** When the profile began; null when the file does not say. */
  readonly startUnixNs: bigint | null;
}

/** Reads everything of a host but its events. Throws TraceFormatError when there is no plane. */
function readHost(file: FieldFile, part: SourcePart, number: number | null, builder: TraceBuilder): Host {
  const { reader } = file;
  const ranges: MessageRange[] = [];
  const damages: WireError[] = [];
  let errors = 0;
  let warnings = 0;
  try {
    for (let at = file.step(part.start, part.end); at !== messageEnd; at = file.step(at, part.end)) {
      if (reader.field === Space.planes) ranges.push({ start: reader.start, end: reader.end });
      else if (reader.field === Space.errors) errors++;
      else if (reader.field === Space.warnings) warnings++;
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    damages.push(error);
    if (error.isCut && reader.field === Space.planes) ranges.push({ start: reader.start, end: reader.end });
  }
  const planes = ranges.map((range) => readPlane(file, range));
  for (const { damage } of planes) if (damage !== null) damages.push(damage);
  const [damage] = damages;
  if (damage !== undefined) {
    if (isTextDamaged(file, part)) throw textDamage(part.start);
    if (!planes.some((plane) => plane.name !== "")) throw notXSpace(damage, number);
    builder.ledger.truncatedAt(damage.isCut ? part.end : damage.byteOffset);
    builder.ledger.note(
      "truncated",
      `the file breaks off or is damaged: ${damage.message}; the planes and events before it were kept`,
      damage.byteOffset,
    );
  }
  builder.ledger.note("profilerErrors", "errors that the profiler met while it recorded", -1, errors);
  builder.ledger.note("profilerWarnings", "warnings of the profiler about the recording", -1, warnings, "info");
  return { planes, startUnixNs: findStart(file, planes, builder) };
}

function notXSpace(damage: WireError, number: number | null): TraceFormatError {
  const where = number === null ? "" : ` of host ${number}`;
  return new TraceFormatError(`expected the planes${where} of an XSpace profile: ${damage.message}`, {
    format: "xspace",
    byteOffset: damage.byteOffset,
  });
}

function findStart(file: FieldFile, planes: readonly PlaneOutline[], builder: TraceBuilder): bigint | null {
  for (const plane of planes) {
    if (plane.name !== "Task Environment") continue;
    const stats = readStats(file, plane.stats, plane.statNames, noteDamagedStat(builder.ledger));
    const start = stats.get("profile_start_time");
    if (start !== undefined && /^\d+$/.test(start)) return BigInt(start);
  }
  return null;
}
