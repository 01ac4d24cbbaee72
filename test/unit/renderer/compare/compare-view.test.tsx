// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { DeltaRowsRequest } from "../../../../electron/contract/compare-contract.ts";
import { CompareView } from "../../../../renderer/views/compare/CompareView.tsx";
import { gatherRows } from "../../../../renderer/views/compare/BreakdownPanel.tsx";
import { deltaTsv, rowTone, rowVerdict, valueOf } from "../../../../renderer/views/compare/row-values.ts";
import { relativeWords, waterfallRowsOf } from "../../../../renderer/views/compare/words.ts";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { runSliced } from "../../../../traces/model/sliced.ts";
import { compareWork } from "../../../fixtures/compared-traces.ts";
import { grantOf, settled, summaryOf } from "../fake-platform.ts";
import { type Rendered, renderInApp } from "../render.tsx";

const { comparison, summary } = compareWork(
  { load: 30e6, train: 70e6, log: 4e6 },
  { load: 10e6, train: 70e6, save: 4e6 },
);
const allRows: Omit<DeltaRowsRequest, "comparison"> = {
  metric: "total",
  per: "step",
  sort: "absDelta",
  descending: true,
  search: "",
  significantOnly: false,
  minDeltaNs: 0,
  first: 0,
  count: 100,
};
const page0 = runSliced(comparison.rows(allRows));
const rowOf = (name: string) => {
  const row = page0.rows.find((each) => each.path.at(-1) === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return row;
};

let page: Rendered | null = null;
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1000);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(1000);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(400);
});
afterEach(async () => {
  await page?.unmount();
  vi.restoreAllMocks();
});

/** The view with two files that are read. */
async function openCompared(): Promise<Rendered> {
  page = await renderInApp(<CompareView />, (store) =>
    store.getState().compareFiles([grantOf("a.json"), grantOf("b.json")]),
  );
  const shown = page;
  await shown.update(async () => {
    for (const tab of shown.store.getState().tabs)
      shown.engine.calls
        .find((call) => (call.request as { readonly trace?: string }).trace === tab.key)
        ?.resolve(summaryOf(tab.key));
    await settled();
  });
  return shown;
}
async function answerRows(shown: Rendered): Promise<void> {
  await shown.update(async () => {
    shown.engine.last("compare.start").resolve(summary);
    await settled();
  });
  await shown.update(async () => {
    const { comparison: _key, ...request } = shown.engine.last("compare.rows").request as DeltaRowsRequest;
    shown.engine.last("compare.rows").resolve(runSliced(comparison.rows(request)));
    await settled();
  });
}

describe("states", () => {
  test("nothing chosen: says what to do and offers it", async () => {
    page = await renderInApp(<CompareView />);
    expect(page.root.textContent).toContain("Drop two files here");
    await page.update(() => page?.role("button", "Choose two files").click());
    expect(page.platform.invoked).toContainEqual(["file.choose", null]);
  });
  test("one side chosen: asks for the other, open traces one press away", async () => {
    page = await renderInApp(<CompareView />, (store) => {
      store.getState().openFiles([grantOf("a.json"), grantOf("b.json")]);
      store.getState().assignSide("before", "token a.json");
      store.getState().showView("compare");
    });
    expect(page.root.textContent).toContain("What was after?");
    await page.update(() => page?.role("button", "Use b.json as after").click());
    expect(page.store.getState().compareSides.after).toEqual([{ token: "token b.json", range: { kind: "whole" } }]);
    expect(page.root.textContent).toContain("Reading a.json and b.json");
  });
  test("a file that cannot be read is named with its reason", async () => {
    page = await renderInApp(<CompareView />, (store) =>
      store.getState().compareFiles([grantOf("a.json"), grantOf("b.json")]),
    );
    await page.update(async () => {
      page?.engine.calls[1]?.reject(new UserFacingError("the file is gone"));
      await settled();
    });
    expect(page.role("alert").textContent).toContain("b.json is not read");
    expect(page.role("alert").textContent).toContain("the file is gone");
  });
  test("a failed comparison can be tried again", async () => {
    const shown = await openCompared();
    await shown.update(async () => {
      shown.engine.last("compare.start").reject(new UserFacingError("no span in common"));
      await settled();
    });
    expect(shown.role("alert").textContent).toContain("no span in common");
    await shown.update(() => shown.role("button", "Compare again").click());
    expect(shown.engine.calls.filter((call) => call.command === "compare.start")).toHaveLength(2);
  });
  test("while it runs, progress is told and Cancel ends it", async () => {
    const shown = await openCompared();
    await shown.update(async () => {
      shown.engine.last("compare.start").options.onProgress?.({ done: 1200, total: 4000, unit: "spans" });
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect(shown.root.textContent).toContain("1200 of 4000 spans");
    await shown.update(async () => {
      shown.role("button", "Cancel").click();
      await settled();
    });
    expect(shown.root.textContent).toContain("The comparison was cancelled");
  });
});

describe("a comparison", () => {
  test("shows the sentence as the engine wrote it, the grade, and the ranked rows", async () => {
    const shown = await openCompared();
    await answerRows(shown);
    expect(shown.role("heading", summary.headline.sentence)).toBeDefined();
    expect(shown.role("button", "Comparability: grade")).toBeDefined();
    const rows = shown.all("row").map((row) => row.textContent ?? "");
    expect(rows[1]).toContain("load");
    expect(rows[1]).toContain("improved");
    expect(rows.find((row) => row.includes("save"))).toContain("only after");
    expect(rows.find((row) => row.includes("save"))).toContain("none");
  });
  test("a row chosen in the table is chosen in the waterfall, and the other way round", async () => {
    const shown = await openCompared();
    await answerRows(shown);
    await shown.update(() =>
      shown
        .all("row")
        .find((row) => row.textContent?.includes("load"))
        ?.click(),
    );
    const { row } = rowOf("load");
    expect(shown.store.getState().compareRow).toBe(row);
    const bar = summary.waterfall.bars.find((each) => each.row === row);
    if (bar !== undefined)
      expect(shown.root.querySelector('[aria-selected="true"][role="option"]')?.id).toContain(bar.id);
    expect(shown.root.textContent).toContain("calls per step1.00 → 1.00");
  });
  test("search and filter ask the engine", async () => {
    const shown = await openCompared();
    await answerRows(shown);
    const box = shown.root.querySelector<HTMLInputElement>('input[type="checkbox"]');
    await shown.update(() => box?.click());
    expect(shown.engine.last("compare.rows").request).toMatchObject({ significantOnly: true, first: 0 });
  });
});

describe("numbers of rows", () => {
  const about = {
    base: "ns",
    metric: "total",
    per: "step",
    itemsPerStep: { before: null, after: null },
  } as const;
  test("before, after and change add up", () => {
    for (const row of page0.rows)
      expect((valueOf(row, "after", about) ?? 0) - (valueOf(row, "before", about) ?? 0)).toBeCloseTo(row.delta, 3);
  });
  test("tones: decided changes, new and gone rows; nothing else", () => {
    expect([rowTone(rowOf("load")), rowTone(rowOf("train")), rowTone(rowOf("save")), rowTone(rowOf("log"))]).toEqual([
      "faster",
      "even",
      "slower",
      "faster",
    ]);
    expect(rowVerdict(rowOf("log"))).toBe("only before");
    expect(rowVerdict(rowOf("train"))).toBe("equivalent");
  });
  test("the copied table has every digit and leaves unknown cells empty", () => {
    const [head, ...lines] = deltaTsv([rowOf("load"), rowOf("save")], about).split("\n");
    expect(head?.split("\t")).toHaveLength(14);
    expect(lines[0]?.split("\t")[4]).toBe(String(rowOf("load").delta));
    expect(lines[1]?.split("\t")[2]).toBe("");
    expect(lines[1]?.split("\t").at(-1)).toBe("only after");
  });
});

describe("words", () => {
  test("relative changes carry their interval; new things have no percentage", () => {
    expect(relativeWords(-0.2, [-0.25, -0.1])).toBe("\u221220.0\u2009% [\u221225.0, \u221210.0]");
    expect(relativeWords(Infinity, null)).toBe("new");
    expect(relativeWords(Number.NaN, null)).toBe("not defined");
  });
  test("the waterfall closes and colors only intervals that leave out 0", () => {
    const rows = waterfallRowsOf(summary.waterfall.bars);
    const total = (at: number): number => {
      const row = rows.at(at);
      return row?.kind === "total" ? row.valueNs : Number.NaN;
    };
    const changes = rows.reduce((sum, row) => sum + (row.kind === "change" ? row.deltaNs : 0), 0);
    expect(total(0) + changes).toBeCloseTo(total(-1), 0);
    for (const row of rows) {
      if (row.kind === "total") continue;
      const spans0 = row.lowNs == null || row.highNs == null || (row.lowNs <= 0 && row.highNs >= 0);
      expect(row.tone === "even", row.title).toBe(spans0);
    }
  });
  test("a long breakdown keeps its largest parts, idle time last, nothing lost", () => {
    const rows = Array.from({ length: 14 }, (_, index) => ({
      id: `part ${index}`,
      label: `part ${index}`,
      kind: index === 3 ? ("idle" as const) : ("host" as const),
      beforeNs: index + 1,
      afterNs: 1,
    }));
    const gathered = gatherRows(rows);
    expect(gathered).toHaveLength(10);
    expect(gathered.at(-1)?.kind).toBe("idle");
    expect(gathered.at(-2)?.label).toBe("5 smaller parts");
    expect(gathered.reduce((sum, row) => sum + row.beforeNs, 0)).toBe(105);
  });
});
