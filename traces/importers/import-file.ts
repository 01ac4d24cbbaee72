import type { ByteSource } from "../io/byte-source.ts";
import { type Allocate, allocatePlain } from "../model/column.ts";
import { BenchmarkResultsError, TraceFormatError } from "../model/errors.ts";
import type { SealHelper } from "../model/seal-helper.ts";
import type { Trace } from "../model/trace.ts";
import type { TraceBuilder } from "../model/trace-builder.ts";
import { diagnose } from "./diagnose.ts";
import type { ImportContext, TraceFormat } from "./importer.ts";
import { headBytes } from "./json-scan/peek.ts";
import { findMeasurementReader } from "./measurements/read-measurements.ts";
import { importers } from "./registry.ts";

export interface ImportFileOptions {
  readonly builder: TraceBuilder;
  /** Memory for formats that bring their columns along; the builder has its own. */
  readonly allocate?: Allocate;
  readonly context: ImportContext;
  /** Asked when everything was read: another thread to seal with, null for none. */
  readonly helper?: () => SealHelper | null;
  /** Importer id, to override what the content says. */
  readonly importer?: string;
}

/** Finds the importer of a file by its first bytes, reads it and seals the trace. Throws TraceFormatError. */
export async function importFile(source: ByteSource, options: ImportFileOptions): Promise<Trace> {
  const { builder, context } = options;
  const importer =
    options.importer === undefined ? await findImporter(source, context.fileName) : importerOf(options.importer);
  if ("open" in importer) return await importer.open(source, context, options.allocate ?? allocatePlain);
  const description = await importer.read(source, builder, context);
  context.throwIfCancelled();
  const helper = options.helper?.() ?? null;
  if (helper === null) return builder.seal(description);
  return await builder.sealTogether(description, helper, () => context.throwIfCancelled());
}

/** The importer that is surest of the file; throws TraceFormatError with what was found when none is. */
export async function findImporter(source: ByteSource, fileName: string): Promise<TraceFormat> {
  const buffer = new Uint8Array(headBytes);
  const head = buffer.subarray(0, await source.readAt(0, buffer));
  if (head.length === 0 && source.storedSize > 0) {
    throw new TraceFormatError(
      `expected a trace, found ${source.storedSize} compressed bytes that hold nothing: the file is empty or was cut`,
      { byteOffset: 0 },
    );
  }
  const { importer: best, certainty } = sniffImporters(head, fileName);
  const results = findMeasurementReader(head);
  if (results.reader !== null && results.certainty > certainty && !(await hasEventsLater(source, head)))
    throw new BenchmarkResultsError(`expected a trace, found ${results.reader.label}`, { byteOffset: 0 });
  if (best === null) throw diagnose(head, importers);
  return best;
}

/** Whether a list of trace events follows behind a head that ends before the file does: other members may be large. */
async function hasEventsLater(source: ByteSource, head: Uint8Array): Promise<boolean> {
  if (head.length < headBytes) return false;
  const more = new Uint8Array(searchedBytes);
  const length = await source.readAt(0, more);
  return new TextDecoder("latin1").decode(more.subarray(0, length)).includes('"traceEvents"');
}

const searchedBytes = 16 * 2 ** 20;

/** The importer that is surest of a file that starts with `head`; null when none wants it. */
export function sniffImporters(
  head: Uint8Array,
  fileName: string,
): { readonly importer: TraceFormat | null; readonly certainty: number } {
  let best: TraceFormat | null = null;
  let surest = 0;
  for (const importer of importers) {
    const certainty = importer.sniff(head, fileName);
    if (certainty > surest) {
      best = importer;
      surest = certainty;
    }
  }
  return { importer: best, certainty: surest };
}

/** The importer of this id; throws TraceFormatError when there is none. */
export function importerOf(id: string): TraceFormat {
  const importer = importers.find((candidate) => candidate.id === id);
  if (importer === undefined) {
    throw new TraceFormatError(
      `expected one of the formats ${importers.map((each) => each.id).join(", ")}, found "${id}"`,
    );
  }
  return importer;
}
