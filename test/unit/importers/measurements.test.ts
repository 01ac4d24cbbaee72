import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMeasurementReader, readMeasurements } from "../../../traces/importers/measurements/read-measurements.ts";
import { measurementReaders } from "../../../traces/importers/measurements/registry.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { type Measurement, type MeasurementSet, pathText, summarize } from "../../../traces/measure/measurement.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";
import { samples } from "../../fixtures/measurements/samples.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(text: string): Promise<MeasurementSet> {
  const set = await readMeasurements(memorySource(bytesOf(text)), {
    fileName: "results.json",
    throwIfCancelled() {},
    reportProgress() {},
  });
  const { numbersRead, values, warmups, statistics, facts, leftOut } = set.ledger;
  const told = values + warmups + statistics + facts + leftOut.reduce((sum, { count }) => sum + count, 0);
  expect(told, "every number is accounted for").toBe(numbersRead);
  expect(new Set(set.measurements.map(({ path }) => JSON.stringify(path))).size).toBe(set.measurements.length);
  return set;
}

async function refusal(text: string): Promise<string> {
  try {
    await read(text);
  } catch (error) {
    if (!(error instanceof TraceFormatError)) throw error;
    return error.message;
  }
  return "it was read";
}

/** "path = value(s) unit better" of each measurement. */
function lines(set: MeasurementSet): string[] {
  return set.measurements.map((measurement) => {
    const { values, warmups, unit, better } = measurement;
    const { n, mean, median, standardDeviation } = summarize(measurement);
    const known = [
      `n ${n ?? "?"}`,
      `mean ${mean ?? "?"}`,
      `median ${median ?? "?"}`,
      ...(standardDeviation === null ? [] : [`sd ${Math.round(standardDeviation * 1000) / 1000}`]),
      ...(warmups.length === 0 ? [] : [`warm-ups ${warmups.join(" ")}`]),
    ].join(", ");
    return `${pathText(measurement)} = ${values.length === 0 ? "" : `[${values.join(" ")}] `}${known} ${unit.symbol} (${unit.source}) ${better ?? "-"}`;
  });
}

const sample = (file: string): string => samples.find((each) => each.file === file)?.content ?? "";

describe("benchmark results", () => {
  it.each(samples)(
    "$file is committed as it is made, told by its content and read",
    async ({ file, reader, content }) => {
      const path = join(import.meta.dirname, "../../fixtures/measurements", file);
      if (process.env["UPDATE_SAMPLES"] === "1") writeFileSync(path, content);
      const stored = readFileSync(path, "utf8");
      expect(stored).toBe(content);
      expect(findMeasurementReader(bytesOf(content)).reader?.id).toBe(reader);
      expect((await read(content)).format).toBe(reader);
    },
  );

  it("of Google Benchmark: repetitions, both times, counters, aggregates, failures", async () => {
    const set = await read(sample("google.json"));
    expect(lines(set)).toMatchInlineSnapshot(`
      [
        "BM_Copy / real_time = [12.5 13.5] n 2, mean 13, median 13, sd 0.707 us (stated) lower",
        "BM_Copy / cpu_time = [12 13] n 2, mean 12.5, median 12.5, sd 0.707 us (stated) lower",
        "BM_Copy / bytes_per_second = [4000000000 3900000000] n 2, mean 3950000000, median 3950000000, sd 70710678.119 1/s (guessed) higher",
      ]
    `);
    expect(set.ledger.notes).toEqual(["BM_Broken failed: no device"]);
    expect(set.facts).toEqual([
      ["date", "2026-01-02"],
      ["num_cpus", "8"],
    ]);
    expect(lines(await read(sample("google-aggregates.json")))).toMatchInlineSnapshot(`
      [
        "BM_Fft / real_time = n ?, mean 10, median 9, sd 2 ms (stated) lower",
        "BM_Fft / cpu_time = n ?, mean 8, median 7, sd 1 ms (stated) lower",
      ]
    `);
  });

  it("of pytest-benchmark, with and without their data; the host name is no fact", async () => {
    const set = await read(sample("pytest-data.json"));
    expect(lines(set)).toMatchInlineSnapshot(`
      [
        "tests/test_fit.py::test_fit = [0.01 0.02 0.03] n 3, mean 0.02, median 0.02, sd 0.01 s (stated) lower",
      ]
    `);
    expect(JSON.stringify(set)).not.toContain("secret-host");
    expect(lines(await read(sample("pytest-summary.json")))).toMatchInlineSnapshot(`
      [
        "test_scan = n 100, mean 0.000002, median 0.000002, sd 0 s (stated) lower",
      ]
    `);
  });

  it("of hyperfine: parameters in the name, failed commands told", async () => {
    const set = await read(sample("hyperfine.json"));
    expect(lines(set)).toMatchInlineSnapshot(`
      [
        "sort big.txt / time = [0.19 0.2 0.21] n 3, mean 0.19999999999999998, median 0.2, sd 0.01 s (stated) lower",
        "sort big.txt / user = [0.15] n 1, mean 0.15, median 0.15 s (stated) lower",
        "sort big.txt / system = [0.04] n 1, mean 0.04, median 0.04 s (stated) lower",
        "sort big.txt / memory = [1000 1200 1100] n 3, mean 1100, median 1100, sd 100 B (stated) lower",
      ]
    `);
    expect(set.ledger.notes).toEqual(["sort big.txt ended 1 times with an error"]);
    expect((await read(sample("hyperfine-parameters.json"))).measurements[0].path).toEqual(["sleep {t} (t=1)", "time"]);
  });

  it("of pyperf, with their warm-ups", async () => {
    expect(lines(await read(sample("pyperf.json")))).toMatchInlineSnapshot(`
      [
        "json_loads = [0.1 0.11 0.12] n 3, mean 0.11, median 0.11, sd 0.01, warm-ups 0.5 s (stated) lower",
      ]
    `);
  });

  it("of Deltaflame's own reports", async () => {
    const set = await read(sample("deltaflame-bench.json"));
    expect(lines(set)).toMatchInlineSnapshot(`
      [
        "direct / wasm / batch=1 / time = [1.9 2 2.1] n 3, mean 2, median 2, sd 0.1 ms (stated) lower",
        "direct / wasm / batch=1 / items per second = [500] n 1, mean 500, median 500 1/s (stated) higher",
        "direct / wasm / batch=1 / load = [30] n 1, mean 30, median 30 ms (stated) lower",
        "direct / wasm / batch=1 / first step = [9] n 1, mean 9, median 9 ms (stated) lower",
        "direct / wasm / batch=1 / peak memory = [1000] n 1, mean 1000, median 1000 B (stated) lower",
        "direct / wasm / batch=1 / accuracy / energy error = [0.5] n 1, mean 0.5, median 0.5 meV (stated) lower",
      ]
    `);
    expect(set.measurements[0]?.labels).toEqual([
      ["quantity", "time"],
      ["variant", "direct"],
      ["backend", "wasm"],
      ["device", "CPU"],
      ["outcome", "measured"],
      ["batch", 1],
    ]);
    const shared = sample("deltaflame-bench.json").replace('"loadMs": 30', '"loadMs": 30, "loadShared": true');
    const { measurements, ledger } = await read(shared);
    expect(measurements.map(({ path }) => path.at(-1))).not.toContain("load");
    expect(ledger.leftOut).toContainEqual({ reason: "loads that another configuration has told", count: 1 });
    expect(set.ledger.notes).toEqual(["direct / wasm / batch=2: failed, out of memory"]);
    const unchosen = await read(sample("deltaflame-bench.json").replace('"batch": 1', '"batch": 1, "file": null'));
    expect(unchosen.measurements.map(({ path }) => path)).toEqual(set.measurements.map(({ path }) => path));
    expect(set.integrity).toEqual([]);
    const repeated = sample("deltaflame-bench.json").replace(
      '"itemsPerStep": 1',
      '"itemsPerStep": 1, "outputsChanged": false',
    );
    expect((await read(repeated)).integrity).toMatchObject([{ rule: "sameOutputs", severity: "invalid" }]);
  });

  it("of scripts: summaries gathered, repetitions kept, lists told apart, facts by an allow list", async () => {
    const set = await read(sample("script.json"));
    expect(lines(set)).toMatchInlineSnapshot(`
      [
        "single / time_ms = n 4, mean 2, median ?, sd 0.5 ms (guessed) lower",
        "single / by_size / 3 = [0.9 1.1] n 2, mean 1, median 1, sd 0.141 ms (guessed) lower",
        "batch / 4 / time_ms = n ?, mean 8, median ?, sd 1 ms (guessed) lower",
        "batch / 4 / time_per_structure_ms = [2] n 1, mean 2, median 2 ms (guessed) lower",
        "batch / 4 / throughput_struct_per_sec = [500] n 1, mean 500, median 500 1/s (guessed) higher",
        "batch / 4 / speedup_vs_batch1 = [1.1] n 1, mean 1.1, median 1.1 x (guessed) higher",
        "scaling / n_atoms=3 / ms_per_atom = [0.5] n 1, mean 0.5, median 0.5 ms/atom (guessed) lower",
        "scaling / n_atoms=12 / ms_per_atom = [0.25] n 1, mean 0.25, median 0.25 ms/atom (guessed) lower",
        "memory / peak_mb = [21.5] n 1, mean 21.5, median 21.5 MB (guessed) lower",
        "memory / min_safety_factor = [1.05] n 1, mean 1.05, median 1.05 x (guessed) -",
      ]
    `);
    expect(set.facts).toEqual([
      ["device", "cuda"],
      ["cuda device", "RTX"],
      ["note", "a placeholder"],
    ]);
    expect(set.ledger.leftOut).toEqual([{ reason: "lists of numbers that are no repetitions", count: 3 }]);
    expect(lines(await read(sample("script-flat.json")))).toMatchInlineSnapshot(`
      [
        "cold_jit_ms = [1502.9] n 1, mean 1502.9, median 1502.9 ms (guessed) lower",
        "hot_path_ms = [567.3] n 1, mean 567.3, median 567.3 ms (guessed) lower",
      ]
    `);
  });

  it("of an array of results", async () => {
    expect(lines(await read('[{"name":"a","time_ms":1.5},{"name":"b","time_ms":2}]'))).toEqual([
      "results / a / time_ms = [1.5] n 1, mean 1.5, median 1.5 ms (guessed) lower",
      "results / b / time_ms = [2] n 1, mean 2, median 2 ms (guessed) lower",
    ]);
  });
});

describe("traces and profiles are no benchmark results", () => {
  it.each([
    '{"traceEvents":[]}',
    '{"displayTimeUnit":"ms","otherData":{"x":1}}',
    '[{"ph":"X","ts":1}]',
    '{"nodes":[],"startTime":1}',
    '{"$schema":"https://www.speedscope.app/file-format-schema.json"}',
    "[]",
    "[1,2]",
    '{"a":"b"}',
    "a;b 1",
    "",
  ])("%s", (text) => {
    expect(findMeasurementReader(bytesOf(text)).certainty).toBe(0);
  });
});

describe("broken results are refused with what was expected", () => {
  const google = sample("google.json");
  const pytest = sample("pytest-data.json");
  const fine = sample("hyperfine.json");
  const pyperf = sample("pyperf.json");
  const own = sample("deltaflame-bench.json");
  it.each([
    [
      "google, cut",
      google.slice(0, 200),
      "expected a file of benchmark results in whole, found that the file breaks off at byte 200",
    ],
    [
      "google, no JSON",
      google.replace("[", "[,"),
      /^expected a file of benchmark results, found text that is no JSON at byte \d+$/,
    ],
    [
      "google, no list",
      google.replace('"benchmarks": [', '"benchmarks": 7, "x": ['),
      'expected a list at "benchmarks" of the results, found something else',
    ],
    [
      "google, no name",
      google.replace('"name": "BM_Copy"', '"nome": 1'),
      'expected a text at "benchmarks[0].name" of the results, found something else',
    ],
    [
      "google, an entry that is none",
      google.replace('"benchmarks": [', '"benchmarks": [3,'),
      'expected an object at "benchmarks[0]" of the results, found something else',
    ],
    [
      "pytest, no stats",
      pytest.replace('"stats"', '"status"'),
      'expected an object at "benchmarks[0].stats" of the results, found something else',
    ],
    [
      "pytest, text as data",
      pytest.replace('"data": [', '"data": ["x",'),
      'expected a number at "benchmarks[0].stats.data[0]" of the results, found something else',
    ],
    [
      "hyperfine, no command",
      fine.replace('"command": "sort big.txt"', '"command": 1'),
      'expected a text at "results[0].command" of the results, found something else',
    ],
    [
      "hyperfine, times of text",
      fine.replace('"times": [', '"times": ["x",'),
      'expected a number at "results[0].times[0]" of the results, found something else',
    ],
    [
      "pyperf, no runs",
      pyperf.replace('"runs": [', '"runs": [7,'),
      'expected an object at "benchmarks[0].runs[0]" of the results, found something else',
    ],
    [
      "pyperf, a warm-up that is no pair",
      pyperf.replace(/1,\s*0\.5/, "1"),
      'expected a number at "benchmarks[0].runs[0].warmups[0]" of the results, found something else',
    ],
    [
      "own, a newer version",
      own.replace('"version": 1', '"version": 3'),
      'expected 1, which this program reads, not 3 at "version" of the report, found something else',
    ],
    [
      "own, no backend",
      own.replace('"backend": "wasm"', '"backend": null'),
      'expected a text at "results[0].backend" of the report, found something else',
    ],
    [
      "script, nothing measured",
      '{"config":{"device":"cpu","n":3}}',
      'expected numbers of a benchmark at "the root" of the results, found something else',
    ],
    ["text", "hello 1", /^expected benchmark results as JSON, found something else; what can be read: /],
    ["nothing", "", /^expected benchmark results as JSON, found something else; what can be read: /],
  ])("%s", async (_what, text, message) => {
    const found = await refusal(text);
    if (message instanceof RegExp) expect(found).toMatch(message);
    else expect(found).toBe(message);
  });

  it("any byte changed: read with a closed ledger, or refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), fc.nat(), fc.nat(255), async ({ content }, at, value) => {
        const damaged = bytesOf(content);
        damaged[at % damaged.length] = value;
        await refusal(new TextDecoder().decode(damaged));
      }),
      { numRuns: 400 },
    );
  });

  it("nesting without end costs no stack", async () => {
    const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
    const set = await read(`{"time_ms":1,"deep":${deep}}`);
    expect(set.measurements.map(({ path }: Measurement) => path)).toEqual([["time_ms"]]);
    expect(set.ledger.notes).toEqual(["values below 64 levels were left out"]);
  });
});

it("every reader has two samples of its own", () => {
  for (const { id } of measurementReaders) {
    const own = samples.filter(({ reader }) => reader === id);
    expect(own.length, id).toBeGreaterThanOrEqual(2);
  }
});
