import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inspectJson } from "../../../traces/measure/integrity/inspect.ts";
import { corpusPath, hasCorpora, skipNote } from "./corpora.ts";

const inspect = (file: string) => inspectJson(JSON.parse(readFileSync(corpusPath("bench", file), "utf8")));

/** Published benchmarks of a student force field: three of them measured a cache. */
describe.skipIf(!hasCorpora)(`published benchmarks${skipNote}`, () => {
  test("batch 1 of 0.79 ms is an answer from a cache, and the claims against it are void", () => {
    for (const [file, ratio] of [
      ["mlff_baseline_performance.json", "27.5×"],
      ["mlff_baseline_baseline_performance.json", "24.3×"],
    ] as const) {
      const findings = inspect(file);
      const idle = findings.find(({ rule }) => rule === "batchOneIdle");
      expect(idle).toMatchObject({ severity: "invalid", place: "batch_inference / 1" });
      expect(idle?.arithmetic).toContain(ratio);
    }
    const corrected = inspect("mlff_baseline_baseline_performance.json").find(({ rule }) => rule === "singleDiffers");
    expect(corrected?.arithmetic).toContain("batch 4: 10.6 ms per item, 3.59× as fast as one alone");
  });

  test("0.126 ms per atom at 60 atoms is one real repetition of 34.5 ms among four cached ones", () => {
    const findings = inspect("mlff_baseline_performance.json").filter(({ rule }) => rule === "cachedMixture");
    expect(findings).toHaveLength(7);
    expect(findings.at(-1)?.message).toBe("4 of 5 repetitions came from a cache; the real time is about 34.5 ms.");
  });

  test("a profile of one synchronize says nothing of the GPU", () => {
    const finding = inspect("mlff_baseline_performance.json").find(({ rule }) => rule === "noKernels");
    expect(finding?.arithmetic).toBe("1 operation (cudaDeviceSynchronize), 0 µs on the device");
  });

  test("times that do not depend on the size are a fixed cost", () => {
    const notes = inspect("mlff_with_compile_baseline_performance.json").filter(({ severity }) => severity === "note");
    expect(notes.map(({ rule, place }) => [rule, place])).toEqual([["sizeIndependent", "single_inference / by_size"]]);
  });

  test("honest benchmarks raise nothing that must not be used", () => {
    for (const file of [
      "mlff_student_vs_orb.json",
      "mlff_phase3_week1_results.json",
      "mlff_force_profiling_force_profiling_results.json",
      "nlsq_memory_reuse.json",
      "nlsq_streaming_overhead.json",
      "pytestbench_0001.json",
      "gbench_test1_run1.json",
    ])
      expect(inspect(file).filter(({ severity }) => severity !== "note")).toEqual([]);
  });
});
