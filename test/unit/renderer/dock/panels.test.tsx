// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from "vitest";
import type { SpanBrief, SpanDetails, TopRow } from "../../../../electron/contract/engine-contract.ts";
import { DetailsPanel } from "../../../../renderer/dock/DetailsPanel.tsx";
import { ImportPanel } from "../../../../renderer/dock/ImportPanel.tsx";
import { TopTable } from "../../../../renderer/dock/TopTable.tsx";
import { useApp } from "../../../../renderer/state/store.ts";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import type { TraceTab } from "../../../../renderer/state/trace-tab.ts";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import type { ImportLedger } from "../../../../traces/model/ledger.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const tab: TraceTab = { ...createTab("t", grantOf("a.json"), 0), summary: summaryOf("t"), load: { kind: "ready" } };
const span: SpanBrief = {
  span: 3,
  name: "cudaLaunchKernel",
  category: "cuda_runtime",
  kind: "launch",
  track: 1,
  row: 0,
  depth: 1,
  startNs: 1500,
  durationNs: 2000,
  selfNs: 2000,
  openEnded: false,
};

describe("details", () => {
  test("of a span: what is known stands at once, the rest follows", async () => {
    const kernel: SpanBrief = { ...span, span: 9, name: "gemm", kind: "kernel", track: 2 };
    const details: SpanDetails = {
      brief: span,
      ancestors: [{ ...span, span: 1, name: "aten::mm", durationNs: 8000 }],
      childCount: 0,
      sameName: { count: 4, totalNs: 9000 },
      args: [
        ["correlation", "17"],
        ["<img onerror=x>", "<b>"],
      ],
      argsUnavailable: null,
      argsPacked: false,
      links: [{ direction: "out", name: "launch", other: kernel }],
      linksOmitted: 0,
    };
    page = await renderInApp(<DetailsPanel tab={{ ...tab, selection: { kind: "span", span } }} />, (store) =>
      store.setState({ tabs: [tab], activeKey: "t" }),
    );
    expect(page.role("heading", "cudaLaunchKernel")).toBeDefined();
    expect(page.root.textContent).not.toContain("correlation");
    await page.update(async () => {
      page?.engine.last("span.details").resolve(details);
      await settled();
    });
    expect(page.root.textContent).toContain("25.0\u2009% of aten::mm");
    expect(page.root.textContent).toContain("4 spans, 9.00\u2009µs, mean 2.25\u2009µs");
    expect(page.root.textContent).toContain("<img onerror=x>");
    expect(page.root.querySelector("img, b")).toBeNull();
    expect(page.role("heading", "Launches")).toBeDefined();
    await page.update(() => page?.role("button", "gemm").click());
    expect(page.store.getState().tabs[0]?.selection).toEqual({ kind: "span", span: kernel });
    await page.update(() => page?.role("button", "Copy as text").click());
    expect(page.platform.invoked.find(([command]) => command === "clipboard.write")?.[1]).toMatchObject({
      text: expect.stringContaining("correlation\t17") as unknown,
    });
  });

  test("of a span of a file that has changed: why there are no arguments, and how to read it again", async () => {
    const changed: SpanDetails = {
      brief: span,
      ancestors: [],
      childCount: 0,
      sameName: { count: 4, totalNs: 9000 },
      args: [],
      argsUnavailable: "The file changed on disk after it was opened.",
      argsPacked: false,
      links: [],
      linksOmitted: 0,
    };
    page = await renderInApp(<DetailsPanel tab={{ ...tab, selection: { kind: "span", span } }} />, (store) =>
      store.setState({ tabs: [tab], activeKey: "t" }),
    );
    await page.update(async () => {
      page?.engine.last("span.details").resolve(changed);
      await settled();
    });
    expect(page.root.textContent).toContain("The file changed on disk");
    await page.update(() => page?.role("button", "Read the file again").click());
    expect(page.store.getState().tabs[0]?.load.kind).toBe("loading");
  });

  test("of a span of a file that is not unpacked: all but the arguments, which follow", async () => {
    const packed: SpanDetails = {
      brief: span,
      ancestors: [],
      childCount: 0,
      sameName: { count: 4, totalNs: 9000 },
      args: [],
      argsUnavailable: null,
      argsPacked: true,
      links: [],
      linksOmitted: 0,
    };
    page = await renderInApp(<DetailsPanel tab={{ ...tab, selection: { kind: "span", span } }} />, (store) =>
      store.setState({ tabs: [tab], activeKey: "t" }),
    );
    const answer = async (command: "span.details" | "trace.unpack", reply: unknown): Promise<void> => {
      await page?.update(async () => {
        page?.engine.last(command).resolve(reply);
        await settled();
      });
    };
    await answer("span.details", packed);
    expect(page.root.textContent).toContain("4 spans");
    await page.update(() =>
      page?.engine.last("trace.unpack").options?.onProgress?.({ done: 4, total: 10, unit: "bytes" }),
    );
    expect(page.root.textContent).toContain("Unpacking… 40\u2009%");
    await answer("trace.unpack", null);
    await answer("span.details", { ...packed, argsPacked: false, args: [["correlation", "17"]] });
    expect(page.root.textContent).toContain("correlation");
    expect(page.root.textContent).not.toContain("Unpacking");
  });

  test("of an instant of a file that is not unpacked: its arguments follow", async () => {
    const instant = {
      instant: 7,
      name: "mark",
      category: null,
      timeNs: 5,
      track: 1,
      args: [],
      argsUnavailable: null,
      argsPacked: true,
    };
    page = await renderInApp(<DetailsPanel tab={{ ...tab, selection: { kind: "instant", instant } }} />, (store) =>
      store.setState({ tabs: [tab], activeKey: "t" }),
    );
    expect(page.root.textContent).toContain("Unpacking");
    await page.update(async () => {
      page?.engine.last("trace.unpack").resolve(null);
      await settled();
    });
    await page.update(async () => {
      page?.engine.last("instant.details").resolve({ ...instant, argsPacked: false, args: [["y", "1"]] });
      await settled();
    });
    expect(page.role("heading", "Arguments").parentElement?.textContent).toContain("y1");
  });

  test("of an unfinished span: no invented duration", async () => {
    page = await renderInApp(
      <DetailsPanel tab={{ ...tab, selection: { kind: "span", span: { ...span, openEnded: true } } }} />,
    );
    expect(page.root.textContent).toContain("no end in the file");
    expect(page.root.textContent).toContain("not applicable");
  });

  test("of nothing: the trace itself", async () => {
    page = await renderInApp(<DetailsPanel tab={tab} />);
    expect(page.root.textContent).toContain("4 spans, on 3 tracks");
    expect(page.root.textContent).toContain("Producernot collected");
  });
});

const topRow: TopRow = {
  path: [],
  kind: "kernel",
  count: 1,
  openEnded: 0,
  totalNs: 9,
  selfNs: 9,
  meanNs: 9,
  minNs: 9,
  p50Ns: 9,
  p95Ns: 9,
  p99Ns: 9,
  maxNs: 9,
  share: 0.5,
  longestSpan: 3,
  clippedNs: 9,
};

describe("top", () => {
  test("names of kernels keep what tells them apart, and are whole for who points at or hears them", async () => {
    const names = ["add", "mul"].map((op) => `void at::native::kernel<4, at::native::Functor<float, ${op}> >(int)`);
    const rows = names.map((name) => ({ ...topRow, path: [name] }));
    page = await renderInApp(<TopTable tab={tab} scope={{}} group="name" />);
    await page.update(async () => {
      page?.engine.last("table.top").resolve({ rows, rowCount: 2 });
      await settled();
    });
    const kept = [...page.root.querySelectorAll("[title^=void] [aria-hidden]")].map((piece) => piece.textContent);
    expect(kept.filter((text) => /^(?:add|mul)/.test(text ?? ""))).toHaveLength(2);
    expect(kept.join("")).not.toContain("at::native");
    expect([...page.root.querySelectorAll(".visually-hidden")].map(({ textContent }) => textContent)).toEqual(names);
  });
});

describe("a table", () => {
  function Shown() {
    const shown = useApp(({ tabs }) => tabs[0]);
    return shown === undefined ? null : <TopTable tab={shown} scope={{}} group="name" />;
  }
  test("is stale while the trace has grown and its next answer has not come", async () => {
    page = await renderInApp(<Shown />, (store) => store.setState({ tabs: [tab] }));
    const isStale = (): string | null | undefined => page?.root.querySelector("[aria-busy]")?.getAttribute("aria-busy");
    const answer = async (): Promise<void> =>
      await page?.update(async () => {
        page?.engine.last("table.top").resolve({ rows: [topRow], rowCount: 1 });
        await settled();
      });
    await answer();
    expect(isStale()).toBe("false");
    await page.update(() => page?.store.setState({ tabs: [{ ...tab, summary: summaryOf("t", { spanCount: 99 }) }] }));
    expect(isStale()).toBe("true");
    await answer();
    expect(isStale()).toBe("false");
  });
});

describe("import", () => {
  test("adds up what was read, and names what was left out with its place", async () => {
    const ledger: ImportLedger = {
      ...summaryOf("t").ledger,
      outcome: "notes",
      eventsRead: 10,
      spans: 6,
      metadata: 1,
      dropped: [
        { level: "warning", code: "badTime", message: "events without a time", count: 3, firstBytes: [88_310, 90_000] },
      ],
    };
    page = await renderInApp(<ImportPanel tab={{ ...tab, summary: summaryOf("t", { ledger }) }} />);
    const text = page.root.textContent ?? "";
    expect(text).toContain("left out3");
    expect(text).toContain("events read10");
    expect(text).toContain("events without a time at byte 88\u2009310, 90\u2009000, …");
    expect(page.root.querySelector('[aria-label="Warning:"]')).not.toBeNull();
    expect(text).toContain("Read to its end, events left out");
  });

  test("tells once where a file breaks off", async () => {
    const message = "the file ends before its root object is closed";
    const ledger: ImportLedger = {
      ...summaryOf("t").ledger,
      outcome: "partial",
      notes: [{ level: "warning", code: "truncated", message, count: 1, firstBytes: [88_310] }],
      truncatedAtByte: 88_310,
    };
    page = await renderInApp(<ImportPanel tab={{ ...tab, summary: summaryOf("t", { ledger }) }} />);
    expect(page.root.textContent?.split("88\u2009310")).toHaveLength(2);
  });
});
