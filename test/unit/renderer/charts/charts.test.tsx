// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ReactNode } from "react";
import { plainUnit } from "../../../../renderer/charts/axis.ts";
import { EcdfChart } from "../../../../renderer/charts/EcdfChart.tsx";
import { replaceTokens } from "../../../../renderer/charts/export-chart.ts";
import { HeatMap } from "../../../../renderer/charts/HeatMap.tsx";
import { HistogramChart } from "../../../../renderer/charts/HistogramChart.tsx";
import { LineChart } from "../../../../renderer/charts/LineChart.tsx";
import type { LineSeries } from "../../../../renderer/charts/line-series.ts";
import { StackedBars } from "../../../../renderer/charts/StackedBars.tsx";
import { Waterfall } from "../../../../renderer/charts/Waterfall.tsx";
import { timeUnits } from "../../../../traces/model/format-units.ts";
import { settled } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
beforeEach(() => {
  // There is no layout here: every element is as large as a chart needs.
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
});
afterEach(async () => {
  await page?.unmount();
  vi.restoreAllMocks();
});

async function show(content: ReactNode): Promise<Rendered> {
  page = await renderInApp(content);
  return page;
}
const press = (element: HTMLElement, key: string): boolean =>
  element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

const series: readonly LineSeries[] = [
  {
    id: "fast",
    title: "fast graph",
    note: "CPU, FP32",
    role: "measured",
    points: [
      { x: 1, y: 2.01e6, low: 1.98e6, high: 2.05e6, count: 20 },
      { x: 2, y: 3e6, low: 2.9e6, high: 3.1e6, count: 20 },
    ],
  },
  { id: "published", title: "published", role: "reference", points: [{ x: 1, y: 36.5e6 }] },
];
const lines = {
  title: "Time by batch size",
  fileName: "scaling",
  heightPx: 300,
  series,
  x: { title: "Batch size", unit: plainUnit, scale: "log" as const },
  y: { title: "Time per item", unit: timeUnits.ms, scale: "linear" as const },
};

describe("a line chart", () => {
  test("is walked by arrows that say each point, and Enter chooses it", async () => {
    const chosen: string[] = [];
    const shown = await show(<LineChart {...lines} onChoose={(one, point) => chosen.push(`${one.id} ${point.x}`)} />);
    const chart = shown.role("application", "Time by batch size");
    await shown.update(() => void press(chart, "ArrowRight"));
    await shown.update(() => void press(chart, "ArrowRight"));
    expect(shown.store.getState().announcement.text).toBe(
      "fast graph, batch size 2: 3.00\u2009ms [2.90, 3.10], n = 20",
    );
    expect(chart.textContent).toContain("CPU, FP32");
    await shown.update(() => void press(chart, "Enter"));
    expect(chosen).toEqual(["fast 2"]);
  });

  test("its legend switches series off and on", async () => {
    const shown = await show(<LineChart {...lines} />);
    const marks = (): number => shown.root.querySelectorAll("[data-chart] circle, [data-chart] path").length;
    const before = marks();
    const toggle = shown.role("button", "published");
    expect(toggle.getAttribute("aria-pressed")).toBe("true");
    await shown.update(() => toggle.click());
    expect(toggle.getAttribute("aria-pressed")).toBe("false");
    expect(marks()).toBe(before - 1);
  });

  test("its legend tells whole names, and its signs have the dashes, marks and colors of the lines", async () => {
    const fit = { ...series[0], id: "fast fit", title: "fast graph: fit", role: "model", lookOf: "fast" } as LineSeries;
    const ideal: LineSeries = { id: "ideal", title: "ideal", role: "ideal", points: series[0]?.points ?? [] };
    const shown = await show(<LineChart {...lines} series={[...series, { ...fit, partTitle: "fit" }, ideal]} />);
    const drawn = (selector: string, name: string): string | null | undefined =>
      shown.root.querySelector(selector)?.getAttribute(name);
    const sign = (id: string, name: string) => drawn(`[data-legend-sign="${id}"] line`, name);
    const inChart = [...shown.root.querySelectorAll("[data-chart] path[stroke]")].map((path) => [
      path.getAttribute("stroke"),
      path.getAttribute("stroke-dasharray"),
    ]);
    for (const id of ["fast", "fast fit", "ideal"])
      expect(inChart).toContainEqual([sign(id, "stroke"), sign(id, "stroke-dasharray") ?? null]);
    expect(sign("fast", "stroke-dasharray")).toBeNull();
    expect(sign("fast fit", "stroke")).toBe(sign("fast", "stroke"));
    expect(sign("ideal", "stroke-dasharray")).not.toBe(sign("fast fit", "stroke-dasharray"));
    // The fit stands below its series with its own part of the name; the whole name is there for who hears it.
    const entries = [...shown.root.querySelectorAll('[aria-label="Legend"] li')].map((entry) => entry.textContent);
    expect(entries).toEqual(["fast graphCPU, FP32", "fitfast graph: fitCPU, FP32", "published", "ideal"]);
    expect(sign("published", "stroke")).toBeUndefined();
    expect(drawn('[data-legend-sign="published"] path', "stroke")).toBe("var(--series-neutral)");
  });

  test("its legend switches the fit of a series with it", async () => {
    const fit = { ...series[0], id: "fast fit", title: "fit", role: "model", lookOf: "fast" } as LineSeries;
    const shown = await show(<LineChart {...lines} series={[...series, fit]} />);
    const pressed = (name: string): string | null => shown.role("button", name).getAttribute("aria-pressed");
    await shown.update(() => shown.role("button", "fit").click());
    expect([pressed("fast graph"), pressed("fit")]).toEqual(["true", "false"]);
    await shown.update(() => shown.role("button", "fast graph").click());
    expect([pressed("fast graph"), pressed("fit"), pressed("published")]).toEqual(["false", "false", "true"]);
    await shown.update(() => shown.role("button", "fast graph").click());
    expect([pressed("fast graph"), pressed("fit")]).toEqual(["true", "true"]);
  });

  test("its numbers stand in a table, what was not collected in words", async () => {
    const shown = await show(<LineChart {...lines} />);
    await shown.update(() => shown.role("button", "Show as table").click());
    const rows = [...shown.root.querySelectorAll("tbody tr")].map((row) =>
      [...row.querySelectorAll("td")].map((cell) => cell.textContent),
    );
    expect(rows).toHaveLength(3);
    expect(rows[0]?.slice(0, 6)).toEqual(["measured", "fast graph", "1", "2.01", "1.98", "2.05"]);
    expect(rows[2]?.[0]).toBe("published");
    expect(rows[2]?.[4]).toBe("not collected");
    expect(shown.root.querySelector("[data-chart]")).toBeNull();
  });

  test("saves its numbers and its picture, in which names stay text", async () => {
    const hostile = [{ ...series[0], title: '<script>alert("x")</script>' } as LineSeries];
    const shown = await show(<LineChart {...lines} series={hostile} title="A & <b>" />);
    const save = async (entry: string): Promise<string> => {
      await shown.update(() => shown.role("button", "Export").click());
      const item = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].find((each) =>
        each.textContent?.includes(entry),
      );
      await shown.update(async () => {
        item?.click();
        await settled();
      });

      expect(shown.store.getState().notices).toEqual([]);
      const [command, request] = shown.platform.invoked.at(-1) ?? [];
      expect(command).toBe("file.save");
      return new TextDecoder().decode((request as { readonly bytes: Uint8Array }).bytes);
    };
    const csv = await save("CSV");
    expect(csv).toMatch(/^Series,Batch size,"Time per item, ms","Low, ms","High, ms",n,Note\n/u);
    expect(csv).toContain(",1,2.01,1.98,2.05,20,\n");
    const svg = await save("SVG");
    expect(svg).toContain("A &amp; &lt;b&gt;");
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("var(--");
    expect(svg).toMatch(/^<svg[^>]* viewBox="0 0 832 \d+"/);
  });

  test("its picture is light in any theme, with title, what it holds for, axis titles and a legend that is whole", async () => {
    const sheet = document.createElement("style");
    // Tests run in the folder of the checkout; URLs of files are not to be had in this environment.
    sheet.textContent = readFileSync("renderer/theme/tokens.css", "utf8");
    document.head.append(sheet);
    document.documentElement.dataset["theme"] = "dark";
    try {
      const long = `${"a very long name of a variant with many options ".repeat(4)}at its end`;
      const [fast] = series;
      if (fast === undefined) throw new Error("no series");
      const shown = await show(
        <LineChart
          {...lines}
          about="cpu, Xeon, float32, after 5 steps of warm-up"
          series={[{ ...fast, title: long }]}
        />,
      );
      expect(shown.root.textContent).toContain("cpu, Xeon, float32, after 5 steps of warm-up");
      await shown.update(() => shown.role("button", "Export").click());
      const item = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].find((each) =>
        each.textContent?.includes("SVG"),
      );
      await shown.update(async () => {
        item?.click();
        await settled();
      });
      const [, request] = shown.platform.invoked.at(-1) ?? [];
      const { bytes } = request as { readonly bytes: Uint8Array };
      const svg = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml");
      expect(getComputedStyle(document.documentElement).getPropertyValue("--surface-panel").trim()).toBe("#1a1d21");
      expect(svg.querySelector("svg > rect")?.getAttribute("fill")).toBe("#ffffff");
      const texts = [...svg.querySelectorAll("text")].map((text) => text.textContent);
      expect(texts.slice(0, 2)).toEqual(["Time by batch size", "cpu, Xeon, float32, after 5 steps of warm-up"]);
      expect(texts).toContain("Batch size");
      expect(texts).toContain("Time per item, ms");
      const legend = texts.slice(2, texts.findIndex((text) => text?.includes("CPU, FP32")) + 1);
      expect(legend.length).toBeGreaterThan(1);
      expect(legend.join(" ")).toBe(`${long} (CPU, FP32)`);
    } finally {
      sheet.remove();
      delete document.documentElement.dataset["theme"];
    }
  });
});

describe("a waterfall", () => {
  test("lists its rows in words, with sign, interval and tone; arrows select", async () => {
    const selected: string[] = [];
    const shown = await show(
      <Waterfall
        title="From before to after"
        fileName="waterfall"
        unit={timeUnits.ms}
        selected="x"
        onSelect={(id) => selected.push(id)}
        rows={[
          { kind: "total", id: "a", title: "before", valueNs: 100e6 },
          { kind: "change", id: "x", title: "copy", deltaNs: -30e6, tone: "faster", lowNs: -32e6, highNs: -28e6 },
          { kind: "change", id: "y", title: "sort", deltaNs: 10e6, tone: "even", presence: "added" },
          { kind: "total", id: "b", title: "after", valueNs: 80e6 },
        ]}
      />,
    );
    const list = shown.role("listbox");
    expect(shown.all("option").map((option) => option.querySelector("text")?.textContent)).toEqual([
      "before: 100 ms",
      "copy: \u221230.0 ms [\u221232.0, \u221228.0], faster",
      "sort: +10.0 ms, not significant, added",
      "after: 80.0 ms",
    ]);
    expect(shown.role("option", "copy").getAttribute("aria-selected")).toBe("true");
    expect(list.getAttribute("aria-activedescendant")).toBe(shown.role("option", "copy").id);
    await shown.update(() => void press(list, "ArrowDown"));
    expect(selected).toEqual(["y"]);
    // Added work has a pattern, not only a color.
    expect(shown.role("option", "sort").innerHTML).toContain("-even-added)");
  });
});

describe("pictures of distributions and parts", () => {
  const groups = [
    { id: "a", title: "before", color: "var(--side-before)", values: Float64Array.of(1e6, 2e6, 3e6) },
    { id: "b", title: "after", color: "var(--side-after)", values: [2e6, 4e6] },
  ];
  const x = { title: "Step time", unit: timeUnits.ms, scale: "linear" as const };
  test.each([
    ["ECDF", EcdfChart],
    ["histogram", HistogramChart],
  ])("an %s says medians and n", async (_what, Chart) => {
    const shown = await show(
      <Chart title="Steps" fileName="steps" heightPx={240} groups={groups} x={x} baseUnit="ns" />,
    );
    expect(shown.role("img").getAttribute("aria-label")).toBe(
      "Steps: before: median 2.00\u2009ms, n = 3; after: median 3.00\u2009ms, n = 2",
    );
    expect(shown.root.textContent).toContain("n = 3");
  });

  test("stacked bars put parts end to end on one scale", async () => {
    const shown = await show(
      <StackedBars
        title="Where a step goes"
        fileName="breakdown"
        unit={timeUnits.ms}
        parts={[
          { id: "k", title: "kernels", color: "#0a0" },
          { id: "i", title: "idle", color: "#999", isIdle: true },
        ]}
        bars={[
          { id: "a", title: "before", valuesNs: [60e6, 40e6] },
          { id: "b", title: "after", valuesNs: [60e6, 0] },
        ]}
      />,
    );
    expect(shown.role("img").getAttribute("aria-label")).toBe("Where a step goes: before 100 ms, after 60.0 ms");
    const rects = [...shown.root.querySelectorAll("[data-chart] rect")].filter((rect) => rect.querySelector("title"));
    expect(rects).toHaveLength(3);
    const at = (index: number, name: string): number => Number(rects[index]?.getAttribute(name));
    expect(at(1, "x")).toBeCloseTo(at(0, "x") + at(0, "width") + 1, 3);
    expect(at(2, "width")).toBeCloseTo(at(0, "width"), 3);
    expect(rects[1]?.getAttribute("fill")).toMatch(/^url\(/);
  });

  test("a heat map has a number in every cell, and words where there is none", async () => {
    const shown = await show(
      <HeatMap
        title="Times"
        fileName="times"
        columns={["1", "8"]}
        rows={[{ title: "fast", values: [2, null] }]}
        valueTitle="Time, ms"
        format={(value) => value.toFixed(1)}
      />,
    );
    expect([...shown.root.querySelectorAll("title")].map((title) => title.textContent)).toEqual([
      "fast",
      "fast, 1: 2.0",
      "fast, 8: not collected",
    ]);
  });
});

test("tokens become colors, and their quotation marks close no attribute", () => {
  expect(
    replaceTokens('fill="var(--text)" font="var(--font)"', (name) => (name === "--text" ? "#123" : '"Segoe UI"')),
  ).toBe(`fill="#123" font="'Segoe UI'"`);
});
