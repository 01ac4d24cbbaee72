import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sniffImporters } from "../../../traces/importers/import-file.ts";
import { findMeasurementReader, readMeasurements } from "../../../traces/importers/measurements/read-measurements.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import {
  indexByPath,
  type MeasurementSet,
  type MeasurementSummary,
  summarize,
} from "../../../traces/measure/measurement.ts";
import { corpusPath, hasCorpora, skipNote } from "./corpora.ts";

/** Ends in the middle of a value, as its project has it. */
const cutFile = "mlff_analytical_forces_validation.json";
const files = hasCorpora ? readdirSync(corpusPath("bench", ".")).filter((file) => file !== cutFile) : [];

async function read(file: string): Promise<MeasurementSet> {
  const bytes = readFileSync(corpusPath("bench", file));
  return await readMeasurements(memorySource(bytes), { fileName: file, throwIfCancelled() {}, reportProgress() {} });
}

function summaryOf(set: MeasurementSet, ...path: readonly string[]): MeasurementSummary & { readonly unit: string } {
  const measurement = indexByPath(set).get(JSON.stringify(path));
  if (measurement === undefined) throw new Error(`no measurement ${path.join(" / ")}`);
  return { ...summarize(measurement), unit: measurement.unit.symbol };
}

describe.skipIf(!hasCorpora)(`real benchmark results${skipNote}`, () => {
  it.each(files)("%s is told from a trace and read, every number accounted for", async (file) => {
    const head = readFileSync(corpusPath("bench", file)).subarray(0, 64 * 1024);
    expect(findMeasurementReader(head).certainty).toBeGreaterThan(sniffImporters(head, file).certainty);
    const set = await read(file);
    expect(set.measurements.length).toBeGreaterThan(0);
    const { numbersRead, values, warmups, statistics, facts, leftOut } = set.ledger;
    expect(values + warmups + statistics + facts + leftOut.reduce((sum, { count }) => sum + count, 0)).toBe(
      numbersRead,
    );
    expect(leftOut.find(({ reason }) => reason.includes("does not know"))).toBeUndefined();
    expect(JSON.stringify(set.facts)).not.toMatch(/\/home\/|minibox/);
  });

  it("one that breaks off is refused, with the place", async () => {
    await expect(read(cutFile)).rejects.toThrow(
      "expected a file of benchmark results in whole, found that the file breaks off at byte 230",
    );
  });

  it.each(["chrome", "kineto", "jaxjson", "ort", "cpuprof"])(
    "no file of %s is taken for benchmark results",
    async (format) => {
      const { gunzipSync } = await import("node:zlib");
      for (const file of readdirSync(corpusPath(format, "."))) {
        const stored = readFileSync(corpusPath(format, file));
        if (stored[0] === 0x50 && stored[1] === 0x4b) continue;
        const bytes = stored[0] === 0x1f ? gunzipSync(stored) : stored;
        const head = bytes.subarray(0, 64 * 1024);
        expect(findMeasurementReader(head).certainty <= sniffImporters(head, file).certainty, file).toBe(true);
      }
    },
  );

  it("Google Benchmark: the changes that its own comparison tests expect", async () => {
    const [before, after] = [await read("gbench_test1_run1.json"), await read("gbench_test1_run2.json")];
    const seconds = { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 } as const;
    const change = (name: string): number => {
      const [a, b] = [before, after].map((set) => {
        const { mean, unit } = summaryOf(set, name, "real_time");
        return (mean ?? Number.NaN) * seconds[unit as keyof typeof seconds];
      });
      return (b - a) / a;
    };
    expect(change("BM_2xFaster")).toBeCloseTo(-0.5, 4);
    expect(change("BM_100xSlower")).toBeCloseTo(99, 4);
    expect(change("BM_ThirdFaster")).toBeCloseTo(-0.3333, 3);
    expect(change("BM_NotBadTimeUnit")).toBeCloseTo(-0.9, 4);
  });

  it("the student project: single calls, batches by structure, deviations", async () => {
    const first = await read("mlff_baseline_performance.json");
    const second = await read("mlff_baseline_baseline_performance.json");
    const compiled = await read("mlff_with_compile_baseline_performance.json");
    const single = ["single_inference", "time_ms"] as const;
    const perStructure = ["batch_inference", "4", "time_per_structure_ms"] as const;
    expect([first, second].map((set) => summaryOf(set, ...single).mean?.toFixed(3))).toEqual(["22.320", "38.220"]);
    expect([first, second].map((set) => summaryOf(set, ...perStructure).mean?.toFixed(3))).toEqual([
      "21.895",
      "10.637",
    ]);
    expect(summaryOf(first, ...single).unit).toBe("ms");
    const deviations = [second, compiled].map((set) => summaryOf(set, ...single));
    expect(
      deviations.map(
        ({ mean, standardDeviation, n }) => `${mean?.toFixed(3)} ± ${standardDeviation?.toFixed(3)}, n ${n}`,
      ),
    ).toEqual(["38.220 ± 0.922, n 10", "37.672 ± 0.526, n 10"]);
  });

  it("repetitions of scripts are kept, each with its summary", async () => {
    const set = await read("mlff_student_vs_orb.json");
    const water = indexByPath(set).get(JSON.stringify(["student", "molecules", "H2O"]));
    expect(water?.values.length).toBe(30);
    expect(summarize({ values: water?.values ?? [], stated: null }).mean).toBeCloseTo(16.699372231960297, 9);
    expect(water?.unit).toEqual({ symbol: "ms", source: "guessed" });
  });

  it("pytest-benchmark: its statistics, in seconds, without the host's name", async () => {
    const set = await read("pytestbench_0001.json");
    const [measurement] = set.measurements;
    expect(summarize(measurement)).toMatchObject({ n: 9987, mean: 2.622408132654948e-7 });
    expect(measurement.unit).toEqual({ symbol: "s", source: "stated" });
  });
});
