// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import type { AdviceReply, SpanBrief } from "../../../../electron/contract/engine-contract.ts";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import type { TraceTab } from "../../../../renderer/state/trace-tab.ts";
import { FindingsView } from "../../../../renderer/views/findings/FindingsView.tsx";
import type { Finding } from "../../../../traces/advise/advice.ts";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

// It draws on a canvas, which this page does not have.
vi.mock("../../../../renderer/views/TimelinePane.tsx", () => ({ TimelinePane: () => null }));

let page: Rendered;
afterEach(async () => page.unmount());

const tab: TraceTab = { ...createTab("t", grantOf("a.json"), 0), summary: summaryOf("t"), load: { kind: "ready" } };

const span: SpanBrief = {
  span: 3,
  name: "enumerate(DataLoader)",
  category: null,
  kind: "io",
  track: 1,
  row: 0,
  depth: 1,
  startNs: 1500,
  durationNs: 2000,
  selfNs: 2000,
  openEnded: false,
};

const finding: Finding = {
  rule: "R04",
  title: "Input arrives too late",
  severity: "critical",
  confidence: 0.9,
  sentence: "Each step waits 3.00 ms for its input.",
  fix: "Load ahead.",
  howToVerify: "The loader's span shrinks.",
  saving: { lowNs: 2e6, midNs: 2.8e6, highNs: 3e6 },
  savingAlone: { lowNs: 2e6, midNs: 2.8e6, highNs: 3e6 },
  replayed: { savedNs: 2.5e6, interval: [2e6, 3e6] },
  evidence: [3],
  evidenceCount: 9,
};

const within: Finding = {
  ...finding,
  rule: "R03",
  title: "Device starved by the host",
  severity: "medium",
  saving: { lowNs: 0, midNs: 0, highNs: 0 },
};

const reply: AdviceReply = {
  advice: {
    steps: { rule: "stepSpans", count: 12, leftOut: 2, meanNs: 14e6 },
    findings: [finding, within],
    abstained: [{ rule: "R14", title: "Recording costs time", reason: "the recorder's cost of a span" }],
    passed: [{ rule: "R06", title: "Compiled again" }],
  },
  evidence: [[span], []],
};

async function openWith(answer: AdviceReply): Promise<void> {
  page = await renderInApp(<FindingsView />, (store) => store.setState({ tabs: [tab], activeKey: "t" }));
  expect(page.root.textContent).toContain("Looking through the trace");
  await page.update(async () => {
    page.engine.last("advice.get").resolve(answer);
    await settled();
  });
}

describe("findings", () => {
  test("stand by saving, say what they promise together, and what could not look", async () => {
    await openWith(reply);
    const [first, second] = page.all("option").filter((option) => option.tagName !== "OPTION");
    expect(first?.textContent).toContain("▲▲ critical");
    expect(first?.textContent).toContain("2.80\u2009ms, 20.0\u2009%");
    expect(second?.textContent).toContain("within the findings above");
    expect(page.root.textContent).toContain("Each step waits 3.00 ms for its input.");
    expect(page.root.textContent).toContain("not measured");
    expect(page.root.textContent).toContain(
      "without these spans a replay of the step takes 2.50\u2009ms less (17.9\u2009%; 95 % 2.00\u2009ms to 3.00\u2009ms)",
    );
    expect(page.root.textContent).toMatch(/12 steps of 14\.0\sms on average, without 2 of warm-up, compiling or cut/u);
    expect(page.root.textContent).toContain("Evidence: the longest 1 of 9 spans");
    expect(page.root.textContent).toContain("Recording costs time needs the recorder's cost of a span");
  });

  test("of a trace that is still read say so", async () => {
    const growing = { ...tab, summary: { ...summaryOf("t"), partial: true } };
    page = await renderInApp(<FindingsView />, (store) => store.setState({ tabs: [growing], activeKey: "t" }));
    await page.update(async () => {
      page.engine.last("advice.get").resolve(reply);
      await settled();
    });
    expect(page.root.textContent).toContain("compiling or cut; the file is still being read");
  });

  test("change with the chosen one", async () => {
    await openWith(reply);
    const second = page.all("option").find((option) => option.textContent.includes("starved"));
    await page.update(() => second?.click());
    expect(page.root.textContent).toContain("The evidence stands in the import ledger");
  });

  test("say so where there are none, and where no trace is open", async () => {
    await openWith({ advice: { ...reply.advice, findings: [] }, evidence: [] });
    expect(page.root.textContent).toContain("no rule sees a loss above its threshold");
    await page.update(() => page.store.setState({ tabs: [], activeKey: null }));
    expect(page.root.textContent).toContain("No trace to look at");
  });

  test("say why they could not be made", async () => {
    page = await renderInApp(<FindingsView />, (store) => store.setState({ tabs: [tab], activeKey: "t" }));
    await page.update(async () => {
      page.engine.last("advice.get").reject(new Error("this trace is not open"));
      await settled();
    });
    expect(page.root.textContent).toContain("this trace is not open");
  });
});
