// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { HistoryView } from "../../../../renderer/views/history/HistoryView.tsx";
import { linesOf } from "../../../../renderer/views/history/SuitePane.tsx";
import type { SuiteHistory } from "../../../../electron/contract/history-contract.ts";
import { settled } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

const history: SuiteHistory = {
  suite: "nightly",
  keptAt: ["2026-01-01T10:00:00", "2026-01-02T10:00:00"],
  latest: null,
  series: [
    {
      name: "sort / real_time",
      unit: "ns",
      better: "lower",
      points: [
        { run: 0, median: 1e6, interval: [0.9e6, 1.1e6], count: 12, verdict: null },
        { run: 1, median: 2e6, interval: null, count: null, verdict: "regressed" },
      ],
    },
  ],
};

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

test("without kept runs says what it is for; a chosen file is asked for its suite and kept", async () => {
  page = await renderInApp(<HistoryView />, (_store, platform) =>
    platform.answer("file.choose", [{ token: "t", name: "results.json", bytes: 9 }]),
  );
  const shown = page;
  await shown.update(async () => {
    shown.engine.last("history.list").resolve([]);
    await settled();
  });
  expect(shown.root.textContent).toContain("nothing leaves the machine");
  await shown.update(async () => {
    shown.role("button", "Keep results…").click();
    await settled();
  });
  expect(shown.root.textContent).toContain("Keep results.json as a run of");
  const keep = shown.all("button").find((button) => button.textContent === "Keep");
  await shown.update(async () => {
    keep?.click();
    await settled();
  });
  expect(shown.engine.last("history.keep").request).toMatchObject({ suite: "results", file: "t" });
  await shown.update(async () => {
    shown.engine.last("history.keep").resolve({ comparison: null });
    await settled();
  });
  // What was read before is asked again.
  expect(shown.engine.calls.filter(({ command }) => command === "history.list")).toHaveLength(2);
});

test("shows a suite over its runs, and where it alerted", async () => {
  page = await renderInApp(<HistoryView />);
  const shown = page;
  await shown.update(async () => {
    shown.engine.last("history.list").resolve([{ suite: "nightly", runCount: 2, newest: "2026-01-02T10:00:00" }]);
    await settled();
  });
  await shown.update(async () => {
    shown.engine.last("history.read").resolve(history);
    await settled();
  });
  expect(shown.root.textContent).toContain("sort / real_time over 2 runs, lower is better");
  const [series] = history.series;
  if (series === undefined) throw new Error("no series");
  const lines = linesOf(series, history.keptAt);
  expect(lines.map(({ id, points }) => [id, points.length])).toEqual([
    ["runs", 2],
    ["alerts", 1],
  ]);
  expect(lines[1]?.points[0]).toMatchObject({ x: 2, y: 2e6, label: "2026-01-02 10:00:00 UTC, regressed" });
});
