import { importFile } from "../../../traces/importers/import-file.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { contextFor } from "./import-text.ts";

export async function importBytes(bytes: Uint8Array, importer?: string): Promise<Trace> {
  const trace = await importFile(memorySource(bytes, 1000), {
    builder: createTraceBuilder(),
    context: contextFor("broken.pb"),
    ...(importer !== undefined && { importer }),
  });
  assertSealed(trace);
  return trace;
}

/** Notes on damage, whose place is a part of the verdict. */
const placed: ReadonlySet<string> = new Set(["truncated", "damagedLine"]);

/** The message of the refusal, or what the ledger says beyond the ordinary. */
export async function verdict(bytes: Uint8Array, importer: string): Promise<string[]> {
  try {
    const { ledger } = (await importBytes(bytes, importer)).meta;
    return [...ledger.dropped, ...ledger.notes.filter((note) => note.level === "warning")].map(
      ({ code, message, count, firstBytes }) =>
        `${count}${placed.has(code) ? ` at byte ${firstBytes.join()}` : ""}: ${message}`,
    );
  } catch (error) {
    if (error instanceof TraceFormatError) return [`refused: ${error.message} (byte ${error.place.byteOffset})`];
    throw error;
  }
}

/** One file of several pieces. */
export const join = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** A varint of eleven bytes: one more than any number has. */
export const elevenBytes: readonly number[] = [128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 1];
