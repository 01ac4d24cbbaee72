import { describe, expect, test } from "vitest";
import type { BenchReport, BenchResult } from "../../../traces/measure/bench-report.ts";
import { inspectJson, inspectReport, reportFindings } from "../../../traces/measure/integrity/inspect.ts";
import { readTimings } from "../../../traces/measure/integrity/json-timings.ts";
import { createRandom } from "../../../traces/measure/random.ts";
import { backends } from "../../../native-bench/backends/registry.ts";
import { gpuBackend } from "../../../traces/measure/integrity/report-rules.ts";
import { describeUnmeasured, summarizeSamples } from "../../../native-bench/runner/result.ts";

const rulesOf = (file: unknown): readonly string[] => inspectJson(file).map(({ rule }) => rule);

function reportOf(results: readonly BenchResult[]): BenchReport {
  return {
    format: "deltaflame-bench",
    version: 1,
    parameters: { workload: "w", variants: [], backends: [], options: {}, protocol: {} },
    environment: {
      startedAt: "",
      appVersion: "",
      os: "",
      cpu: "",
      cores: 1,
      memoryBytes: 1,
      gpus: [],
      powerMode: null,
      niceness: 0,
      loadBefore: null,
      versions: {},
      spanCostNs: null,
    },
    results,
  };
}

function resultOf(batch: number, stepsMs: readonly number[], change: Partial<BenchResult> = {}): BenchResult {
  const configuration = { variant: "fast", backend: "cpu", options: { batch } };
  return {
    ...describeUnmeasured(configuration, "measured", null),
    itemsPerStep: batch,
    ...summarizeSamples(stepsMs, batch),
    outputsChanged: true,
    ...change,
  };
}

/** Log-normal noise of 5 %, as timings have. */
function samples(medianMs: number, seed: string, count = 60): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => medianMs * Math.exp(0.05 * random.normal()));
}

describe("files of benchmarks", () => {
  test("a batch of one that answers from a cache, with the ratios that hold instead", () => {
    const file = {
      single: { mean_ms: 20 },
      batches: { "1": { mean_ms: 0.5 }, "2": { mean_ms: 20 }, "4": { mean_ms: 22 } },
    };
    const findings = inspectJson(file);
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ["batchOneIdle", "invalid"],
      ["singleDiffers", "invalid"],
    ]);
    expect(findings[0]?.arithmetic).toBe("0.500 ms at batch 1, per item 10.0 ms at 2, 5.50 ms at 4: 20.0×");
    expect(findings[1]?.arithmetic).toContain("batch 4: 5.50 ms per item, 3.64× as fast as one alone");
  });

  test("one real repetition among cached ones, solved from mean and deviation", () => {
    const [real, hit, n] = [30, 0.5, 5];
    const mean = (real + (n - 1) * hit) / n;
    const deviation = ((real - hit) * Math.sqrt(n - 1)) / n;
    const file = {
      batches: { "1": { mean_ms: hit }, "2": { mean_ms: 60 } },
      scaling: [{ mean_ms: mean, std_ms: deviation }],
    };
    const finding = inspectJson(file).find(({ rule }) => rule === "cachedMixture");
    expect(finding?.message).toBe("4 of 5 repetitions came from a cache; the real time is about 30.0 ms.");
    expect(finding?.place).toBe("scaling / #1");
  });

  test("entries of a list go by what tells them apart, and where they lie in it is no size", () => {
    const placesOf = (...entries: readonly object[]) =>
      readTimings({ scaling_data: entries }).map(({ place, size }) => [place, size]);
    expect(placesOf({ n_atoms: 20, mean_ms: 5 }, { n_atoms: 60, mean_ms: 9 })).toEqual([
      ["scaling_data / n_atoms=20", 20],
      ["scaling_data / n_atoms=60", 60],
    ]);
    const equal = [12, 12, 60].map((atoms) => ({ n_atoms: atoms, mean_ms: 5 }));
    expect(placesOf(...equal).map(([place]) => place)).toEqual([
      "scaling_data / n_atoms=12",
      "scaling_data / n_atoms=12 #2",
      "scaling_data / n_atoms=60",
    ]);
    expect(placesOf({ mean_ms: 5 })).toEqual([["scaling_data / #1", null]]);
  });

  test("a profile that holds only the wait for the device", () => {
    const profiling = { operations: [{ name: "cudaDeviceSynchronize", cuda_time_us: 0 }] };
    expect(rulesOf({ profiling })).toEqual(["noKernels"]);
    const honest = { operations: [{ name: "gemm", cuda_time_us: 800 }, ...profiling.operations] };
    expect(rulesOf({ profiling: honest })).toEqual([]);
  });

  test("time that does not depend on the size is a note, not a fault", () => {
    const bySize = (times: readonly number[]) =>
      Object.fromEntries(times.map((mean_ms, i) => [String(3 * (i + 1)), { mean_ms }]));
    expect(inspectJson({ by_size: bySize([38, 38.2, 37.8, 38.1, 38]) })).toMatchObject([
      { rule: "sizeIndependent", severity: "note" },
    ]);
    expect(rulesOf({ by_size: bySize([1, 2, 3, 4, 5]) })).toEqual([]);
  });

  test("small sizes that take far longer than all larger ones hold a compilation", () => {
    const bySize = (times: readonly number[]) =>
      Object.fromEntries(
        [3, 4, 5, 12, 20, 50].map((atoms, i) => [atoms, { n_atoms: atoms, mean_ms: 2, force_mean_ms: times[i] }]),
      );
    const finding = inspectJson({ compiled: { by_size: bySize([1207, 1715, 9.6, 9.6, 10.6, 11.4]) } }).find(
      ({ severity }) => severity === "invalid",
    );
    expect(finding).toMatchObject({ rule: "smallSizesSlow", place: "compiled / by_size / force" });
    expect(finding?.arithmetic).toBe("1207 ms at 3, 1715 ms at 4; 10.1 ms the median of the larger ones: 120× or more");
    // A first size that is slow to warm up, and sizes that shrink steadily, are none.
    for (const times of [
      [29.5, 14.8, 11.2, 11, 12, 13.3],
      [32, 16, 8, 4, 2, 1],
    ])
      expect(rulesOf({ by_size: bySize(times) })).not.toContain("smallSizesSlow");
  });

  test("no work takes no time, and nothing is divided by it", () => {
    const findings = inspectJson({
      single: { mean_ms: 20 },
      batches: { "1": { mean_ms: 0, std_ms: 0 }, "2": { mean_ms: 20 } },
      scaling: { mean_ms: 0, times_ms: [0, 0, 0, 0, 0, 0] },
    });
    expect(findings.map(({ rule, place }) => [rule, place])).toEqual([
      ["noTime", "batches / 1"],
      ["noTime", "scaling"],
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/not a number|∞/u);
  });

  test("nothing in what is no benchmark", () => {
    for (const file of [null, 3, "text", [], {}, { mean_ms: "fast" }]) expect(inspectJson(file)).toEqual([]);
  });
});

describe("runs of our own", () => {
  test("an honest batch sweep raises nothing", () => {
    const results = [1, 2, 4, 8].map((batch) => resultOf(batch, samples(10 + batch, `batch ${batch}`)));
    expect(inspectReport(reportOf(results))).toEqual([]);
  });

  test("a slow first sample among slow others says that the machine was busy, nothing more", () => {
    const busy = [8, ...samples(1, "busy").map((ms, i) => (i % 9 === 4 ? 6 : ms))];
    const findings = inspectReport(reportOf([resultOf(2, busy)]));
    expect(findings.filter(({ rule }) => rule === "firstSlow")).toEqual([]);
  });

  test("one preempted sample after the warm-up is an outlier; in a file that tells of no warm-up it is a compilation", () => {
    const preempted = [253, ...samples(12.3, "naive", 30)];
    const [note, ...more] = inspectReport(reportOf([resultOf(2, preempted, { warmupSteps: 5 })]));
    expect(more).toEqual([]);
    expect(note).toMatchObject({
      rule: "firstSlow",
      severity: "note",
      message:
        "The first sample is an outlier: the warm-up was over, so another program had the processor. The median holds.",
    });
    expect(inspectReport(reportOf([resultOf(2, preempted)]))).toMatchObject([{ severity: "invalid" }]);
    expect(inspectJson({ mean_ms: 20, times_ms: preempted })).toMatchObject([{ severity: "invalid" }]);
  });

  test("several slow first samples in a row", () => {
    const slow = [...samples(50, "start", 3), ...samples(1, "rest", 57)];
    expect(inspectReport(reportOf([resultOf(2, slow, { warmupSteps: 5 })]))).toMatchObject([
      { rule: "firstSlow", severity: "doubtful" },
    ]);
    const [finding] = inspectJson({ mean_ms: 3, times_ms: slow });
    expect(finding).toMatchObject({ rule: "firstSlow", severity: "invalid" });
    expect(finding?.message).toMatch(/^The first 3 samples hold work that the others do not repeat/u);
  });

  test.each([6, 10])("a real answer in 1 of %i samples, the rest from a cache", (period) => {
    const cached = samples(0.1, "cached").map((ms, i) => (i % period === 2 ? 200 * ms : ms));
    const [finding, ...more] = inspectReport(reportOf([resultOf(2, cached, { warmupSteps: 5 })]));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ rule: "bimodal", severity: "doubtful" });
    expect(finding?.arithmetic).toContain(`(${period === 6 ? "16.7" : "10.0"} %)`);
  });

  test("samples that a busy machine delays, each by another time, are no second group", () => {
    const random = createRandom("busy machine");
    const busy = samples(1, "steady", 100).map((ms, i) => (i % 10 === 4 ? ms * 4 ** (1 + 2 * random.next()) : ms));
    expect(inspectReport(reportOf([resultOf(2, busy, { warmupSteps: 5 })]))).toEqual([]);
  });

  test("a first batch of a small molecule and larger ones of large molecules: none is idle", () => {
    const results = [1, 2, 4].map((batch) =>
      resultOf(batch, samples(batch === 1 ? 0.5 : 20 * batch, `mixed ${batch}`), {
        facts: { atoms: batch === 1 ? 3 : 60 * batch },
      }),
    );
    expect(inspectReport(reportOf(results))).toEqual([]);
    const same = results.map((result) => ({ ...result, facts: { atoms: 3 * result.itemsPerStep } }));
    expect(inspectReport(reportOf(same))).toMatchObject([{ rule: "batchOneIdle" }]);
  });

  test("sizes are compared at the same settings", () => {
    const results = [3, 12, 60, 192].flatMap((atoms) =>
      [1, 8].map((threads) =>
        resultOf(1, samples(8 / threads, `${atoms} atoms, ${threads} threads`), {
          options: { batch: 1, structures: `water${atoms}`, threads },
          facts: { atoms },
        }),
      ),
    );
    expect(inspectReport(reportOf(results)).map(({ rule, place }) => [rule, place])).toEqual([
      ["sizeIndependent", "fast / cpu / threads 1 / batch 1"],
      ["sizeIndependent", "fast / cpu / threads 8 / batch 1"],
    ]);
  });

  test.each(["onnxruntime-cuda", "onnxruntime-tensorrt", "onnxruntime-webgpu"])(
    "a profile of %s without nodes, or with all of them on the CPU",
    (backend) => {
      const placed = (placement: BenchResult["placement"]) =>
        inspectReport(reportOf([resultOf(1, samples(1, "placed"), { backend, placement })]));
      expect(placed({})).toMatchObject([
        { rule: "noKernels", severity: "invalid", arithmetic: `0 nodes in the profiled step, on ${backend}` },
      ]);
      expect(placed({ CPUExecutionProvider: 212 })).toMatchObject([
        {
          rule: "leftToCpu",
          severity: "invalid",
          place: `fast / ${backend}`,
          arithmetic: "212 nodes in the profiled step, all on CPUExecutionProvider",
        },
      ]);
      // Not profiled, and a few nodes left to the CPU, are honest.
      expect(placed(null)).toEqual([]);
      expect(placed({ CUDAExecutionProvider: 200, CPUExecutionProvider: 12 })).toEqual([]);
    },
  );

  test("every backend of ONNX Runtime for a GPU is known as one", () => {
    for (const { id, library, ...backend } of backends) {
      if (library !== "onnxruntime" || !("provider" in backend)) continue;
      expect(gpuBackend.test(id), id).toBe(backend.provider !== "CPUExecutionProvider");
    }
    const placement = { CPUExecutionProvider: 212 };
    const onCpu = resultOf(1, samples(1, "cpu"), { backend: "onnxruntime-cpu", placement });
    expect(inspectReport(reportOf([onCpu]))).toEqual([]);
  });

  test("a median that is not that of the samples", () => {
    const stated = (medianMs: number | null) =>
      inspectReport(reportOf([resultOf(2, [4, 5, 6, 5, 4, 6], { medianMs })]));
    expect(stated(0.25)).toMatchObject([
      { rule: "medianDiffers", severity: "invalid", arithmetic: "0.250 ms stated, 2.50 ms the median of 6 samples" },
    ]);
    expect(stated(2.499)).toEqual([]);
    expect(stated(null)).toEqual([]);
  });

  test("negative samples are called negative", () => {
    const [finding] = inspectReport(reportOf([resultOf(1, [1, -3, 1, 0, 1, 1, 1])]));
    expect(finding).toMatchObject({
      rule: "noTime",
      severity: "invalid",
      message: "No work takes less than no time: the clock was set back, or the numbers are wrong.",
      arithmetic: "1 of 7 samples are negative, the least −3.00 ms; 1 of 7 samples are 0 ms",
    });
    expect(inspectJson({ mean_ms: -2 })).toMatchObject([{ rule: "noTime", arithmetic: "a mean of −2.00 ms" }]);
  });

  test("what answered from a cache has no excuse in another program, and its median does not hold", () => {
    const cached = [172, ...samples(0.1, "hit")];
    const warm = { warmupSteps: 5 };
    const results = [
      resultOf(1, cached, warm),
      ...[2, 4].map((batch) => resultOf(batch, samples(170 * batch, `real ${batch}`), warm)),
    ];
    expect(inspectReport(reportOf(results)).map(({ rule, place }) => [rule, place])).toEqual([
      ["batchOneIdle", "fast / cpu / batch 1"],
    ]);
    const still = inspectReport(reportOf([resultOf(1, cached, { ...warm, outputsChanged: false })]));
    expect(still.map(({ rule }) => rule)).toEqual(["sameOutputs"]);
  });

  test("outputs that cannot change with the inputs are not judged", () => {
    const still = (edges: number) =>
      resultOf(1, samples(1, "still"), { outputsChanged: false, facts: { atoms: 1, edges } });
    expect(inspectReport(reportOf([still(0)]))).toEqual([]);
    expect(inspectReport(reportOf([still(2)]))).toMatchObject([{ rule: "sameOutputs", severity: "invalid" }]);
  });

  test("outputs that did not change, a first sample that compiles, two kinds of samples", () => {
    const two = samples(1, "a").map((ms, i) => (i % 2 === 0 ? ms : 6 * ms));
    const results = [
      resultOf(1, samples(1, "x"), { outputsChanged: false }),
      resultOf(2, [50, ...samples(1, "y")]),
      resultOf(4, two),
    ];
    expect(inspectReport(reportOf(results)).map(({ rule, place }) => [rule, place])).toEqual([
      ["firstSlow", "fast / cpu / batch 2"],
      ["bimodal", "fast / cpu / batch 4"],
      ["sameOutputs", "fast / cpu / batch 1"],
    ]);
  });
});

test("a large report is judged a configuration at a time, with the same outcome", () => {
  const busy = samples(50, "slices").map((ms, index) => (index % 3 === 0 ? ms * 4 : ms));
  const report = reportOf([1, 2, 4].map((batch) => resultOf(batch, busy)));
  const work = reportFindings(report);
  let pauses = 0;
  let step = work.next();
  for (; step.done !== true; step = work.next()) pauses++;
  expect(step.value).toEqual(inspectReport(report));
  expect(step.value.length).toBeGreaterThan(0);
  expect(pauses).toBe(report.results.length);
});
