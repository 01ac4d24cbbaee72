import { describe, expect, it } from "vitest";
import { describeValues, pairModes } from "../../../traces/compare/distribution.ts";
import { createRandom } from "../../../traces/measure/random.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { compareWork } from "../../fixtures/compared-traces.ts";

const { comparison, summary } = compareWork({ load: 30e6, train: 70e6 }, { load: 10e6, train: 70e6, save: 4e6 });

describe("spans of two steps", () => {
  it("belong together by the matching of their names and their turn, in every pair of steps", () => {
    const { before, after, confidence, onlyBefore, onlyAfter } = runSliced(comparison.pairs(2, 5));
    expect([onlyBefore.length, onlyAfter.length]).toEqual([0, 1]);
    // The step itself, load and train; save has no counterpart.
    expect(before).toHaveLength(3);
    expect(new Set(before).size).toBe(3);
    expect(after).toHaveLength(3);
    expect([...confidence]).toEqual([1, 1, 1]);
    expect(runSliced(comparison.pairs(0, 999)).before).toHaveLength(0);
  });

  it("are drawn with their rows, and what has no counterpart says so", () => {
    const { before, after } = runSliced(comparison.stepPicture("median"));
    const median = summary.exampleSteps.find(({ side, which }) => side === "before" && which === "median");
    expect(before.durationNs).toBe(median?.durationNs);
    const save = after.spans.find(({ name }) => name === "save");
    expect(save).toMatchObject({ role: "main thread", row: 1, confidence: null });
    expect(after.spans.filter(({ row }) => row === 0)).toHaveLength(1);
    for (const span of [...before.spans, ...after.spans]) {
      expect(span.startNs).toBeGreaterThanOrEqual(0);
      expect(span.durationNs).toBeGreaterThan(0);
    }
  });
});

describe("parts of a comparison", () => {
  it("name the same row: a bar of the waterfall leads to the table", () => {
    const bar = summary.waterfall.bars.find(({ label, kind }) => label === "load" && kind === "speed");
    const page = runSliced(
      comparison.rows({
        metric: "total",
        per: "step",
        sort: "name",
        descending: false,
        search: "load",
        significantOnly: false,
        minDeltaNs: 0,
        first: 0,
        count: 10,
      }),
    );
    expect(page.rows.map(({ row }) => row)).toContain(bar?.row);
    expect(summary.waterfall.bars.find(({ kind }) => kind === "idle")?.row ?? null).toBeNull();
  });

  it("know what each name owns of the step: all shares and idle time are the whole", () => {
    const after = [...comparison.wallShares.values()].reduce((sum, share) => sum + share.after, 0);
    const idle = summary.breakdown.find(({ kind }) => kind === "idle")?.afterNs ?? 0;
    const stepNs = summary.headline.estimate?.after.mean ?? 1;
    expect(after + idle / stepNs).toBeCloseTo(1, 9);
  });

  it("show a tree per call and of own time, in slots that stay those of steps", () => {
    const perStep = runSliced(comparison.tree(100, "total", "step"));
    const perCall = runSliced(comparison.tree(100, "total", "call"));
    const own = runSliced(comparison.tree(100, "self", "step"));
    expect([...perCall.weightNs]).toEqual([...perStep.weightNs]);
    const step = perStep.row.indexOf(0);
    expect(perStep.beforeValue[step]).toBe(perStep.beforeTotalNs[step]);
    expect(perStep.omittedNodes).toBe(0);
    const below = [...perStep.beforeTotalNs].filter((_, node) => perStep.parent[node] === step);
    const rest = (perStep.beforeTotalNs[step] ?? 0) - below.reduce((sum, ns) => sum + ns, 0);
    expect(own.beforeValue[step]).toBeCloseTo(rest, 6);
    for (let node = 0; node < perCall.parent.length; node++) {
      const calls = perCall.beforeCount[node] ?? 0;
      const each = calls === 0 ? 0 : (perCall.beforeTotalNs[node] ?? 0) / calls;
      expect(perCall.beforeValue[node]).toBeCloseTo(each, 6);
      // The larger side fills its slot, so that the other is seen against it.
      expect(Math.max(perCall.beforeFill[node] ?? 0, perCall.afterFill[node] ?? 0)).toBeCloseTo(1, 6);
    }
  });
});

describe("values with several modes", () => {
  const random = createRandom("modes");
  const normal = (at: number, n: number): number[] => Array.from({ length: n }, () => at + random.normal());
  const of = (...parts: readonly number[][]) => describeValues(Float64Array.from(parts.flat()));

  it("are compared mode by mode: what moved is told apart from how often it occurs", () => {
    const before = of(normal(100, 60), normal(150, 40));
    const after = of(normal(100, 30), normal(170, 70));
    const [fast, slow] = pairModes(before, after, 0.05);
    expect(fast?.relativeInterval?.[0]).toBeLessThan(0.01);
    expect(Math.abs(fast?.relative ?? 1)).toBeLessThan(0.01);
    expect([fast?.before?.share, fast?.after?.share]).toEqual([0.6, 0.3]);
    expect(slow?.relative).toBeCloseTo(0.133, 1);
    // Exchanged sides give the mirror image.
    const mirror = pairModes(after, before, 0.05);
    expect(mirror.map(({ before: a }) => a?.share)).toEqual([0.3, 0.7]);
    expect(mirror[1]?.relative).toBeLessThan(0);
  });

  it("are not where each side has one mode; a mode of one side stays alone", () => {
    expect(pairModes(of(normal(100, 50)), of(normal(130, 50)), 0.05)).toEqual([]);
    const pairs = pairModes(of(normal(100, 50)), of(normal(100, 50), normal(400, 50)), 0.05);
    expect(pairs[1]).toMatchObject({ before: null, relative: null, after: { share: 0.5 } });
  });
});
