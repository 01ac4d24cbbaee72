import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { findImporter, importFile } from "../../../traces/importers/import-file.ts";
import { NumberStyleVotes, parseLocaleNumber } from "../../../traces/importers/nsight-compute/locale-numbers.ts";
import { toBaseUnit } from "../../../traces/importers/nsight-compute/units.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import type { LaunchTable } from "../../../traces/model/launch-table.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { computeRoofline } from "../../../traces/query/roofline.ts";
import { makeReport } from "../../fixtures/ncu/make-report.ts";
import { detailsCsv, fullReport, reportSamples, reportSecret } from "../../fixtures/ncu/report-samples.ts";
import { contextFor, toBytes } from "./import-text.ts";

const folder = join(import.meta.dirname, "../../fixtures/ncu");
const readSample = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

async function importBytes(bytes: Uint8Array, chunkBytes = bytes.length): Promise<Trace> {
  const trace = await importFile(memorySource(bytes, Math.max(1, chunkBytes)), {
    builder: createTraceBuilder(),
    context: contextFor("kernels"),
  });
  assertSealed(trace);
  return trace;
}

async function launchesOf(bytes: Uint8Array): Promise<LaunchTable> {
  const { launches } = await importBytes(bytes);
  if (launches === undefined) throw new Error("no launches");
  return launches;
}

function valueOf({ metrics, values, texts }: LaunchTable, launch: number, id: string): number | string | null {
  const metric = metrics.findIndex((each) => each.id === id);
  if (metric < 0) return null;
  const place = launch * metrics.length + metric;
  const text = texts.find(([at]) => at === place)?.[1];
  if (text !== undefined) return text;
  return Number.isNaN(values[place]) ? null : values[place];
}

const notesOf = ({ meta }: Trace): string[] =>
  [...meta.ledger.dropped, ...meta.ledger.notes].map(({ code, count, message }) => `${code} ${count}: ${message}`);

describe("Nsight Compute samples", () => {
  it.each(Object.entries(reportSamples))(
    "%s is what its generator makes, and is known by its content",
    async (name, make) => {
      if (process.env["WRITE_SAMPLES"] === "1") writeFileSync(join(folder, name), make());
      expect(readSample(name)).toEqual(new Uint8Array(make()));
      const { id } = await findImporter(memorySource(readSample(name)), "unknown");
      expect(id).toBe(name.endsWith(".csv") ? "nsight-compute-csv" : "nsight-compute");
    },
  );

  it.each(Object.keys(reportSamples))("%s keeps host, paths and process to itself", async (name) => {
    const trace = await importBytes(readSample(name));
    expect(JSON.stringify({ ...trace.launches, meta: { ...trace.meta, originClockNs: 0 } })).not.toContain(
      reportSecret,
    );
  });
});

describe("Nsight Compute report", () => {
  it("lists kernels in launch order with what was collected", async () => {
    const table = await launchesOf(readSample("two-kernels.ncu-rep"));
    expect(table.launches).toMatchObject([
      {
        name: "saxpy",
        signature: "saxpy(float *)",
        grid: [64, 2, 1],
        block: [128, 1, 1],
        durationNs: 4096,
        registersPerThread: 24,
        computeFraction: 0.125,
        memoryFraction: null,
        occupancyFraction: 0.75,
        device: "NVIDIA Test 100",
      },
      { name: "reduce", grid: [8, 1, 1], block: [32, 4, 2], durationNs: 1504, computeFraction: null, device: null },
    ]);
    expect(table.metrics.find(({ label }) => label === "Achieved Occupancy")).toMatchObject({
      section: "Occupancy",
      unit: "%",
    });
    expect(valueOf(table, 0, "profiler__note")).toBeNull();
    expect(valueOf(table, 1, "launch__registers_per_thread")).toBeNull();
  });

  it("places kernels under the roof of their device", async () => {
    expect(computeRoofline(await launchesOf(readSample("two-kernels.ncu-rep")))).toEqual([
      {
        launch: 0,
        precision: "single",
        flopPerSecond: 200e9,
        intensityFlopPerByte: 2,
        peakFlopPerSecond: 2e12,
        peakBytesPerSecond: 1e12,
      },
    ]);
  });

  const whole = makeReport(fullReport);
  const broken: readonly (readonly [what: string, bytes: Uint8Array, message: string])[] = [
    [
      "of another version",
      makeReport({ version: 9, results: [] }),
      "expected a report of format version 7, found version 9",
    ],
    [
      "cut in its header",
      whole.subarray(0, 6),
      "expected the size of the header of the file, found the end of the file",
    ],
    [
      "with an absurd header",
      Uint8Array.of(...whole.subarray(0, 4), 255, 255, 255, 255, 0),
      "expected 4294967295 bytes of the header of the file, found 1 to the end of the file",
    ],
  ];
  it.each(broken)("refuses a report %s", async (_what, bytes, message) => {
    await expect(importBytes(bytes)).rejects.toThrow(TraceFormatError);
    await expect(importBytes(bytes)).rejects.toThrow(message);
  });

  it("keeps the kernels before a cut, and says where it is", async () => {
    const trace = await importBytes(whole.subarray(0, whole.length - 20));
    expect(trace.launches?.launches.map(({ name }) => name)).toEqual(["saxpy"]);
    expect(trace.meta.ledger.outcome).toBe("partial");
    expect(notesOf(trace).join()).toMatch(
      /^cut 1: expected \d+ bytes of results, found the end of the file; 1 kernels before it were kept$/,
    );
  });

  it("drops a kernel whose sizes contradict each other, and one that cannot be decoded", async () => {
    const [first] = fullReport.results;
    const odd = await importBytes(makeReport({ results: [{ ...first, grid: [3, 1, 1] }] }));
    expect(odd.launches?.launches).toEqual([]);
    expect(notesOf(odd)).toEqual(["inconsistentResult 1: kernels whose grid and block do not give their thread count"]);
    // The last byte of a result is the end of a string: a length that leads beyond it.
    const damaged = makeReport({ results: [{ ...first, sections: [] }] });
    const at = damaged.length - 40;
    damaged.fill(0xff, at, at + 14);
    const trace = await importBytes(damaged);
    expect(trace.launches?.launches).toEqual([]);
    expect(notesOf(trace).join()).toMatch(/^damagedResult 1: kernel results that cannot be decoded \(expected /);
  });

  it("stands any change of its bytes", async () => {
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(flips, fc.nat(whole.length), async (changes, cut) => {
        const bytes = whole.slice(0, cut);
        for (const [offset, value] of changes) if (offset < bytes.length) bytes[offset] = value;
        await importBytes(bytes).catch((error: unknown) => {
          if (!(error instanceof TraceFormatError)) throw error;
        });
      }),
      { numRuns: 300, interruptAfterTimeLimit: 5000 },
    );
  });
});

describe("Nsight Compute tables", () => {
  it("reads the details page, whatever stands before it", async () => {
    const trace = await importBytes(readSample("details.csv"), 7);
    const table = trace.launches;
    if (table === undefined) throw new Error("no launches");
    expect(table.launches).toMatchObject([
      {
        name: "saxpy",
        grid: [64, 2, 1],
        block: [128, 1, 1],
        durationNs: 4100,
        memoryFraction: expect.closeTo(0.6184, 12) as number,
        occupancyFraction: null,
      },
      { name: "reduce", block: [32, 4, 2], durationNs: 1504 },
    ]);
    expect(valueOf(table, 0, "Elapsed Cycles")).toBe(12_319_469);
    expect(valueOf(table, 0, "Memory Throughput [byte/s]")).toBe(1.5e9);
    expect(notesOf(trace)).toEqual(["raggedRow 1: rows with fewer or more fields than the 18 columns allow"]);
    expect(trace.meta.ledger).toMatchObject({ eventsRead: 8, metadata: 1, foldedIn: 6 });
  });

  it("reads the raw page with decimal commas, where one column tells of all", async () => {
    const trace = await importBytes(readSample("raw.csv"));
    const table = trace.launches;
    if (table === undefined) throw new Error("no launches");
    expect(table.launches).toMatchObject([
      { name: "saxpy", durationNs: 27_595_520, computeFraction: 0.125 },
      { name: "reduce", durationNs: 1504, computeFraction: 0.0075 },
    ]);
    expect(valueOf(table, 0, "dram__bytes.sum")).toBe(1020);
    expect(valueOf(table, 0, "launch__func_cache_config")).toBe("CachePreferNone");
    expect(valueOf(table, 0, "smsp__inst_executed.sum")).toBe(1234);
    expect(notesOf(trace)).toEqual([]);
  });

  const table = (values: readonly string[]): Uint8Array =>
    toBytes(
      [
        ["ID", "Process ID", "Kernel Name", "Block Size", "Grid Size", ...values.map((_, i) => `m${i}`)],
        ["", "", "", "", "", ...values.map(() => "")],
        ["0", "1", "void at::<unnamed>::fill<float, at::<unnamed>::Op>(float *)", "(1, 1, 1)", "(1, 1, 1)", ...values],
        ["1", "1", "void (anonymous namespace)::softmax<float>(float *)", "(1, 1, 1)", "(1, 1, 1)", ...values],
      ]
        .map((row) => row.map((cell) => `"${cell}"`).join(","))
        .join("\n"),
    );

  it("leaves out what may be thousands or fractions where nothing tells, or columns do not agree", async () => {
    const told = 'ambiguousNumber 2: numbers that may be thousands or fractions, the first "16,896"; left out';
    for (const others of [["7"], ["1,234.5", "2.000.000"]]) {
      const trace = await importBytes(table(["16,896", ...others]));
      expect(notesOf(trace)).toEqual([told]);
      expect(trace.launches === undefined ? 0 : valueOf(trace.launches, 0, "m0")).toBeNull();
    }
    const trace = await importBytes(table(["16,896", "1,234.5"]));
    expect(trace.launches === undefined ? 0 : valueOf(trace.launches, 0, "m0")).toBe(16_896);
    expect(notesOf(trace)).toEqual([]);
  });

  it("names kernels of scopes without a name", async () => {
    const trace = await importBytes(table(["1"]));
    expect(trace.launches?.launches.map(({ name }) => name)).toEqual(["at::fill", "softmax"]);
  });

  it("drops a row that the end of the file cuts off", async () => {
    const cut = detailsCsv.slice(0, detailsCsv.lastIndexOf("reduce(float*)") + 4);
    const trace = await importBytes(toBytes(cut));
    expect(trace.launches?.launches.map(({ name }) => name)).toEqual(["saxpy"]);
    expect(notesOf(trace)).toContain("cutRow 1: rows that the end of the file cuts off");
  });

  it("stands any text behind its head", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 400 }), fc.nat(1200), async (tail, cut) => {
        await importBytes(toBytes(detailsCsv.slice(0, Math.max(420, cut)) + tail)).catch((error: unknown) => {
          if (!(error instanceof TraceFormatError)) throw error;
        });
      }),
      { numRuns: 200, interruptAfterTimeLimit: 5000 },
    );
  });

  it("tells how numbers are written from all of a column", () => {
    const parse = (...texts: string[]): (number | null)[] => {
      const votes = new NumberStyleVotes();
      for (const text of texts) votes.add(text);
      return texts.map((text) => parseLocaleNumber(text, votes.style));
    };
    expect(parse("4,963,609,951.19", "1,504", "7")).toEqual([4_963_609_951.19, 1504, 7]);
    expect(parse("4.963.609.951,19", "1.504", "7")).toEqual([4_963_609_951.19, 1504, 7]);
    expect(parse("27.595.520", "0,5")).toEqual([27_595_520, 0.5]);
    expect(parse("1.504", "12")).toEqual([null, 12]);
    expect(parse("0.123", "1.504")).toEqual([0.123, 1.504]);
    expect(parse("1.5", "1,5")).toEqual([null, null]);
  });

  it("brings units to their base", () => {
    expect(toBaseUnit("usecond")).toEqual({ unit: "ns", factor: 1000 });
    expect(toBaseUnit("ms").factor).toBeCloseTo(1e6, 6);
    expect(toBaseUnit("Kbyte")).toEqual({ unit: "byte", factor: 1000 });
    expect(toBaseUnit("Gbyte/second")).toEqual({ unit: "byte/s", factor: 1e9 });
    expect(toBaseUnit("cycle/nsecond").unit).toBe("Hz");
    expect(toBaseUnit("register/thread")).toEqual({ unit: "register/thread", factor: 1 });
  });
});
