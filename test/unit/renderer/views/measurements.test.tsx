// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from "vitest";
import { TraceView } from "../../../../renderer/views/trace/TraceView.tsx";
import type { MeasurementSet } from "../../../../traces/measure/measurement.ts";
import { BenchmarkResultsError } from "../../../../traces/model/errors.ts";
import { type Rendered, renderInApp } from "../render.tsx";

const set: MeasurementSet = {
  name: "results.json",
  format: "nested-json",
  formatLabel: "benchmark numbers (JSON)",
  producer: null,
  facts: [["device", "cuda"]],
  measurements: [
    {
      path: ["single", "time_ms"],
      values: [2, 4],
      warmups: [],
      stated: null,
      unit: { symbol: "ms", source: "guessed" },
      better: "lower",
    },
    {
      path: ["loss"],
      values: [0.5],
      warmups: [],
      stated: null,
      unit: { symbol: "", source: "unknown" },
      better: null,
    },
  ],
  integrity: [],
  ledger: {
    numbersRead: 4,
    values: 3,
    warmups: 0,
    statistics: 0,
    facts: 0,
    leftOut: [{ reason: "lists of numbers that are no repetitions", count: 1 }],
    notes: [],
  },
};

let page: Rendered;
afterEach(() => page.unmount());

async function openResults(found: MeasurementSet = set): Promise<void> {
  page = await renderInApp(<TraceView />, (store) =>
    store.getState().openFiles([{ token: "t", name: "results.json", bytes: 9 }]),
  );
  await page.update(() => page.engine.last("trace.open").reject(new BenchmarkResultsError("expected a trace")));
  await page.update(() => page.engine.last("measurements.read").resolve(found));
}

describe("a file of benchmark results", () => {
  test("opens as a tab of its own kind: facts, what was read, a table", async () => {
    await openResults();
    expect(page.store.getState().tabs[0]?.load.kind).toBe("ready");
    expect(page.root.textContent).toContain("device cuda");
    expect(page.root.textContent).toContain("4 numbers read, 1 left out");
    const grid = page.role("grid", "Measurements");
    expect(grid.getAttribute("aria-rowcount")).toBe("3");
    expect(page.platform.invoked).toContainEqual([
      "file.opened",
      { token: "t", formatLabel: "benchmark numbers (JSON)" },
    ]);
  });

  test("says which of its numbers do not measure what they say, with the arithmetic", async () => {
    await openResults({
      ...set,
      integrity: [
        {
          rule: "batchOneIdle",
          severity: "invalid",
          place: "single",
          message: "It answered from a cache.",
          arithmetic: "1 ms against 20 ms",
        },
      ],
    });
    expect(page.root.querySelector("summary")?.textContent).toBe(
      "✕ 1 finding: numbers here do not measure what they say",
    );
    expect(page.root.textContent).toContain("1 ms against 20 ms");
  });

  test("tells what all rows have once above the table, and what differs in each", async () => {
    const [first] = set.measurements;
    if (first === undefined) throw new Error("no measurement");
    const at = (...path: string[]) => ({ ...first, path });
    await openResults({
      ...set,
      measurements: [
        at("naive", "cpu", "batch=1", "time"),
        at("fast", "cpu", "batch=1", "time"),
        at("fast", "cpu", "batch=4", "rate"),
      ],
      ledger: { ...set.ledger, notes: ["fast / cpu / batch=4: excluded"] },
    });
    expect(page.root.textContent).toContain("all: cpu");
    expect(page.root.textContent).toContain("fast / batch=4: excluded");
    const paths = [...page.root.querySelectorAll('[role="row"] [aria-colindex="1"]')].map((cell) => cell.textContent);
    expect(paths).toEqual(["Measurement", "naive / batch=1 / time", "fast / batch=1 / time", "fast / batch=4 / rate"]);
    expect(page.root.querySelector('[role="gridcell"] span[title]')?.getAttribute("title")).toBe(
      "naive / cpu / batch=1 / time",
    );
  });

  test("aligns the points of each unit, so that bytes need no room for the digits of others", async () => {
    const [first] = set.measurements;
    if (first === undefined) throw new Error("no measurement");
    const bytes = { ...first, path: ["peak"], values: [361_517_056], unit: { symbol: "B", source: "stated" as const } };
    const error = { ...first, path: ["error"], values: [0.000114], unit: { symbol: "meV", source: "stated" as const } };
    await openResults({ ...set, measurements: [bytes, error] });
    const rows = [...page.root.querySelectorAll('[role="row"]')];
    const hasRoom = (name: string): boolean =>
      rows.find((row) => row.textContent?.startsWith(name))?.querySelector('span[style*="width"]') != null;
    expect([hasRoom("peak"), hasRoom("error")]).toEqual([false, true]);
  });

  test("shows what must be looked at before use unfolded, and notes folded", async () => {
    const finding = { rule: "bimodal", place: "single", arithmetic: "" } as const;
    await openResults({
      ...set,
      integrity: [
        { ...finding, severity: "note", message: "Two levels." },
        { ...finding, severity: "doubtful", message: "Look at it." },
      ],
    });
    const [outer, inner] = page.root.querySelectorAll("details");
    expect(outer?.open).toBe(true);
    expect(outer?.querySelector("summary")?.textContent).toBe("? 1 finding: look before these numbers are used");
    expect(inner?.open).toBe(false);
    expect(inner?.textContent).toContain("Two levels.");
    expect(inner?.textContent).not.toContain("Look at it.");
    await page.unmount();
    await openResults({ ...set, integrity: [{ ...finding, severity: "note", message: "Two levels." }] });
    expect(page.root.querySelector("details")?.open).toBe(false);
  });

  test("keeps a corrected unit and direction, and shows the repetitions of the chosen row", async () => {
    await openResults();
    const key = page.store.getState().tabs[0]?.key ?? "";
    await page.update(() =>
      page.store.getState().editMeasurement(key, ["loss"], { unit: { symbol: "eV", source: "user" }, better: "lower" }),
    );
    const [first, second] = page.store.getState().tabs[0]?.measurements?.measurements ?? [];
    expect(second).toMatchObject({ path: ["loss"], unit: { symbol: "eV", source: "user" }, better: "lower" });
    expect(first).toBe(set.measurements[0]);
  });

  test("that are damaged say why", async () => {
    page = await renderInApp(<TraceView />, (store) =>
      store.getState().openFiles([{ token: "t", name: "results.json", bytes: 9 }]),
    );
    await page.update(() => page.engine.last("trace.open").reject(new BenchmarkResultsError("expected a trace")));
    await page.update(() =>
      page.engine.last("measurements.read").reject(new Error("expected a file of benchmark results in whole")),
    );
    expect(page.root.textContent).toContain("expected a file of benchmark results in whole");
  });
});
