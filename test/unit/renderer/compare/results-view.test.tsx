// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CompareView } from "../../../../renderer/views/compare/CompareView.tsx";
import { legendOf } from "../../../../renderer/charts/line-series.ts";
import { resultColumns } from "../../../../renderer/views/compare/results/result-columns.tsx";
import { SidePicker } from "../../../../renderer/views/compare/SidePicker.tsx";
import { linesOf } from "../../../../renderer/views/compare/results/ResultsScaling.tsx";
import type { PlacedRow } from "../../../../renderer/views/compare/results/ResultsTable.tsx";
import { ReportView } from "../../../../renderer/views/report/ReportView.tsx";
import {
  compareAcrossOptions,
  compareMeasurements,
} from "../../../../traces/compare/measurements/compare-measurements.ts";
import type { MeasurementSet } from "../../../../traces/measure/measurement.ts";
import { createRandom } from "../../../../traces/measure/random.ts";
import { BenchmarkResultsError } from "../../../../traces/model/errors.ts";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

function resultsOf(name: string, factor: number): MeasurementSet {
  const random = createRandom(name);
  const noisy = (ms: number): readonly number[] => Array.from({ length: 20 }, () => ms * (1 + 0.01 * random.normal()));
  return {
    name,
    format: "made",
    formatLabel: "Made",
    producer: null,
    facts: [["threads", factor === 1 ? "2" : "4"]],
    measurements: [1, 2, 4].flatMap((batch) => [
      {
        path: ["step", `batch=${batch}`, "time"],
        values: noisy(factor * (10 + batch)),
        warmups: [],
        stated: null,
        unit: { symbol: "ms", source: "stated" },
        better: "lower",
      },
    ]),
    ledger: { numbersRead: 60, values: 60, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
    integrity: [],
  };
}

const sides = [resultsOf("a.json", 1), resultsOf("b.json", 1.2)] as const;
const options = { tolerance: 0.05, alpha: 0.05, resamples: 10_000, allowIncomparable: false };
const honest = compareMeasurements([sides[0]], [sides[1]], options);

let page: Rendered | null = null;
beforeEach(() => {
  for (const size of ["clientWidth", "offsetWidth"] as const)
    vi.spyOn(HTMLElement.prototype, size, "get").mockReturnValue(1000);
  for (const size of ["clientHeight", "offsetHeight"] as const)
    vi.spyOn(HTMLElement.prototype, size, "get").mockReturnValue(400);
});
afterEach(async () => {
  await page?.unmount();
  vi.restoreAllMocks();
});

async function open(view: React.ReactElement, second: "results" | "trace"): Promise<Rendered> {
  page = await renderInApp(view, (store) => store.getState().compareFiles([grantOf("a.json"), grantOf("b.json")]));
  const shown = page;
  for (const [index, tab] of shown.store.getState().tabs.entries()) {
    const isResults = index === 0 || second === "results";
    await shown.update(async () => {
      const opening = shown.engine.calls.find(
        ({ command, request }) => command === "trace.open" && (request as { readonly trace: string }).trace === tab.key,
      );
      if (isResults) opening?.reject(new BenchmarkResultsError("expected a trace"));
      else opening?.resolve(summaryOf(tab.key));
      await settled();
    });
    if (isResults)
      await shown.update(async () => {
        shown.engine.last("measurements.read").resolve(sides[index]);
        await settled();
      });
  }
  return shown;
}

async function answer(shown: Rendered, result = honest): Promise<void> {
  await shown.update(async () => {
    shown.engine.last("compare.measurements").resolve(result);
    await settled();
  });
}

describe("two files of benchmark results", () => {
  test("give a sentence, alerts with their statistics, what differs, and a table", async () => {
    const shown = await open(<CompareView />, "results");
    expect(shown.engine.last("compare.measurements").request).toEqual({
      before: ["token a.json"],
      after: ["token b.json"],
      options,
      corrections: [],
    });
    await answer(shown);
    expect(shown.root.querySelector("h1")?.textContent).toMatch(/^Of 3 measurements 3 regressed\./);
    expect(shown.role("alert").textContent).toMatch(/▲ \+\d+\.\d.% \[.*\], q <.*: step \/ batch=\d \/ time/);
    const grid = shown.role("grid", "Measurements before and after");
    expect(grid.textContent).toContain("step / batch=4 / time");
    expect(grid.textContent).toContain("20 | 20");
  });

  test("say in the head which numbers do not measure what they say", async () => {
    const finding = { rule: "cachedMixture", severity: "invalid", message: "", arithmetic: "" } as const;
    const doubted = { ...sides[1], integrity: [{ ...finding, place: "step / batch=4" }] };
    const shown = await open(<CompareView />, "results");
    await answer(shown, compareMeasurements([sides[0]], [doubted], options));
    expect(shown.root.textContent).toContain(
      "Numbers are not to be used: they do not measure what they say. Before: none found. After: step / batch=4.",
    );
  });

  test("say in the head which options were changed, and those that all rows share", async () => {
    const withOptions = (set: MeasurementSet, words: readonly string[]): MeasurementSet => ({
      ...set,
      measurements: set.measurements.map((one) => ({ ...one, path: [...words, ...one.path] })),
    });
    const shown = await open(<CompareView />, "results");
    const before = withOptions(sides[0], ["workers=1", "rank=36"]);
    const after = withOptions(sides[1], ["workers=2", "rank=36"]);
    await answer(shown, compareAcrossOptions([before], [after], options));
    expect(shown.root.textContent).toContain("Changed: workers 1 → 2. Both: rank=36.");
  });

  test("show their repetitions and their curves", async () => {
    const shown = await open(<CompareView />, "results");
    await answer(shown);
    await shown.update(() => shown.store.getState().showCompareTab("distributions"));
    expect(shown.root.textContent).toContain("Distribution of step / batch=");
    expect(shown.root.textContent).toContain("n = 20");
    await shown.update(() => shown.store.getState().showCompareTab("scaling"));
    expect(shown.root.textContent).toContain("step / batch=# / time: time of a step over batch");
    expect(shown.root.textContent).toContain("Before: ");
    const [pair] = honest.scaling;
    if (pair === undefined) throw new Error("no curve");
    expect(linesOf(pair, "total").map(({ id }) => id)).toEqual(["before", "before fit", "after", "after fit"]);
    // Colors of the sides: those of a chart would say slower and faster.
    const signs = legendOf(linesOf(pair, "total")).map(({ color, dash }) => [color, dash !== undefined]);
    expect(signs).toEqual([
      ["var(--side-before)", false],
      ["var(--side-before)", true],
      ["var(--side-after)", false],
      ["var(--side-after)", true],
    ]);
    expect(linesOf(pair, "perItem")[0]?.points[2]?.y).toBeCloseTo(
      ((pair.before.points[2]?.medianMs ?? 0) * 1e6) / 4,
      6,
    );
  });

  test("say both values of a row in one unit", () => {
    const words = ["before", "after"].map((id) => {
      const estimate = { before: { median: 1.05e6 }, after: { median: 903e3 } };
      const row = { row: { estimate, unit: "ns" } } as unknown as PlacedRow;
      return resultColumns.find((column) => column.id === id)?.cell(row);
    });
    expect(words).toEqual(["1.05\u2009ms", "0.903\u2009ms"]);
  });

  test("take a corrected unit along, and compare again", async () => {
    const shown = await open(<CompareView />, "results");
    await answer(shown);
    const { tabs, editMeasurement } = shown.store.getState();
    await shown.update(async () => {
      editMeasurement(tabs[0]?.key ?? "", ["step", "batch=1", "time"], { unit: { symbol: "s", source: "user" } });
      await settled();
    });
    expect(shown.engine.last("compare.measurements").request).toMatchObject({
      corrections: [{ path: ["step", "batch=1", "time"], unit: "s", better: "lower" }],
    });
  });

  test("are written as a report like traces are", async () => {
    const shown = await open(<ReportView />, "results");
    await answer(shown);
    expect(shown.engine.last("report.results").request).toMatchObject({
      before: ["token a.json"],
      format: "html",
      title: "a.json → b.json",
      commandLine: expect.stringContaining("deltaflame compare a.json --vs b.json") as unknown,
    });
    expect(shown.role("button", "Save the report as PDF")).toBeDefined();
  });

  test("are told for what they are where a side is chosen", async () => {
    await open(<SidePicker side="before" />, "trace");
    const choices = [...(page?.root.querySelectorAll("li") ?? [])].map(({ textContent }) => textContent);
    expect(choices[0]).toContain("results, 3 measurements");
    expect(choices[1]).toMatch(/µs, 4 spans|ms, 4 spans|s, 4 spans/u);
    expect(choices.join(" ")).not.toContain("not read");
  });

  test("cannot be compared with a trace, and that is said", async () => {
    const shown = await open(<CompareView />, "trace");
    expect(shown.role("alert").textContent).toContain("one file holds a trace, another benchmark results");
  });
});
