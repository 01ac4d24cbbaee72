import { describe, expect, it } from "vitest";
import { defaultCompareOptions } from "../../../renderer/state/compare-slice.ts";
import { compareTraces, type Comparison } from "../../../traces/compare/compare-traces.ts";
import { usualDraws } from "../../../traces/compare/draws.ts";
import type { ComparisonOptions, DeltaRow } from "../../../traces/compare/comparison.ts";
import type { SideInput } from "../../../traces/compare/side.ts";
import { mirrored } from "../../../traces/measure/relative.ts";
import { liveRunLabel } from "../../../traces/measure/live-run.ts";
import { createRandom } from "../../../traces/measure/random.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { runSliced } from "../../../traces/model/sliced.ts";

const options: ComparisonOptions = { tolerance: 0.05, alpha: 0.05, resamples: 300, allowIncomparable: false };

interface Work {
  readonly name: string;
  readonly ns: number;
  readonly kind?: SpanKind;
}

/** Steps of the given work, each piece varied by `spread`; a kernel runs on a stream while the host goes on. */
function traceOfSteps(seed: string, work: readonly Work[], { steps = 20, spread = 0.03 } = {}): Trace {
  const random = createRandom(seed);
  const builder = createTraceBuilder();
  const process = builder.addTrack({ kind: "process", name: "program" });
  const main = builder.addTrack({ kind: "thread", name: `thread ${random.below(1e6)} (python)`, parent: process });
  const device = builder.addTrack({ kind: "device", name: "GPU 0" });
  const stream = builder.addTrack({ kind: "stream", name: "stream 7", parent: device });
  let timeNs = 1000;
  for (let step = 0; step < steps; step++) {
    const startNs = timeNs;
    timeNs += 500;
    for (const { name, ns, kind = SpanKind.op } of work) {
      const durationNs = Math.round(ns * (1 + spread * random.normal()));
      const track = kind === SpanKind.kernel ? stream : main;
      builder.addSpan(track, timeNs, durationNs, builder.intern(name), kind, builder.category("test"), 0);
      timeNs += durationNs;
    }
    const name = builder.intern(`ProfilerStep#${step}`);
    builder.addSpan(main, startNs, timeNs - startNs, name, SpanKind.step, builder.category("test"), 0);
  }
  return builder.seal({ name: "made", format: "made", formatLabel: "Made", facts: [] });
}

function side(...traces: readonly Trace[]): SideInput {
  const parts = traces.map((trace, i) => ({
    key: `${i}`,
    fileName: `${i}.json`,
    trace,
    startNs: -Infinity,
    endNs: Infinity,
  }));
  return { label: "", parts, itemsPerStep: null };
}

function compare(before: SideInput, after: SideInput): Comparison {
  return runSliced(compareTraces(before, after, options));
}

function allRows(comparison: Comparison): readonly DeltaRow[] {
  return runSliced(
    comparison.rows({
      metric: "self",
      per: "step",
      sort: "absDelta",
      descending: true,
      search: "",
      significantOnly: false,
      minDeltaNs: 0,
      first: 0,
      count: 1000,
    }),
  ).rows;
}

const work: readonly Work[] = [
  { name: "load", ns: 20_000, kind: SpanKind.io },
  { name: "forward", ns: 50_000 },
  { name: "gemm_128x64_nn", ns: 30_000, kind: SpanKind.kernel },
];

describe("two traces", () => {
  it("finds what got slower, and says so of the step", () => {
    const slower = work.map((each) => (each.name === "forward" ? { ...each, ns: each.ns * 1.5 } : each));
    const comparison = compare(side(traceOfSteps("a", work)), side(traceOfSteps("b", slower)));
    const { headline, before, comparability } = comparison.summary;
    expect(headline.estimate?.verdict).toBe("regressed");
    expect(headline.estimate?.relative).toBeCloseTo(0.25, 1);
    expect(headline.sentence).toMatch(/^Between these two captures, step time rose 2\d\.\d/);
    expect(headline.causes[0]).toMatch(/^forward: slower/);
    expect(before.stepRule).toBe("stepSpans");
    expect(comparability.grade).toBe("A");
    const verdicts = new Map(allRows(comparison).map((row) => [row.path.at(-1), row.estimate?.verdict]));
    expect(verdicts.get("forward")).toBe("regressed");
    expect(verdicts.get("load")).not.toBe("regressed");
  });

  it("doubts one number of the steps of several configurations of a live run", () => {
    const run = (...configurations: readonly string[]): Trace => {
      const builder = createTraceBuilder();
      const main = builder.addTrack({ kind: "thread", name: "main" });
      configurations.forEach((name, i) => {
        builder.addSpan(main, i * 1e6, 9e5, builder.intern(name), SpanKind.phase, builder.category("run"), 0);
        for (let step = 0; step < 8; step++) {
          const startNs = i * 1e6 + step * 1e5;
          builder.addSpan(main, startNs, 5e4 + step, builder.intern("step"), SpanKind.step, builder.category("run"), 0);
        }
      });
      return builder.seal({ name: "run", format: "deltaflame", formatLabel: liveRunLabel, facts: [] });
    };
    const check = (a: Trace, b: Trace) =>
      compare(side(a), side(b)).summary.comparability.checks.find(({ id }) => id === "configurations");
    expect(check(run("fast · batch 1", "fast · batch 4"), run("fast · batch 1"))).toMatchObject({
      grade: "C",
      before: "2",
      after: "1",
    });
    expect(check(run("fast · batch 1"), run("fast · batch 4"))).toMatchObject({ grade: "A" });
    expect(check(traceOfSteps("a", work), traceOfSteps("b", work))).toBeUndefined();
  });

  it("closes: the bars lead from the step before to the step after", () => {
    const changed = [...work.slice(1), { name: "extra", ns: 7000 }];
    const { waterfall, workWaterfall, breakdown, headline } = compare(
      side(traceOfSteps("a", work)),
      side(traceOfSteps("b", changed)),
    ).summary;
    const [first, last] = [waterfall.bars[0], waterfall.bars.at(-1)];
    const changes = waterfall.bars.slice(1, -1).reduce((sum, bar) => sum + bar.ns, 0);
    expect(Math.abs((first?.ns ?? 0) + changes - (last?.ns ?? 0))).toBeLessThan(1e-6);
    expect(Math.abs(waterfall.residualNs)).toBeLessThan(1e-6);
    expect(Math.abs(workWaterfall?.residualNs ?? 1)).toBeLessThan(1e-6);
    const stepNs = headline.estimate?.before.mean ?? 0;
    expect(breakdown.reduce((sum, row) => sum + row.beforeNs, 0)).toBeCloseTo(stepNs, 3);
    expect(waterfall.bars.map((bar) => bar.kind)).toContain("onlyAfter");
  });

  it("is equivalent to itself with every delta 0", () => {
    const trace = traceOfSteps("a", work, { steps: 5 });
    const comparison = compare(side(trace), side(trace));
    expect(comparison.summary.headline.estimate).toMatchObject({ verdict: "equivalent", shift: 0, relative: 0 });
    expect(comparison.summary.before.coverage).toBe(1);
    for (const row of allRows(comparison)) {
      expect(row).toMatchObject({ delta: 0, match: { tier: "path", confidence: 1 } });
      expect(row.estimate?.verdict).toBe("equivalent");
    }
  });

  it("mirrors every number and verdict when the sides are exchanged", () => {
    const renamed = work.map((each) => (each.name === "load" ? { ...each, name: "fetch", ns: 35_000 } : each));
    const [a, b] = [side(traceOfSteps("a", work)), side(traceOfSteps("b", [...renamed, { name: "new", ns: 900 }]))];
    const [there, back] = [compare(a, b), compare(b, a)];
    const opposite = {
      regressed: "improved",
      improved: "regressed",
      equivalent: "equivalent",
      inconclusive: "inconclusive",
    };
    const backRows = new Map(allRows(back).map((row) => [row.path.at(-1), row]));
    expect(back.summary.headline.estimate?.verdict).toBe(
      opposite[there.summary.headline.estimate?.verdict ?? "improved"],
    );
    expect(back.summary.headline.estimate?.shift).toBe(-(there.summary.headline.estimate?.shift ?? 0));
    expect(back.summary.before.coverage).toBe(there.summary.after.coverage);
    for (const row of allRows(there)) {
      const mirror = backRows.get(row.path.at(-1)) ?? backRows.get("fetch");
      expect(mirror?.delta).toBe(-row.delta);
      if (row.estimate === null || mirror?.estimate === null || mirror === undefined) continue;
      expect(mirror.estimate.verdict).toBe(opposite[row.estimate.verdict]);
      expect(mirror.estimate.p).toBe(row.estimate.p);
      expect(mirror.estimate.relative).toBeCloseTo(mirrored(row.estimate.relative), 12);
    }
  });

  it("draws as often in the window as in the terminal, less often where there are many steps", () => {
    expect(defaultCompareOptions.resamples).toBe(usualDraws);
    const drawn = (steps: number): number => {
      const [a, b] = [traceOfSteps("a", work, { steps }), traceOfSteps("b", work, { steps })];
      return runSliced(compareTraces(side(a), side(b), { ...options, resamples: usualDraws })).summary.options
        .resamples;
    };
    expect(drawn(20)).toBe(10_000);
    expect(drawn(400)).toBe(2500);
    expect(drawn(1000)).toBe(2000);
  });

  it("takes runs as observations where there are four a side", () => {
    const runs = (seed: string, factor: number): SideInput =>
      side(
        ...[1, 2, 3, 4, 5].map((run) =>
          traceOfSteps(
            `${seed}${run}`,
            work.map((each) => ({ ...each, ns: each.ns * factor })),
          ),
        ),
      );
    const { before, headline } = compare(runs("a", 1), runs("b", 1.2)).summary;
    expect(before.stepRule).toBe("runs");
    expect(headline.estimate?.before.n).toBe(5);
    expect(headline.estimate?.verdict).toBe("regressed");
  });

  it("says what one capture without steps cannot say", () => {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "thread", name: "main" });
    builder.addSpan(track, 0, 5000, builder.intern("work"), SpanKind.op, builder.category("test"), 0);
    const trace = builder.seal({ name: "one", format: "made", formatLabel: "Made", facts: [] });
    const { headline, before } = compare(side(trace), side(traceOfSteps("b", work, { steps: 1 }))).summary;
    expect(before.stepRule).toBe("whole");
    expect(headline.estimate).toMatchObject({ verdict: "inconclusive", p: null });
    expect(headline.estimate?.notes.join()).toContain("one observation on a side");
  });
});

describe("runs of one program", () => {
  const runsOf = (seed: string, factors: readonly number[]): SideInput =>
    side(
      ...factors.map((factor, run) =>
        traceOfSteps(
          `${seed}${run}`,
          work.map((each) => ({ ...each, ns: each.ns * factor })),
        ),
      ),
    );

  it("tell how far unchanged captures lie apart, and single ones are judged by it", () => {
    const { noise } = compare(runsOf("a", [1, 1.04]), runsOf("b", [1, 1.01, 1.1]));
    expect(noise.map(({ runs }) => runs)).toEqual([2, 3]);
    expect(noise[1]?.spread).toBeCloseTo(0.1, 1);
    // The same program, whichever side and run: found again for single captures, slower ones too.
    expect(new Set(noise.map(({ workload }) => workload)).size).toBe(1);
    const single = runSliced(
      compareTraces(
        runsOf("c", [1]),
        runsOf("d", [1.3]),
        options,
        (workload) => noise.find((each) => each.workload === workload) ?? null,
      ),
    );
    expect(single.noise).toEqual([]);
    expect(single.summary.headline.caveats.join()).toMatch(/unchanged runs of this program differed by \d.*2 runs/);
    const other = side(traceOfSteps("e", [{ name: "another program", ns: 80_000 }]));
    const unknown = runSliced(
      compareTraces(other, other, options, (workload) => noise.find((each) => each.workload === workload) ?? null),
    );
    expect(unknown.summary.headline.caveats.join()).not.toContain("unchanged runs");
  });
});
