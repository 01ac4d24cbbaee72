import { describe, expect, test } from "vitest";
import { describeUnmeasured, summarizeSamples } from "../../../../native-bench/runner/result.ts";
import type { WorkloadFacts } from "../../../../native-bench/plan/catalog.ts";
import { recorderLoadFacts } from "../../../../native-bench/workloads/recorder-load/facts.ts";
import { linesOf, measuredWith } from "../../../../renderer/views/scaling/scaling-lines.ts";
import { axesOf, regimeWords, seriesOf, sharedAxesOf } from "../../../../renderer/views/scaling/scaling-series.ts";
import { plainUnit } from "../../../../renderer/charts/axis.ts";
import { lineTable } from "../../../../renderer/charts/line-series.ts";
import type { BenchResult } from "../../../../traces/measure/bench-report.ts";
import { layersWorkload } from "../../../fixtures/bench/layers-workload.ts";

const workload: WorkloadFacts = {
  ...layersWorkload.facts,
  options: {
    ...layersWorkload.facts.options,
    structures: {
      kind: "choice",
      label: "Structures",
      help: "",
      default: "H2O",
      many: true,
      choices: [
        { value: "H2O", label: "water" },
        { value: "C60", label: "fullerene" },
      ],
    },
  },
  axes: ["batch", "structures"],
  published: [{ title: "loop", source: "a GPU", axis: "batch", points: [{ size: 2, timeMs: 40 }] }],
};

function resultOf(variant: string, batch: number, stepMs: number, change: Partial<BenchResult> = {}): BenchResult {
  const steps = Array.from({ length: 9 }, (_, i) => stepMs * (1 + 0.001 * (i - 4)));
  return {
    ...describeUnmeasured({ variant, backend: "cpu", options: { batch, structures: "H2O" } }, "measured", null),
    itemsPerStep: batch,
    ...summarizeSamples(steps, batch),
    facts: { atoms: 3 * batch },
    device: "CPU",
    precision: "float32",
    ...change,
  };
}

const sweep = [1, 2, 4, 8].flatMap((batch) => [
  resultOf("fast", batch, 10 + batch),
  resultOf("loop", batch, 5 * batch),
]);

describe("curves over a batch", () => {
  const [axis] = axesOf(sweep, workload);
  if (axis === undefined) throw new Error("no axis");
  const series = seriesOf(sweep, axis, workload);

  test("are one a variant, each with its regime", () => {
    expect(axesOf(sweep, workload).map(({ id, axis: { kind } }) => [id, kind])).toEqual([["batch", "batch"]]);
    expect(series.map(({ title, regime }) => [title, regime?.name])).toEqual([
      ["fast", "affine"],
      ["loop", "serial"],
    ]);
  });

  test("are named as the form names variants and values", () => {
    const named: WorkloadFacts = { ...workload, variants: [{ id: "fast", label: "Fast, INT8 everywhere", help: "" }] };
    const mixed = sweep.flatMap((result) =>
      ["H2O", "C60"].map((structures) => ({ ...result, options: { ...result.options, structures, threads: 2 } })),
    );
    const threads = mixed.map((result, index) => ({
      ...result,
      options: { ...result.options, threads: 1 + (index % 2) },
    }));
    expect(seriesOf(mixed, axis, named).map(({ title }) => title)).toEqual([
      "Fast, INT8 everywhere · water",
      "Fast, INT8 everywhere · fullerene",
      "loop · water",
      "loop · fullerene",
    ]);
    expect(seriesOf(threads, axis, named)[0]?.title).toBe("Fast, INT8 everywhere · water · threads 1");
  });

  test("show time per item, of the step, and the rate from the same numbers", () => {
    const at = (quantity: "perItem" | "total" | "rate") =>
      linesOf(series, axis, quantity, [])[0]?.points.find(({ x }) => x === 4)?.y;
    expect(at("total")).toBeCloseTo(14e6, -3);
    expect(at("perItem")).toBeCloseTo(3.5e6, -3);
    expect(at("rate")).toBeCloseTo(4000 / 14, 3);
  });

  test("bring fits, the ideal, and published figures marked as such", () => {
    const lines = linesOf(series, axis, "total", workload.published);
    expect(lines.map(({ role, title }) => [role, title])).toEqual([
      ["measured", "fast"],
      ["measured", "loop"],
      ["model", "fast: affine fit"],
      ["model", "loop: serial fit"],
      ["ideal", "ideal of fast: a batch costs what its first costs"],
      ["reference", "published: loop"],
    ]);
    expect(lines.at(-1)).toMatchObject({ note: "a GPU", points: [{ x: 2, y: 40e6, label: "published, a GPU" }] });
  });

  test("tell backend, device, precision and warm-up once where they are the same for all", () => {
    const warmed = sweep.map((result, index) => ({ ...result, warmupSteps: 5 + index }));
    const alike = seriesOf(warmed, axis, workload);
    expect(measuredWith(alike)).toBe("cpu, CPU, float32, after 5 to 12 steps of warm-up");
    expect(linesOf(alike, axis, "total", []).map(({ note }) => note)).not.toContain("CPU, float32");
    const mixed = seriesOf(
      warmed.map((result) => (result.variant === "fast" ? { ...result, precision: "float16" } : result)),
      axis,
      workload,
    );
    expect(measuredWith(mixed)).toBe("cpu, CPU, after 5 to 12 steps of warm-up");
    expect(
      linesOf(mixed, axis, "total", [])
        .slice(0, 2)
        .map(({ note }) => note),
    ).toEqual(["float16", "float32"]);
    const cold = seriesOf(
      sweep.map((result) => ({ ...result, warmupSteps: 0 })),
      axis,
      workload,
    );
    expect(measuredWith(cold)).toBe("cpu, CPU, float32, without warm-up");
  });

  test("say why a variant that is outside its tolerance counts for nothing", () => {
    const excluded = [1, 2, 4].map((batch) =>
      resultOf("int8", batch, 10 * batch, {
        outcome: "excluded",
        reason: batch === 2 ? "energy error: 15 meV/atom" : "at batch 2: energy error: 15 meV/atom",
      }),
    );
    const [own] = seriesOf(excluded, axis, workload);
    expect(own).toMatchObject({ fit: null, regime: null, remarks: [] });
    expect(own?.excluded).toBe("at batch 2: energy error: 15 meV/atom");
    expect(seriesOf([...excluded.slice(1), resultOf("int8", 1, 10)], axis, workload)[0]?.excluded).toBeNull();
  });

  test("begin with the axis of the results themselves, whatever is laid over them", () => {
    const bySize = (["H2O", "C60"] as const).map((structures, index) =>
      resultOf("fast", 1, 10, { options: { batch: 1, structures }, facts: { atoms: index === 0 ? 3 : 60 } }),
    );
    expect(sharedAxesOf(bySize, sweep, workload).map(({ id }) => id)).toEqual(["structures", "batch"]);
    expect(sharedAxesOf(sweep, bySize, workload).map(({ id }) => id)).toEqual(["batch", "structures"]);
  });

  test("tell the options in which the runs of a chart differ, of files the names", () => {
    const withOptions = (options: BenchResult["options"]): readonly BenchResult[] =>
      [1, 2].map((batch) => resultOf("loop", batch, batch, { options: { batch, structures: "H2O", ...options } }));
    const file = { kind: "file", label: "Weights", help: "", extensions: ["onnx"] } as const;
    const facts: WorkloadFacts = { ...workload, options: { ...workload.options, weights: file } };
    const [seeded, trained] = [
      withOptions({ threads: 1, weights: null }),
      withOptions({ threads: 2, weights: "/a/b.onnx" }),
    ];
    const among = [...seeded, ...trained];
    const titleOf = (results: readonly BenchResult[], name: string): string | undefined =>
      seriesOf(results, axis, facts, { name, among })[0]?.title;
    expect([titleOf(seeded, "#1"), titleOf(trained, "#2")]).toEqual([
      "#1 loop · threads 1",
      "#2 loop · threads 2 · b.onnx",
    ]);
  });

  test("tell options in their units", () => {
    const facts: WorkloadFacts = { ...workload, options: { ...workload.options, ...recorderLoadFacts.options } };
    const results = [10, 40].flatMap((seconds) =>
      [1, 2].map((batch) => resultOf("loop", batch, batch, { options: { batch, seconds } })),
    );
    const series = seriesOf(results, axis, facts);
    expect(series.map(({ title }) => title)).toEqual(["loop · duration 10\u2009s", "loop · duration 40\u2009s"]);
    expect(series[0]?.results[0]?.facts).toMatchObject({ "Duration, s": 10 });
  });

  test("name their run where several share a chart, and band their fits", () => {
    const before = [1, 2, 4].map((batch) => resultOf("fast", batch, 10 * batch));
    const among = [...sweep, ...before];
    const both = [
      ...seriesOf(sweep, axis, workload, { name: "#2", among }),
      ...seriesOf(before, axis, workload, { name: "#1", among }),
    ];
    expect(both.map(({ id, regime }) => [id, regime?.name])).toEqual([
      ["#2 fast", "affine"],
      ["#2 loop", "serial"],
      ["#1 fast", "serial"],
    ]);
    const fit = linesOf(both, axis, "rate", []).find(({ role }) => role === "model");
    for (const { y, low, high } of fit?.points ?? []) {
      expect(low).toBeLessThanOrEqual(y);
      expect(high).toBeGreaterThanOrEqual(y);
    }
    expect(fit?.points.length).toBeGreaterThan(8);
  });

  test("leave what is outside its tolerance out of the fit and mark it", () => {
    const wrong = sweep.map((result) =>
      result.variant === "loop" && result.itemsPerStep === 8
        ? { ...result, medianMs: 100, outcome: "excluded" as const, reason: "energy error" }
        : result,
    );
    const loop = seriesOf(wrong, axis, workload).find(({ title }) => title === "loop");
    expect(loop?.regime?.name).toBe("serial");
    const line = linesOf(loop === undefined ? [] : [loop], axis, "perItem", [])[0];
    expect(line?.points.at(-1)?.excluded).toBe("energy error");
  });

  test("have no regime where batches hold different items, and say why", () => {
    // A serial loop over molecules of 3 to 12 atoms that begins with the smallest.
    const atoms = [3, 4, 5, 8, 11, 12];
    const atomsOf = (batch: number): number =>
      Array.from({ length: batch }, (_, i) => atoms[i % atoms.length] ?? 0).reduce((sum, one) => sum + one, 0);
    const mixed = (batches: readonly number[]) =>
      batches.map((batch) => resultOf("loop", batch, atomsOf(batch), { facts: { atoms: atomsOf(batch) } }));
    const [one] = seriesOf(mixed([1, 2, 4, 8, 16]), axis, workload);
    expect(one).toMatchObject({ fit: null, regime: null, remarks: [] });
    expect(one?.unfitted).toMatch(
      /^Batches hold different items, 3\.00 to 6\.63 atoms per row, so growth with the batch/u,
    );
    expect(one === undefined ? "" : regimeWords(one)).toBe("Different items");
    // Enough batches of like items are fitted alone, and the loop is seen for what it is.
    const [cycles] = seriesOf(mixed([1, 6, 12, 24, 48]), axis, workload);
    expect(cycles?.regime?.name).toBe("serial");
    expect(cycles?.remarks).toEqual([
      "Fitted from batch 6 on: batches hold different items, 3.00 to 7.17 atoms per row.",
    ]);
  });

  test("tell where an item is cheapest", () => {
    const [one] = seriesOf(
      [1, 2, 4, 8].map((batch) => resultOf("fast", batch, batch ** 1.5)),
      axis,
      workload,
    );
    expect(one?.remarks).toEqual(["Cheapest at batch 1: 1.00\u2009ms per row."]);
  });
});

test("a choice of structures becomes an axis over the size it brings, time per item", () => {
  const results = [
    resultOf("fast", 4, 8),
    resultOf("fast", 4, 80, { options: { batch: 4, structures: "C60" }, facts: { atoms: 240 } }),
  ];
  const [axis] = axesOf(results, workload);
  expect(axis).toMatchObject({ id: "structures", title: "Atoms", axis: { kind: "size", one: "atom", many: "atoms" } });
  if (axis === undefined) return;
  const points = linesOf(seriesOf(results, axis, workload), axis, "total", [])[0]?.points;
  expect(points?.map(({ x, y }) => [x, Math.round(y)])).toEqual([
    [3, 2_000_000],
    [60, 20_000_000],
  ]);
});

test("an axis that is a setting has a best place, no fit, no regime and no ideal", () => {
  const chunked: WorkloadFacts = {
    ...workload,
    options: {
      ...workload.options,
      chunk: { kind: "number", label: "Rows a chunk", help: "", default: 16, min: 1, max: 64, whole: true, many: true },
    },
    axes: ["chunk"],
    settings: ["chunk"],
  };
  const results = [1, 16, 64].map((chunk, index) =>
    resultOf("fast", 1, [40, 10, 20][index] ?? 0, { options: { chunk, structures: "H2O" } }),
  );
  const [axis] = axesOf(results, chunked);
  if (axis === undefined) throw new Error("no axis");
  const series = seriesOf(results, axis, workload);
  expect(series[0]).toMatchObject({
    fit: null,
    regime: null,
    best: expect.stringMatching(
      /^Rows a chunk: best at 16 with 10\.0\sms, 4\.00 × as fast as at 1 \[[34]\.\d+, 4\.\d+\]\.$/u,
    ),
  });
  expect(linesOf(series, axis, "total", []).map(({ role }) => role)).toEqual(["measured"]);
});

test("tables of a chart tell measurements from fits and published figures, and how each was measured", () => {
  const facts: WorkloadFacts = { ...workload, sizes: ["structures", "batch"] };
  const [axis] = axesOf(sweep, facts);
  if (axis === undefined) throw new Error("no axis");
  const lines = linesOf(seriesOf(sweep, axis, facts), axis, "total", facts.published);
  const unit = { symbol: "ms", size: 1e6, digits: 0 };
  const table = lineTable(
    lines,
    { title: "Batch", unit: plainUnit, scale: "log" },
    { title: "Time", unit, scale: "log" },
  );
  const titles = table.columns.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  const at = (row: (typeof table.rows)[number], title: string) => row[titles.indexOf(title)];
  const kinds = table.rows.map((row) => at(row, "Kind"));
  expect(new Set(kinds.slice(0, sweep.length))).toEqual(new Set(["measured"]));
  expect(kinds.slice(sweep.length)).not.toContain("measured");
  expect(new Set(kinds)).toEqual(new Set(["measured", "fit", "ideal", "published"]));
  const [first] = table.rows;
  if (first === undefined) throw new Error("no row");
  expect(["Backend", "Device", "Precision", "Warm-up", "Structures"].map((title) => at(first, title))).toEqual([
    "cpu",
    "CPU",
    "float32",
    "none",
    "H2O",
  ]);
  expect(at(table.rows.at(-1) ?? [], "Device")).toBe("");
});

test("a run that goes on has no regime that its end would take back", () => {
  const told = sweep.map((result) => ({ ...result, samplesMs: [] }));
  const [axis] = axesOf(told, workload);
  if (axis === undefined) throw new Error("no axis");
  for (const one of seriesOf(told, axis, workload)) {
    expect(one).toMatchObject({ fit: null, regime: null, unfitted: "Its regime is told when the run has ended." });
    expect(regimeWords(one)).toBe("Growing");
  }
});
