import { describe, expect, test } from "vitest";
import { compareTraces } from "../../../traces/compare/compare-traces.ts";
import type { Headline } from "../../../traces/compare/comparison.ts";
import type { SideInput } from "../../../traces/compare/side.ts";
import { createRandom } from "../../../traces/measure/random.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";

interface Work {
  readonly name: string;
  readonly ns: number;
  readonly calls?: number;
}

/** Steps in which each piece of work is called so many times. */
function side(seed: string, work: readonly Work[], { steps = 20, spread = 0.01 } = {}): SideInput {
  const random = createRandom(seed);
  const builder = createTraceBuilder();
  const main = builder.addTrack({ kind: "thread", name: "main" });
  let timeNs = 0;
  for (let step = 0; step < steps; step++) {
    const startNs = timeNs;
    const pace = 1 + spread * random.normal();
    for (const { name, ns, calls = 1 } of work)
      for (let call = 0; call < calls; call++) {
        const durationNs = Math.round(ns * pace);
        builder.addSpan(main, timeNs, durationNs, builder.intern(name), SpanKind.op, builder.category("test"), 0);
        timeNs += durationNs;
      }
    const name = builder.intern(`ProfilerStep#${step}`);
    if (timeNs > startNs)
      builder.addSpan(main, startNs, timeNs - startNs, name, SpanKind.step, builder.category("test"), 0);
  }
  const trace = builder.seal({ name: "made", format: "made", formatLabel: "Made", facts: [] });
  return {
    label: "",
    parts: [{ key: seed, fileName: `${seed}.json`, trace, startNs: -Infinity, endNs: Infinity }],
    itemsPerStep: null,
  };
}

function headlineOf(before: SideInput, after: SideInput): Headline {
  const options = { tolerance: 0.05, alpha: 0.05, resamples: 0, allowIncomparable: true };
  return runSliced(compareTraces(before, after, options)).summary.headline;
}

describe("the headline of a comparison", () => {
  test("names a cause by what it comes to, though more calls alone would be more than the whole change", () => {
    const before = [
      { name: "forward", ns: 100_000 },
      { name: "copy", ns: 50_000, calls: 1 },
    ];
    const after = [
      { name: "forward", ns: 100_000 },
      { name: "copy", ns: 1000, calls: 80 },
    ];
    const { causes, estimate } = headlineOf(side("a", before), side("b", after));
    expect(estimate?.verdict).toBe("regressed");
    expect(causes[0]).toMatch(
      /^copy: more calls, \+(29|30)\.\d\sµs per step \(by number of calls \+2\.\d+\sms, by time of a call −\d.*\)$/u,
    );
  });

  test("says of a capture without time that there is nothing to compare", () => {
    const work = [{ name: "forward", ns: 100_000 }];
    expect(headlineOf(side("a", []), side("b", work))).toMatchObject({
      sentence: "No verdict: the side before holds no span that takes time.",
      estimate: null,
      causes: [],
    });
    expect(headlineOf(side("a", work), side("b", [])).refusal).toBe("the side after holds no span that takes time");
    expect(headlineOf(side("a", []), side("b", [])).refusal).toBe("both sides hold no span that takes time");
  });

  test("tells direction and doubt of what is not decided, and counts steps in the singular", () => {
    const work = [{ name: "forward", ns: 100_000 }];
    const little = [{ name: "forward", ns: 105_500 }];
    const { sentence } = headlineOf(side("a", work), side("b", little));
    expect(sentence).toMatch(
      /^Between these two captures, step time rose: \+5\.\d\s% \(95\s% CI .*\), [\d.]+\sµs → 10\d\sµs; whether by more than 5\.0\s% is open; about \d+ more steps a side/u,
    );
    const noisy = headlineOf(side("c", work, { spread: 0.3 }), side("d", work, { spread: 0.3 }));
    expect(noisy.sentence).toContain("is undecided at a tolerance of 5.0");
    const two = headlineOf(side("g", work, { steps: 2 }), side("h", little, { steps: 2 }));
    expect(two.sentence).toMatch(/\(66\.66\s% CI /u);
    const three = headlineOf(side("e", work, { steps: 5 }), side("f", [{ name: "forward", ns: 1 }], { steps: 3 }));
    expect(three.sentence).toMatch(/; about 1 more step a side would decide\.$/u);
  });
});
