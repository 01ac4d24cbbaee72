import type { ByteSource } from "../../io/byte-source.ts";
import { NanosecondTimesError, OtherClockError, TraceFormatError } from "../../model/errors.ts";
import type { TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ImportContext } from "../importer.ts";
import { nanosecondExponent } from "../json-scan/decimal.ts";
import { EventBatches } from "../json-scan/event-batches.ts";
import { EventScanner } from "../json-scan/event-scanner.ts";
import { defaultChunkBytes, scanFile, type ScanResult } from "../json-scan/scan-file.ts";
import { headBytes, peekJson } from "../json-scan/peek.ts";
import { nameJson } from "../name-file.ts";
import { EventClock } from "./clock.ts";
import type { Dialect } from "./dialect.ts";
import { TraceEvents } from "./trace-events.ts";

/** Epoch microseconds of 2001 and 2100: a clock of the PyTorch profiler in this range is Unix time. */
const firstUnixNs = 1_000_000_000_000_000_000n;
const lastUnixNs = 4_102_444_800_000_000_000n;

/** Reads a trace-event file of any dialect into `builder`. */
export async function readTraceEvents(
  source: ByteSource,
  builder: TraceBuilder,
  context: ImportContext,
  dialect: Dialect,
  chunkBytes: number = defaultChunkBytes,
): Promise<TraceDescription> {
  const head = new Uint8Array(headBytes);
  const start = head.subarray(0, await source.readAt(0, head));
  const { form } = peekJson(start);
  const timesInNs = context.timesInNs === true;
  const timeExponent = timesInNs ? nanosecondExponent : 0;
  const { clock = "first" } = context;
  const eventClock = new EventClock(timeExponent, typeof clock === "string" ? null : clock.baseMicros);
  const events = new TraceEvents(builder, dialect, context.limits.spans, eventClock);
  const batches =
    context.plainReader === true || timesInNs
      ? null
      : EventBatches.create(events.names.define, events.names.defineDistinct);
  const scanner = new EventScanner(events.names, events, form, batches, timeExponent);
  const describe = (): TraceDescription => {
    setClock(events, builder);
    events.countSides();
    dialect.describeTracks(events.tracks, builder, events.facts);
    const isXla = [...events.tracks.processes.values()].some(
      (process) => process.isXlaDevice || process.name === "/host:CPU",
    );
    const { formatLabel, producer } = dialect.describeFile({
      isKineto: events.facts.isKineto,
      isXla,
      producer: events.facts.producer,
    });
    const facts = [...events.facts.facts, ...(timesInNs ? [["times", "read as nanoseconds"] as const] : [])];
    return {
      name: context.fileName,
      format: dialect.format,
      formatLabel,
      ...(producer !== null && { producer }),
      facts,
    };
  };
  const result = await scanFile(source, scanner, {
    chunkBytes,
    eventBytes: context.limits.eventBytes,
    onChunk(storedRead) {
      context.throwIfCancelled();
      events.flushCounts();
      context.reportProgress(storedRead, describe);
    },
    threads: batches === null ? null : (context.startSegmentThreads?.() ?? null),
  });
  if (!result.foundEvents) throw withoutEvents(result, dialect, nameJson(start));
  if (events.areTimesTooLarge) throw withTooLargeTimes(dialect);
  if (typeof clock === "string") chooseClock(events, clock);
  tellEnd(result, builder);
  for (const warning of source.warnings) builder.ledger.note(warning.code, warning.message, warning.byteOffset);
  if (source.warnings.some((warning) => warning.code === "gzipTruncated")) builder.ledger.truncatedAt(result.size);
  events.finish();
  return describe();
}

/** Throws with the other clock of a file that has two, where that one is wanted. */
function chooseClock({ farTimes, eventsOfClock }: TraceEvents, choice: "first" | "most" | "fewer"): void {
  const other = farTimes.most;
  if (other === null || choice === "first") return;
  const hasMost = other.count > eventsOfClock;
  if (hasMost === (choice === "most")) throw new OtherClockError(other.micros);
}

function withoutEvents(result: ScanResult, dialect: Dialect, found: string | null): TraceFormatError {
  const message =
    result.brokenAt === null && result.unclosed === null
      ? `expected a list of events, "traceEvents", found ${found ?? "no JSON"}`
      : `expected a list of events, "traceEvents", found the end of the file at byte ${result.size} before it, in ${found ?? "no JSON"}`;
  return new TraceFormatError(message, { format: dialect.format, byteOffset: result.size });
}

function withTooLargeTimes({ format }: Dialect): NanosecondTimesError {
  return new NanosecondTimesError(
    "expected times in microseconds, found none below 285 years: they are nanoseconds, or no times",
    { format },
  );
}

function tellEnd(result: ScanResult, builder: TraceBuilder): void {
  if (result.brokenAt !== null) {
    builder.ledger.truncatedAt(result.size);
    builder.ledger.note("truncated", "a value that the end of the file cuts off", result.brokenAt);
  } else if (result.unclosed === "object") {
    builder.ledger.truncatedAt(result.size);
    builder.ledger.note("truncated", "the file ends before its root object is closed", result.size);
  } else if (result.unclosed === "array") {
    builder.ledger.note("repairs", "JSON repaired: the closing bracket is missing", result.size);
  }
}

function setClock(events: TraceEvents, builder: TraceBuilder): void {
  const { baseClockNs } = events.clock;
  const { baseTimeNs, isKineto } = events.facts;
  const isUnix = isKineto && baseClockNs >= firstUnixNs && baseClockNs < lastUnixNs;
  builder.setClock(baseClockNs, baseTimeNs ?? (isUnix ? 0n : null));
}
