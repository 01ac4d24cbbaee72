// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from "vitest";
import { Banners } from "../../../../renderer/app/Banners.tsx";
import { TabStrip } from "../../../../renderer/app/TabStrip.tsx";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import { LoadBar, loadWords } from "../../../../renderer/views/trace/LoadBar.tsx";
import { isInflateLimit, StoppedScreen } from "../../../../renderer/views/trace/StoppedScreen.tsx";
import { OverwrittenBanner } from "../../../../renderer/views/OverwrittenBanner.tsx";
import { TruncationBanner } from "../../../../renderer/views/trace/TruncationBanner.tsx";
import { Welcome } from "../../../../renderer/views/welcome/Welcome.tsx";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

describe("welcome", () => {
  test("lists recent files and samples; a missing one can only be removed", async () => {
    page = await renderInApp(<Welcome />, (_store, platform) => {
      platform.answer("file.samples", [
        { id: "s1", name: "Small training", description: "Three steps.", bytes: 34_000, pair: null },
      ]);
      platform.answer("file.recent", [
        {
          id: "r1",
          name: "run.json",
          folder: "~/traces",
          bytes: 132e6,
          formatLabel: "Chrome trace",
          openedAt: 0,
          exists: true,
        },
        { id: "r2", name: "gone.json", folder: "~/old", bytes: 1, formatLabel: null, openedAt: 0, exists: false },
      ]);
    });
    await page.update(() => page?.store.getState().readShell());
    expect(page.role("button", "run.jsonChrome").textContent).toContain("Chrome trace, 132\u2009MB");
    expect(page.role("button", "Small training").textContent).toContain("Three steps.");
    const gone = page.all("button").find((button) => button.textContent?.includes("gone.json"));
    expect(gone?.hasAttribute("disabled")).toBe(true);
    expect(gone?.textContent).toContain("no longer there");
    await page.update(() => page?.role("button", "Remove gone.json").click());
    expect(page.platform.invoked).toContainEqual(["file.forgetRecent", { id: "r2" }]);
  });
});

describe("tabs", () => {
  test("of files whose long names begin alike tell what differs", async () => {
    const names = ["quiet", "busy"].map((machine) => `student-naive-fast-batches-1-to-16-${machine}.json`);
    page = await renderInApp(<TabStrip />, (store) =>
      store.getState().openFiles([...names, "short.json"].map(grantOf)),
    );
    const told = page.all("tab").map((tab) => {
      const heard = tab.querySelector('[class*="visually-hidden"]');
      return { seen: [...tab.querySelectorAll("[aria-hidden]")].map((part) => part.textContent).join(""), heard };
    });
    expect(told.slice(0, 2).map(({ seen }) => seen)).toEqual(["…quiet.json", "…busy.json"]);
    // Who hears the tabs has the whole names.
    expect(told.slice(0, 2).map(({ heard }) => heard?.textContent)).toEqual(names);
    expect(page.all("tab")[0]?.title).toContain(names[0]);
  });

  test("of names too short to lose their middle are one piece, which loses its end", async () => {
    page = await renderInApp(<TabStrip />, (store) =>
      store.getState().openFiles(["emptyarray.json", "kineto-like-500000.json"].map(grantOf)),
    );
    const pieces = page
      .all("tab")
      .map((tab) => [...tab.querySelectorAll('[class*="head"], [class*="end"]')].map((piece) => piece.textContent));
    expect(pieces).toEqual([["emptyarray.json"], ["kineto", "-like-500000.json"]]);
  });

  test("of runs keep their number and lose what all of them begin with", async () => {
    page = await renderInApp(<TabStrip />, (store) => {
      for (const [index, batch] of [1, 64].entries())
        store.getState().openLiveTab(`#${index + 1} student: naive, fast, planned, batch ${batch}`);
    });
    const seen = page
      .all("tab")
      .map((tab) => [...tab.querySelectorAll("[aria-hidden]")].map((part) => part.textContent).join(""));
    expect(seen).toEqual(["#1 batch 1", "#2 batch 64"]);
  });

  test("say which one is shown and what is still loading; Delete closes", async () => {
    page = await renderInApp(<TabStrip />, (store) =>
      store.getState().openFiles([grantOf("a.json"), grantOf("b.json")]),
    );
    expect(page.role("tab", "a.json").getAttribute("aria-selected")).toBe("true");
    expect(page.role("tab", "b.json").textContent).toContain("loading");
    await page.update(() => page?.role("tab", "b.json").click());
    expect(page.role("tab", "b.json").getAttribute("aria-selected")).toBe("true");
    await page.update(
      () =>
        void page?.role("tab", "b.json").dispatchEvent(new KeyboardEvent("keydown", { key: "Delete", bubbles: true })),
    );
    expect(page.all("tab")).toHaveLength(1);
  });
});

describe("a file that did not become a trace", () => {
  const tab = createTab("t", grantOf("bad.json"), 0);
  test("says what, where and what to try", async () => {
    page = await renderInApp(
      <StoppedScreen
        tab={tab}
        load={{
          kind: "failed",
          error: {
            name: "TraceFormatError",
            message: "expected a trace, found an HTML page",
            place: { byteOffset: 12_345 },
          },
        }}
      />,
    );
    const text = page.role("alert").textContent ?? "";
    expect(text).toContain("bad.json cannot be read");
    expect(text).toContain("expected a trace, found an HTML page");
    expect(text).toContain("byte 12\u2009345");
    expect(page.role("button", "Open another file")).toBeDefined();
  });
  test("asks before it inflates a bomb", async () => {
    const error = {
      name: "InflateLimitError",
      message: "expected a compressed file within the limits, found one that inflates to 9 bytes",
    };
    expect(isInflateLimit(error)).toBe(true);
    expect(isInflateLimit({ name: "TraceFormatError", message: "expected a trace" })).toBe(false);
    page = await renderInApp(<StoppedScreen tab={tab} load={{ kind: "failed", error }} />);
    expect(page.role("button", "Read it all the same")).toBeDefined();
  });
  test("offers to read times as nanoseconds", async () => {
    const error = { name: "NanosecondTimesError", message: "expected times in microseconds" };
    page = await renderInApp(<StoppedScreen tab={tab} load={{ kind: "failed", error }} />);
    expect(page.role("button", "Read times as nanoseconds")).toBeDefined();
  });
});

describe("banners", () => {
  test("the engine's end offers to reopen; the evaluation notice stays dismissed", async () => {
    page = await renderInApp(<Banners />, (_store, platform) => {
      platform.answer("settings.read", {});
      platform.answer("shell.facts", {
        version: "0.1.0",
        platform: "linux",
        electron: "25.1.1",
        chromium: "114",
        evaluationRuntime: true,
      });
    });
    await page.update(async () => {
      await page?.store.getState().readSettings();
      await page?.store.getState().readShell();
      page?.store.getState().engineHasEnded("It ran out of memory.");
    });
    expect(page.role("alert").textContent).toContain("It ran out of memory.");
    expect(page.role("status").textContent).toContain("evaluation runtime");
    await page.update(() => page?.role("button", "Dismiss").click());
    expect(page.all("status")).toHaveLength(0);
    expect(page.store.getState().evaluationNoticeDismissed).toBe(true);
    await page.update(() => page?.role("button", "Start again").click());
    expect(page.platform.invoked).toContainEqual(["engine.restart", null]);
  });

  test("a file that breaks off leads to its ledger", async () => {
    const summary = summaryOf("t", {
      ledger: { ...summaryOf("t").ledger, outcome: "partial", truncatedAtByte: 3_000_000 },
    });
    page = await renderInApp(
      <TruncationBanner tab={{ ...createTab("t", grantOf("cut.json"), 0), summary, load: { kind: "ready" } }} />,
    );
    expect(page.role("status").textContent).toContain("byte 3\u2009000\u2009000");
    await page.update(() => page?.role("button", "Show the ledger").click());
    await settled();
    expect(page.store.getState().dockTab).toBe("import");
  });

  test("a file of which nothing could be kept says why", async () => {
    const { ledger } = summaryOf("t");
    const line = { level: "warning", code: "badTime", message: "events whose time is no number", count: 9 } as const;
    const summary = summaryOf("t", {
      spanCount: 0,
      instantCount: 0,
      sampleCount: 0,
      ledger: { ...ledger, outcome: "partial", eventsRead: 9, dropped: [{ ...line, firstBytes: [] }] },
    });
    page = await renderInApp(
      <TruncationBanner tab={{ ...createTab("t", grantOf("odd.json"), 0), summary, load: { kind: "ready" } }} />,
    );
    expect(page.role("status").textContent).toMatch(
      /^No event of this file could be kept\. 9 were read; the first reason: events whose time is no number\./u,
    );
  });

  test("a packed file whose checksum differs is damaged, and says how many events that cost", async () => {
    const { ledger } = summaryOf("t");
    const line = { level: "warning", message: "", firstBytes: [] } as const;
    const summary = summaryOf("t", {
      ledger: {
        ...ledger,
        outcome: "notes",
        eventsRead: 31_134,
        dropped: [{ ...line, code: "badJson", count: 20_765 }],
        notes: [{ ...line, code: "gzipChecksum", count: 1 }],
      },
    });
    page = await renderInApp(
      <TruncationBanner tab={{ ...createTab("t", grantOf("damaged.json.gz"), 0), summary, load: { kind: "ready" } }} />,
    );
    expect(page.role("status").textContent).toContain(
      "This file is damaged: its checksum is another. 20\u2009765 of 31\u2009134 events could not be read",
    );
  });

  test("a file with more spans than a trace holds says how many are left out, and from where on", async () => {
    const { ledger } = summaryOf("t");
    const message = "spans beyond the 60 000 000 that a trace holds";
    const line = {
      level: "warning",
      code: "spanLimit",
      message,
      count: 4_000_000,
      firstBytes: [4_671_553_404],
    } as const;
    const summary = summaryOf("t", {
      spanCount: 60_000_000,
      ledger: { ...ledger, outcome: "partial", dropped: [line] },
    });
    page = await renderInApp(
      <TruncationBanner tab={{ ...createTab("t", grantOf("big.json"), 0), summary, load: { kind: "ready" } }} />,
    );
    expect(page.role("status").textContent).toMatch(
      /^4.000.000 spans beyond the 60 000 000 that a trace holds were left out\. They begin at byte 4.671.553.404; times and sums/u,
    );
  });
});

test("loading says bytes, rate, time left and spans", () => {
  const tab = createTab("t", { token: "x", name: "a.json", bytes: 100e6 }, 0);
  const progress = { done: 20e6, total: 100e6, unit: "bytes" } as const;
  const load = { kind: "loading", progress, bytesPerSecond: 10e6, startedAtMs: 0 } as const;
  expect(loadWords(tab, { ...load, progress: null })).toBe("100\u2009MB, starting");
  expect(loadWords(tab, load)).toBe("20.0\u2009MB of 100\u2009MB, 10.0\u2009MB/s, about 8\u2009s left");
  expect(loadWords(tab, { ...load, bytesPerSecond: null })).toBe("20.0\u2009MB of 100\u2009MB");
  expect(loadWords({ ...tab, summary: summaryOf("t", { spanCount: 12_345 }) }, load)).toContain(", 12\u2009345 spans");
  expect(loadWords(tab, { ...load, progress: { ...progress, done: 100e6 } })).toBe(
    "100\u2009MB read, sorting the spans",
  );
  expect(loadWords(tab, { ...load, progress: { done: 20e6, total: null, unit: "bytes" } })).toBe(
    "20.0\u2009MB, 10.0\u2009MB/s",
  );
});

test("progress goes when the engine has ended", async () => {
  const progress = { done: 20e6, total: 100e6, unit: "bytes" } as const;
  const load = { kind: "loading", progress, bytesPerSecond: 10e6, startedAtMs: 0 } as const;
  page = await renderInApp(<LoadBar tab={{ ...createTab("t", grantOf("a.json"), 0), load }} />);
  expect(page.root.textContent).toContain("20.0");
  await page.update(() => page?.store.getState().engineHasEnded("exit code 9"));
  expect(page.root.textContent).toBe("");
});

describe("a long run", () => {
  test("says how many rows were overwritten, also while it grows, and nothing when none were", async () => {
    const { ledger } = summaryOf("t");
    const line = { level: "warning", message: "earlier rows were overwritten", firstBytes: [] } as const;
    const tabOf = (dropped: typeof ledger.dropped) => ({
      ...createTab("t", grantOf("run"), 0),
      summary: summaryOf("t", { partial: true, ledger: { ...ledger, dropped } }),
    });
    page = await renderInApp(<OverwrittenBanner tab={tabOf([{ ...line, code: "overwritten", count: 65_536 }])} />);
    expect(page.role("status").textContent).toMatch(/65.536 earlier rows were overwritten/);
    await page.unmount();
    page = await renderInApp(<OverwrittenBanner tab={tabOf([{ ...line, code: "olderRows", count: 9 }])} />);
    expect(page.all("status")).toHaveLength(0);
  });
});
