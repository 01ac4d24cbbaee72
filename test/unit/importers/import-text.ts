import { expect } from "vitest";
import { chromeDialect } from "../../../traces/importers/formats/chrome-json.ts";
import { readTraceEvents } from "../../../traces/importers/chrome/read-trace-events.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import { defaultLimits, type ImportContext, type ImportLimits } from "../../../traces/importers/importer.ts";
import type { SegmentThreads } from "../../../traces/importers/json-scan/scan-segments.ts";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { NanosecondTimesError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import type { LedgerLine } from "../../../traces/model/ledger.ts";
import type { TraceBuilder } from "../../../traces/model/trace-builder.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { segmentThreadsHere } from "../../fixtures/segment-threads.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { textsOf } from "../../../traces/model/text-table.ts";

export function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

export function contextFor(fileName: string, limits: Partial<ImportLimits> = {}): ImportContext {
  return { fileName, throwIfCancelled() {}, reportProgress() {}, limits: { ...defaultLimits, ...limits } };
}

/**
 * Imports content as a file would be, sniffing included, and checks the promises of a sealed trace, and that the
 * batch reader, the plain reader and several batch readers together find the same.
 */
export async function importContent(content: string | Uint8Array, limits: Partial<ImportLimits> = {}): Promise<Trace> {
  const bytes = toBytes(content);
  const read = (context: ImportContext, builder: TraceBuilder): Promise<Trace> =>
    importFile(memorySource(bytes), { builder, context });
  return readEveryWay(read, bytes, limits);
}

/** As `importContent`, for content that may look like something else: it is read as trace events all the same. */
export async function importAsTraceEvents(content: string | Uint8Array): Promise<Trace> {
  const bytes = toBytes(content);
  const read = (context: ImportContext, builder: TraceBuilder): Promise<Trace> =>
    importFile(memorySource(bytes), { builder, context, importer: "chrome-json" });
  return readEveryWay(read, bytes, {});
}

async function readEveryWay(
  read: (context: ImportContext, builder: TraceBuilder) => Promise<Trace>,
  bytes: Uint8Array,
  limits: Partial<ImportLimits>,
): Promise<Trace> {
  const trace = await readBothWays(read, limits);
  if (trace.meta.format !== chromeDialect.format) return trace;
  const { count, segmentBytes } = segmentsFor(bytes);
  const together = await importTogether(bytes, segmentThreadsHere(bytes, count, segmentBytes), limits);
  if (fingerprint(together) !== fingerprint(trace)) {
    throw new Error(`together:\n${fingerprint(together)}\nbatch reader:\n${fingerprint(trace)}`);
  }
  return trace;
}

/** Some of the ways, by the content. */
function segmentsFor({ length }: Uint8Array): { readonly count: number; readonly segmentBytes: number } {
  return { count: 1 + (length % 3), segmentBytes: [70, 300, 1500, 6000][length % 4] };
}

/** Imports trace events together with threads. `source`: of these bytes. */
export async function importTogether(
  bytes: Uint8Array,
  threads: SegmentThreads,
  limits: Partial<ImportLimits> = {},
  source: ByteSource = memorySource(bytes),
): Promise<Trace> {
  const context = contextFor("test.json", limits);
  const builder = createTraceBuilder({ spanLimit: context.limits.spans });
  const startSegmentThreads = (): SegmentThreads => threads;
  return builder.seal(
    await readTraceEvents(source, builder, { ...context, startSegmentThreads }, chromeDialect, smallestChunk),
  );
}

/** From which on threads come in; larger ones would be all there is. */
const smallestChunk = 64;

async function readBothWays(
  read: (context: ImportContext, builder: TraceBuilder) => Promise<Trace>,
  limits: Partial<ImportLimits>,
): Promise<Trace> {
  const context = contextFor("test.json", limits);
  const builder = createTraceBuilder({ spanLimit: context.limits.spans });
  const trace = await read(context, builder).catch(async (error: unknown) => {
    // What one refuses the other refuses too, with the same words.
    const words = error instanceof Error ? error.message : String(error);
    await expect(read({ ...context, plainReader: true }, createTraceBuilder())).rejects.toThrow(words);
    throw error;
  });
  assertSealed(trace);
  const plain = await read({ ...context, plainReader: true }, createTraceBuilder({ spanLimit: context.limits.spans }));
  if (fingerprint(plain) !== fingerprint(trace)) {
    throw new Error(`plain reader:\n${fingerprint(plain)}\nbatch reader:\n${fingerprint(trace)}`);
  }
  return trace;
}

/** For texts made at random: all of their times may be as large as nanoseconds are, and refused for it. */
export async function unlessInNanoseconds(imported: Promise<Trace>): Promise<void> {
  await imported.catch((error: unknown) => {
    if (!(error instanceof NanosecondTimesError)) throw error;
  });
}

/** Imports events of a bare array. */
export function importEvents(events: readonly unknown[]): Promise<Trace> {
  return importContent(JSON.stringify(events));
}

/** Imports through a buffer of `chunkBytes`, which the scanner must grow for events that do not fit. */
export async function importInChunks(
  content: string | Uint8Array,
  chunkBytes: number,
  limits: Partial<ImportLimits> = {},
): Promise<Trace> {
  return readBothWays(async (context, builder) => {
    const source = memorySource(toBytes(content));
    // Both ways of `scanFile` have to agree as well.
    if (context.plainReader === true) delete source.fillLater;
    return builder.seal(await readTraceEvents(source, builder, context, chromeDialect, chunkBytes));
  }, limits);
}

export function noteOf(trace: Trace, code: string): LedgerLine | undefined {
  return trace.meta.ledger.notes.find((line) => line.code === code);
}

export function droppedOf(trace: Trace, code: string): LedgerLine | undefined {
  return trace.meta.ledger.dropped.find((line) => line.code === code);
}

/** Everything of a trace that two imports of one file must share. */
export function fingerprint(trace: Trace): string {
  const { originClockNs, originUnixNs, facts, ledger, formatLabel, producer } = trace.meta;
  const tracks = trace.tracks.map(({ kind, name, detail, parent, sortIndex }) => ({
    kind,
    name,
    detail,
    parent,
    sortIndex,
  }));
  const meta = { origin: String(originClockNs), unix: String(originUnixNs), facts, ledger, formatLabel, producer };
  return `${dumpTrace(trace)}\n${JSON.stringify(meta)}\n${JSON.stringify(tracks)}\n${JSON.stringify(textsOf(trace.strings))}`;
}

/** A trace event of one thread. */
export const at = (ph: string, name: string | undefined, ts: number, more: object = {}): object => ({
  ph,
  pid: 1,
  tid: 2,
  ts,
  ...(name !== undefined && { name }),
  ...more,
});
