// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from "vitest";
import type { LaunchList } from "../../../../electron/contract/nsight-contract.ts";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import type { TraceTab } from "../../../../renderer/state/trace-tab.ts";
import { TraceView } from "../../../../renderer/views/trace/TraceView.tsx";
import { LaunchesPane } from "../../../../renderer/views/trace/launches/LaunchesPane.tsx";
import { formatMetric } from "../../../../renderer/views/trace/launches/MetricList.tsx";
import { rooflineSeries } from "../../../../renderer/views/trace/launches/roofline-series.ts";
import type { Launch } from "../../../../traces/model/launch-table.ts";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const launch: Launch = {
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
};

const list: LaunchList = {
  launches: [launch, { ...launch, name: "reduce", durationNs: null }],
  launchCount: 2,
  metrics: [
    { id: "gpu__time_duration.sum", label: "Duration", section: "Speed of light", unit: "ns" },
    { id: "sm__cycles_active.avg", label: "sm__cycles_active.avg", section: "", unit: "cycle" },
  ],
  roofline: [
    {
      launch: 0,
      precision: "single",
      flopPerSecond: 200e9,
      intensityFlopPerByte: 2,
      peakFlopPerSecond: 2e12,
      peakBytesPerSecond: 1e12,
    },
    {
      launch: 1,
      precision: "single",
      flopPerSecond: 0,
      intensityFlopPerByte: 0,
      peakFlopPerSecond: 2e12,
      peakBytesPerSecond: 1e12,
    },
  ],
};

const tab: TraceTab = {
  ...createTab("t", grantOf("a.ncu-rep"), 0),
  summary: { ...summaryOf("t"), launchCount: 2, spanCount: 0 },
  load: { kind: "ready" },
};

describe("kernels that were measured one by one", () => {
  test("stand in a table; the selected one shows its metrics, then the roofline", async () => {
    page = await renderInApp(<LaunchesPane tab={tab} />, (store) => store.setState({ tabs: [tab], activeKey: "t" }));
    expect(page.root.textContent).toContain("Reading the kernels");
    await page.update(async () => {
      page?.engine.last("launch.list").resolve(list);
      await settled();
    });
    expect(page.root.textContent).toContain("2 kernels, each run alone: no time axis");
    expect(page.role("heading", "saxpy")).toBeDefined();
    await page.update(async () => {
      page?.engine.last("launch.metrics").resolve({ values: [4096, null] });
      await settled();
    });
    expect(page.role("grid", "Metrics of the selected kernel")).toBeDefined();
    await page.update(() => page?.role("radio", "Roofline").click());
    expect(page.root.textContent).toContain("1 kernel without floating-point work");
  });

  test("say why they cannot be listed", async () => {
    page = await renderInApp(<LaunchesPane tab={tab} />, (store) => store.setState({ tabs: [tab], activeKey: "t" }));
    await page.update(async () => {
      page?.engine.last("launch.list").reject(new Error("this trace is not open"));
      await settled();
    });
    expect(page.root.textContent).toContain("this trace is not open");
  });

  test("lie below a roof that bends where memory and arithmetic meet", () => {
    const [kernels, roof] = rooflineSeries(list);
    expect(kernels?.points).toEqual([{ x: 2, y: 200e9, label: "1: saxpy" }]);
    expect(roof?.points.map(({ y }) => y)).toEqual([0.2e12, 2e12, 2e12]);
    expect(roof?.points[1]?.x).toBe(2);
    expect(rooflineSeries({ ...list, roofline: [] })).toEqual([]);
  });

  test("have no panels that only spans could fill", async () => {
    page = await renderInApp(<TraceView />, (store) => store.setState({ tabs: [tab], activeKey: "t" }));
    await page.update(settled);
    expect(page.root.textContent).not.toContain("0\u2009ns");
    expect(page.root.textContent).toContain("Holds2 kernels");
    expect([...page.root.querySelectorAll('[role="tab"]')].map(({ textContent }) => textContent)).toEqual([
      "Details",
      "Import",
    ]);
  });

  test("have metrics in their units", () => {
    expect(formatMetric(4096, "ns")).toBe("4.10\u2009µs");
    expect(formatMetric(64, "")).toBe("64");
    expect(formatMetric("CachePreferNone", "")).toBe("CachePreferNone");
    expect(formatMetric(61.84, "%")).toBe("61.8 %");
  });
});
