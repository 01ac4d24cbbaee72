import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { autocorrelationAt } from "../../../traces/measure/autocorrelation.ts";
import { createSampleComparer } from "../../../traces/measure/compare-samples.ts";
import { quantileOfSorted } from "../../../traces/measure/describe.ts";
import { adjustP } from "../../../traces/measure/false-discovery.ts";
import { testShape } from "../../../traces/measure/kolmogorov-smirnov.ts";
import { fitLine } from "../../../traces/measure/line-fit.ts";
import { testRanks } from "../../../traces/measure/mann-whitney.ts";

interface Fixture {
  readonly madeWith: string;
  readonly comparisons: readonly {
    readonly name: string;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly p: number;
    readonly shift: number | null;
    readonly interval: readonly [number, number] | null;
    readonly d: number;
    readonly shapeP: number | null;
  }[];
  readonly falseDiscovery: { readonly p: readonly number[]; readonly q: readonly number[] };
  readonly line: {
    readonly sizes: readonly number[];
    readonly times: readonly number[];
    readonly coefficients: readonly number[];
    readonly halfWidths: readonly number[];
  };
  readonly autocorrelation: { readonly values: readonly number[]; readonly rho: readonly number[] };
  readonly quantiles: {
    readonly values: readonly number[];
    readonly p: readonly number[];
    readonly q: readonly number[];
  };
}

/** Made by test/fixtures/stats/make-fixtures.R, which names the R call of every value. */
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/stats/expected-r.json"), "utf8"),
) as Fixture;

const close = (value = Number.NaN, expected = Number.NaN): void =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(expected)));

describe(`statistics of ${fixture.madeWith}`, () => {
  it.each(fixture.comparisons.map((each) => [each.name, each] as const))("are ours: %s", (_, each) => {
    close(testRanks(each.a, each.b).p, each.p);
    const shape = testShape(each.a, each.b);
    close(shape.d, each.d);
    if (each.shapeP !== null) expect(Math.abs(shape.p - each.shapeP)).toBeLessThan(1e-9);
    if (each.interval === null) return;
    const { shift, shiftInterval } = createSampleComparer().compare(
      { values: Float64Array.from(each.a), seed: "a" },
      { values: Float64Array.from(each.b), seed: "b" },
      { alpha: 0.05, resamples: 0, ordered: false, sameRecording: false },
    );
    close(shift, each.shift ?? Number.NaN);
    close(shiftInterval?.[0], each.interval[0]);
    close(shiftInterval?.[1], each.interval[1]);
  });

  it("adjust p values as p.adjust", () => {
    adjustP(fixture.falseDiscovery.p).forEach((q, i) => close(q, fixture.falseDiscovery.q[i]));
  });

  it("fit a line as lm, with the intervals of confint", () => {
    const { sizes, times, coefficients, halfWidths } = fixture.line;
    const fit = fitLine(sizes.map((size, i) => [size, times[i] ?? Number.NaN] as const));
    [fit.a, fit.c].forEach((value, i) => close(value, coefficients[i]));
    [fit.aHalf, fit.cHalf].forEach((value, i) => close(value ?? Number.NaN, halfWidths[i]));
  });

  it("correlate neighbors as acf, and take quantiles of type 7", () => {
    const { values, rho } = fixture.autocorrelation;
    rho.forEach((expected, i) => close(autocorrelationAt(values, i + 1), expected));
    const sorted = fixture.quantiles.values.toSorted((x, y) => x - y);
    fixture.quantiles.p.forEach((p, i) => close(quantileOfSorted(sorted, p), fixture.quantiles.q[i]));
  });
});
