import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findImporter, importFile } from "../../../traces/importers/import-file.ts";
import { findMeasurementReader, readMeasurements } from "../../../traces/importers/measurements/read-measurements.ts";
import { measurementReaders } from "../../../traces/importers/measurements/registry.ts";
import { importers } from "../../../traces/importers/registry.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { BenchmarkResultsError, ReportNeedsExportError, TraceFormatError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { breakSample } from "../../fixtures/broken/variants.ts";
import { committedSamples, readSample } from "../../fixtures/formats/every-format.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { formatSamples } from "../../fixtures/formats/make-samples.ts";
import { contextFor } from "./import-text.ts";

/*
 * What holds of every format that can be opened, also of one that is added tomorrow: two committed samples, six broken
 * files and more with exact messages, bytes changed at random, a table of what becomes of what in the header.
 */

const traceFormats = importers.map(({ id }) => id);
const resultFormats = measurementReaders.map(({ id }) => id);
const allFormats = [...traceFormats, ...resultFormats];
const samplesOf = (format: string): readonly string[] => committedSamples[format] ?? [];

/** Opens a file as the app does, its kind judged by content; says what came of it in one line. */
async function open(bytes: Uint8Array): Promise<string> {
  const source = memorySource(bytes, 4096);
  try {
    const trace = await importFile(source, { builder: createTraceBuilder(), context: contextFor("file") });
    assertSealed(trace);
    const { ledger, format } = trace.meta;
    const lines = [...ledger.dropped, ...ledger.notes].map(({ count, message }) => `${count} ${message}`);
    const kept = `${ledger.spans + ledger.derivedSpans} spans, ${trace.launches?.launches.length ?? 0} kernels`;
    return `${format} ${ledger.outcome}, ${kept}: ${lines.join("; ")}`;
  } catch (error) {
    if (error instanceof BenchmarkResultsError) return await openResults(bytes);
    if (error instanceof TraceFormatError) return refused(error);
    if (error instanceof ReportNeedsExportError) return `needs nsys: ${error.message}`;
    throw error;
  }
}

async function openResults(bytes: Uint8Array): Promise<string> {
  try {
    const { format, measurements, ledger } = await readMeasurements(memorySource(bytes, 4096), contextFor("file"));
    return `${format}, ${measurements.length} measurements: ${ledger.notes.join("; ")}`;
  } catch (error) {
    if (error instanceof TraceFormatError) return refused(error);
    throw error;
  }
}

/** The list of all formats, which `broken-files.ts` holds, is left out here. */
function refused({ message, place }: TraceFormatError): string {
  return `refused at byte ${place.byteOffset}: ${message.replace(/\. Can be opened: .*/, "")}`;
}

async function dumpOf(container: Uint8Array): Promise<unknown> {
  const source = memorySource(new Uint8Array(container));
  const trace = await importFile(source, { builder: createTraceBuilder(), context: contextFor("file") });
  assertSealed(trace);
  return { dump: dumpTrace(trace), launches: trace.launches };
}

describe("two samples of its own", () => {
  it.each(Object.entries(formatSamples))("%s is what its generator makes", async (file, make) => {
    const path = join(import.meta.dirname, "../../fixtures/formats", file);
    const made = await make();
    if (process.env["UPDATE_SAMPLES"] === "1") writeFileSync(path, made);
    const kept = readFileSync(path);
    // How columns lie may change within a version of the container; an older one must stay as readable.
    if (file.endsWith(".dflame")) expect(await dumpOf(kept)).toEqual(await dumpOf(made));
    else expect(Buffer.compare(kept, made)).toBe(0);
  });

  it.each(allFormats)("of %s, known by their content", async (format) => {
    expect(samplesOf(format).length).toBeGreaterThanOrEqual(2);
    for (const path of samplesOf(format)) {
      const bytes = readSample(path);
      if (resultFormats.includes(format)) expect(findMeasurementReader(bytes).reader?.id, path).toBe(format);
      else expect((await findImporter(memorySource(bytes), "unknown")).id, path).toBe(format);
    }
  });
});

describe("broken files", () => {
  it("of every format have their exact messages", async () => {
    const lines: string[] = [];
    for (const format of allFormats) {
      const [path] = samplesOf(format);
      const variants = breakSample(format, readSample(path));
      expect(variants.length, format).toBeGreaterThanOrEqual(6);
      lines.push(`# ${format}: ${path}`);
      for (const { what, bytes } of variants) lines.push(`${what}\n    ${await open(bytes)}`);
      lines.push("");
    }
    await expect(lines.join("\n")).toMatchFileSnapshot("../../fixtures/broken/verdicts.txt");
  });

  it.each(allFormats)(
    "of %s, bytes changed at random: never a hang, a crash or a ledger that does not close",
    async (format) => {
      const samples = samplesOf(format).map(readSample);
      const change = fc.tuple(fc.nat(2 ** 31), fc.nat(255));
      await fc.assert(
        fc.asyncProperty(
          fc.nat(samples.length - 1),
          fc.array(change, { minLength: 1, maxLength: 20 }),
          async (at, changes) => {
            const damaged = samples[at].slice();
            for (const [offset, value] of changes) damaged[offset % damaged.length] = value;
            await open(damaged);
          },
        ),
        { numRuns: 60, interruptAfterTimeLimit: 4000 },
      );
    },
  );
});

it.each([
  ...traceFormats.map((format) => `formats/${format}.ts`),
  ...resultFormats.map((format) => `measurements/formats/${format}.ts`),
])("%s says in its head what becomes of what", (file) => {
  const text = readFileSync(join(import.meta.dirname, "../../../traces/importers", file), "utf8");
  expect(text).toMatch(/^ \* \| -|^ \*.*\bMapping: |^ \* {3}.* {2}(?:model|trace)$/m);
});
