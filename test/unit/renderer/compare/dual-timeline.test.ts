import { describe, expect, test } from "vitest";
import type { SpanBrief, TrackSummary } from "../../../../electron/contract/engine-contract.ts";
import { layoutDual, rowTopPx, type StepSpans } from "../../../../renderer/views/compare/dual-layout.ts";
import { spanWords, walkSpans } from "../../../../renderer/views/compare/dual-walk.ts";
import { spanAt } from "../../../../renderer/views/compare/draw-dual.ts";
import { sightOf, wholeSight, zoomed } from "../../../../renderer/views/compare/sight.ts";
import { keptSteps, pickBoth, pickStep } from "../../../../renderer/views/compare/step-pair.ts";
import { compareWork } from "../../../fixtures/compared-traces.ts";
import { track } from "../timeline/tracks.ts";

const tracks = (thread: string): readonly TrackSummary[] => [
  track(0, { kind: "thread", name: thread, firstRow: 0, rowCount: 12 }),
];
const span = (number: number, name: string, startNs: number, durationNs: number, row = 0): SpanBrief => ({
  span: number,
  name,
  category: null,
  kind: "op",
  track: 0,
  row,
  depth: row,
  startNs,
  durationNs,
  selfNs: durationNs,
  openEnded: false,
});
const before: StepSpans = {
  startNs: 1000,
  durationNs: 100,
  tracks: tracks("thread 25738 (python)"),
  spans: [
    span(1, "Step#3", 1000, 100),
    span(2, "load", 1000, 40, 1),
    span(3, "load", 1050, 10, 1),
    span(4, "deep", 1000, 5, 9),
  ],
};
const after: StepSpans = {
  startNs: 5000,
  durationNs: 60,
  tracks: tracks("thread 11111 (python)"),
  spans: [span(7, "Step#9", 5000, 60), span(8, "load", 5000, 2, 1), span(9, "save", 5010, 10, 1)],
};
const layout = layoutDual(before, after, {
  before: Int32Array.of(1, 2, 4),
  after: Int32Array.of(7, 8, 99),
  confidence: Float32Array.of(1, 0.9, 1),
  onlyBefore: Int32Array.of(),
  onlyAfter: Int32Array.of(9),
});
const placed = (side: "before" | "after", number: number) => {
  const found = layout.spans.find((each) => each.side === side && each.span.span === number);
  if (found === undefined) throw new Error(`span ${number} is not drawn`);
  return found;
};

describe("two steps on one axis", () => {
  test("threads are one track whatever their ids, A above B", () => {
    expect(layout.tracks).toHaveLength(1);
    expect(rowTopPx(placed("after", 7))).toBeGreaterThan(rowTopPx(placed("before", 2)));
  });
  test("a thread is the one that did the same, not the one that has its id", () => {
    const named = (...names: readonly string[]): readonly TrackSummary[] =>
      names.map((name, id) => track(id, { kind: "thread", name, firstRow: 10 * id, rowCount: 10 }));
    const on = (at: number, brief: SpanBrief): SpanBrief => ({ ...brief, track: at, row: brief.row + 10 * at });
    const eager: StepSpans = {
      ...before,
      tracks: named("thread 728 (python3)", "thread 703 (python3)"),
      spans: [on(1, span(1, "Step#3", 1000, 100)), on(0, span(2, "backward", 1050, 40))],
    };
    const graph: StepSpans = {
      ...after,
      tracks: named("thread 728 (python3)", "thread 9 (worker)"),
      spans: [on(0, span(7, "Step#9", 5000, 60)), on(1, span(8, "write", 5010, 10))],
    };
    const { tracks: drawn, spans } = layoutDual(eager, graph, {
      before: Int32Array.of(1),
      after: Int32Array.of(7),
      confidence: Float32Array.of(1),
      onlyBefore: Int32Array.of(2),
      onlyAfter: Int32Array.of(8),
    });
    const nameOf = (side: "before" | "after", number: number): string | undefined =>
      spans.find((each) => each.side === side && each.span.span === number)?.track.name;
    expect(drawn).toHaveLength(3);
    expect(nameOf("before", 1)).toBe("thread 703 (python3)");
    expect(nameOf("after", 7)).toBe("thread 703 (python3)");
    expect(nameOf("before", 2)).toBe("thread 728 (python3)");
    expect(nameOf("after", 8)).toBe("thread 9 (worker)");
  });
  test("twins are what the comparison matched, with how sure that is", () => {
    expect(placed("before", 1).twin?.span).toBe(7);
    expect(placed("before", 2).twin?.span).toBe(8);
    expect(placed("before", 3).twin).toBeNull();
    expect(placed("after", 9).twin).toBeNull();
    expect(spanWords(placed("after", 8))).toBe(
      "load, before 40\u2009ns, after 2\u2009ns, \u221238\u2009ns, matched 90.0\u2009% sure",
    );
    expect(spanWords(placed("after", 9))).toBe("save, 10\u2009ns, only after at this place");
    expect(spanWords(placed("before", 3))).toBe("load, 10\u2009ns, of the step next to this one");
    expect(walkSpans(layout, null, "ArrowRight")).toBe(placed("before", 1));
  });
  test("rows too deep to draw are counted", () => {
    expect(layout.spans.some((each) => each.span.name === "deep")).toBe(false);
    expect(layout.tracks[0]?.hiddenRows).toBe(2);
  });
  test("the pointer finds the innermost span, arrows walk the rows and sides", () => {
    const toPx = (side: "before" | "after", ns: number): number => ns - (side === "before" ? 1000 : 5000);
    const load = placed("before", 2);
    expect(spanAt(layout, { toPx }, 20, rowTopPx(load) + 2)).toBe(load);
    expect(spanAt(layout, { toPx }, 45, rowTopPx(load) + 2)).toBeNull();
    expect(walkSpans(layout, load, "ArrowRight")).toBe(placed("before", 3));
    expect(walkSpans(layout, placed("before", 3), "ArrowRight")).toBe(placed("before", 3));
    expect(walkSpans(layout, placed("before", 2), "ArrowDown")).toBe(placed("after", 7));
    expect(walkSpans(layout, load, "x")).toBeNull();
  });
});

describe("sight", () => {
  test("zooming keeps the place under the pointer", () => {
    const { from, to } = zoomed({ from: 0.2, to: 0.6 }, 2, 0.25);
    expect(to - from).toBeCloseTo(0.2, 12);
    expect(from + (to - from) * 0.25).toBeCloseTo(0.3, 12);
  });
  test("keys zoom, pan and show all", () => {
    expect(sightOf("D", wholeSight)).toEqual({ from: 0.1, to: 1.1 });
    expect(sightOf("0", { from: 3, to: 4 })).toEqual(wholeSight);
    expect(sightOf("Q", wholeSight)).toBeNull();
  });
});

describe("steps", () => {
  const { summary } = compareWork({ load: 30e6 }, { load: 10e6 });
  test("the median and the longest of what is kept", () => {
    const steps = keptSteps(summary.before);
    expect(steps.every((step) => step.state === "kept")).toBe(true);
    const durations = steps.map((step) => step.durationNs).toSorted((a, b) => a - b);
    expect(steps[pickStep(steps, "longest")]?.durationNs).toBe(durations.at(-1));
    expect(steps[pickStep(steps, "median")]?.durationNs).toBe(durations[Math.floor((durations.length - 1) / 2)]);
    expect(pickBoth({ before: steps, after: [] }, "median").after).toBe(0);
  });
  test("without steps the whole selection is one", () => {
    const bare = { ...summary.before, steps: [] };
    expect(keptSteps(bare)).toHaveLength(1);
    expect(keptSteps({ ...bare, parts: bare.parts.map((part) => ({ ...part, trace: null })) })).toEqual([]);
  });
});
