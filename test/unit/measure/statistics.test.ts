import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, describe, expect, it } from "vitest";
import { autocorrelationAt, blockLengthFor, integratedTime } from "../../../traces/measure/autocorrelation.ts";
import { findChangePoints, hasSlowStart, warmUpLength } from "../../../traces/measure/change-point.ts";
import {
  createSampleComparer,
  meanShiftInterval,
  type SampleOptions,
} from "../../../traces/measure/compare-samples.ts";
import { compareSummaries, testMeans, type SummaryStatistics } from "../../../traces/measure/compare-summaries.ts";
import {
  normalCdf,
  normalQuantile,
  normalTwoSided,
  studentQuantile,
  studentTwoSided,
} from "../../../traces/measure/distributions.ts";
import { cliffsDeltaFromU, nameEffect } from "../../../traces/measure/effect-size.ts";
import { adjustP } from "../../../traces/measure/false-discovery.ts";
import { differencesOf, shiftOf } from "../../../traces/measure/hodges-lehmann.ts";
import { testShape } from "../../../traces/measure/kolmogorov-smirnov.ts";
import { cumulativeU, lowerQuantile, testRanks } from "../../../traces/measure/mann-whitney.ts";
import { findModes } from "../../../traces/measure/modes.ts";
import { createRandom } from "../../../traces/measure/random.ts";

interface Fixture {
  readonly comparisons: readonly {
    readonly name: string;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly u: number;
    readonly p: number;
    readonly d: number;
    readonly shapeP: number;
    readonly shift: number;
    readonly cliffsDelta: number;
  }[];
  readonly cumulativeU: readonly { readonly n: number; readonly m: number; readonly p: readonly number[] }[];
  readonly falseDiscovery: { readonly p: readonly number[]; readonly q: readonly number[] };
  readonly bootstrap: readonly {
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly low: number;
    readonly high: number;
  }[];
  readonly welch: readonly {
    readonly a: SummaryStatistics;
    readonly b: SummaryStatistics;
    readonly t: number;
    readonly p: number;
    readonly df: number;
    readonly quantile95: number;
  }[];
  readonly normal: readonly { readonly z: number; readonly cdf: number; readonly twoSided: number }[];
  readonly normalQuantile: readonly { readonly p: number; readonly z: number }[];
  readonly student: readonly { readonly t: number; readonly df: number; readonly twoSided: number }[];
}

/** Made by test/fixtures/stats/make-fixtures.py, which names the scipy call of every value. */
const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/stats/expected.json"), "utf8"),
) as Fixture;

const options: SampleOptions = { alpha: 0.05, resamples: 10_000, ordered: false, sameRecording: false };
const sample = (values: readonly number[], seed = "test") => ({ values: Float64Array.from(values), seed });
const close = (value = Number.NaN, expected = Number.NaN): void =>
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1e-3, Math.abs(expected)));

describe("two samples", () => {
  it.each(fixture.comparisons.map((each) => [each.name, each] as const))("agrees with scipy: %s", (_, each) => {
    const ranks = testRanks(each.a, each.b);
    expect(ranks.u).toBe(each.u);
    close(ranks.p, each.p);
    const shape = testShape(each.a, each.b);
    close(shape.d, each.d);
    close(shape.p, each.shapeP);
    close(shiftOf(each.a, each.b), each.shift);
    close(cliffsDeltaFromU(ranks.u, each.a.length, each.b.length), each.cliffsDelta);
  });

  it("comes to an end whatever the values are", () => {
    expect(testRanks([1, Number.NaN, 3], [2, Number.NaN]).p).toBeGreaterThan(0);
    expect(testRanks([0, -0, 1], [0, Infinity, -Infinity]).u).toBe(5);
  });

  it("says of values that are all there not that nothing may be left", () => {
    // Steps of a program before and after it was captured as a graph, the first of each with the profiler's start.
    const [before, after] = [sample([18.1, 12.4, 12.5, 10.2, 10.2]), sample([4.07, 1.45, 1.42, 1.37, 1.3])];
    const { relativeInterval, equivalenceInterval } = createSampleComparer().compare(before, after, options);
    close(relativeInterval?.[0], 1.3 / 18.1 - 1);
    expect(relativeInterval?.[1]).toBeLessThan(-0.5);
    expect(equivalenceInterval?.[0]).toBeGreaterThanOrEqual(1.3 / 18.1 - 1);
    const back = createSampleComparer().compare(after, before, options).relativeInterval;
    close(back?.[1], 18.1 / 1.3 - 1);
  });

  it("gives the exact interval of the differences", () => {
    const [eight, four] = fixture.comparisons.map(({ a, b }) => [sample(a), sample(b)] as const);
    assert(eight !== undefined && four !== undefined);
    const comparer = createSampleComparer();
    const change = comparer.compare(...eight, options);
    expect(lowerQuantile(cumulativeU(8, 8), 0.025)).toBe(14);
    expect(change.method).toBe("exact");
    close(change.shiftInterval?.[0], 0.35);
    close(change.shiftInterval?.[1], 0.8);
    const few = comparer.compare(...four, options);
    close(few.shiftInterval?.[0], 0.25);
    close(few.shiftInterval?.[1], 1);
    expect(few.notes.join()).toContain("the widest interval there is");
  });

  it("finds order statistics of many differences without making them", () => {
    const random = createRandom("differences");
    const a = Float64Array.from({ length: 150 }, () => Math.round(random.normal() * 20)).sort();
    const b = Float64Array.from({ length: 170 }, () => Math.round(random.normal() * 20) / 4).sort();
    const all = Float64Array.from([...a].flatMap((x) => [...b].map((y) => y - x))).sort();
    const counted = differencesOf(a, b);
    for (const rank of [1, 2, 777, 12_750, 12_751, 25_499, 25_500]) expect(counted.ranked(rank)).toBe(all[rank - 1]);
    expect(counted.median()).toBe(((all[12_749] ?? 0) + (all[12_750] ?? 0)) / 2);
  });

  it("names effects by the limits of Romano", () => {
    expect([0.1, 0.2, -0.4, 0.5].map(nameEffect)).toEqual(["negligible", "small", "medium", "large"]);
  });
});

describe("distributions", () => {
  it("agree with scipy", () => {
    for (const { z, cdf, twoSided } of fixture.normal) {
      expect(Math.abs(normalCdf(z) / cdf - 1)).toBeLessThan(1e-9);
      expect(Math.abs(normalTwoSided(z) / twoSided - 1)).toBeLessThan(1e-9);
    }
    for (const { p, z } of fixture.normalQuantile) close(normalQuantile(p), z);
    for (const { t, df, twoSided } of fixture.student) close(studentTwoSided(t, df), twoSided);
  });

  it("gives the null distribution of U", () => {
    for (const { n, m, p } of fixture.cumulativeU) {
      const own = cumulativeU(n, m);
      expect(own.length).toBe(p.length);
      p.forEach((expected, k) => expect(Math.abs((own[k] ?? 0) - expected)).toBeLessThan(1e-11));
    }
  });
});

describe("summaries and many rows", () => {
  it("tests means as Welch", () => {
    for (const { a, b, t, p, df, quantile95 } of fixture.welch) {
      const test = testMeans(a, b);
      close(test.t, t);
      close(test.p, p);
      close(test.degreesOfFreedom, df);
      close(studentQuantile(0.95, df), quantile95);
    }
    const change = compareSummaries(
      { mean: 38.22, standardDeviation: 0.9216, n: 10 },
      { mean: 37.6716, standardDeviation: 0.5256, n: 10 },
      0.05,
    );
    expect(change.p).toBeCloseTo(0.124, 3);
    expect(change.relative).toBeCloseTo(-0.01435, 5);
  });

  it("adjusts p over all rows, untested ones apart", () => {
    const { p, q } = fixture.falseDiscovery;
    adjustP(p).forEach((value, i) => close(value, q[i]));
    expect([...adjustP([0.01, Number.NaN, 0.04])]).toEqual([0.02, Number.NaN, 0.04]);
  });
});

describe("bootstrap", () => {
  it.each(fixture.bootstrap)("puts BCa end points where scipy does", ({ a, b, low, high }) => {
    const interval = meanShiftInterval(sample(a, "a"), sample(b, "b"), { ...options, resamples: 20_000 });
    // Both are random: 2 % of the width is the agreed distance at 10,000 draws.
    expect(Math.abs((interval?.[0] ?? Number.NaN) - low)).toBeLessThan(0.02 * (high - low));
    expect(Math.abs((interval?.[1] ?? Number.NaN) - high)).toBeLessThan(0.02 * (high - low));
  });

  it("gives the same bytes for the same seed", () => {
    const random = createRandom("series");
    const series = (): number[] => {
      let value = 0;
      return Array.from({ length: 40 }, () => 100 + (value = 0.7 * value + random.normal()));
    };
    const [a, b] = [series(), series()];
    const compare = () =>
      createSampleComparer().compare(sample(a, "a"), sample(b, "b"), { ...options, ordered: true, resamples: 500 });
    expect(compare()).toEqual(compare());
    expect(compare().notes.join()).toMatch(/medians of blocks of \d+ and \d+ are compared/);
  });
});

describe("series", () => {
  it("knows the effective number of an autoregressive series", () => {
    // n = 40, ρ = 0.5: n·(1 − ρ)/(1 + ρ) = 13.33; blocks of ⌈4.74⌉.
    expect(blockLengthFor(0.5, 40)).toBe(5);
    const random = createRandom("ar1");
    let value = 0;
    const series = Float64Array.from({ length: 200_000 }, () => (value = 0.5 * value + random.normal()));
    expect(autocorrelationAt(series, 1)).toBeCloseTo(0.5, 2);
    expect(40 / integratedTime(series)).toBeCloseTo(13.33, 0);
    expect(integratedTime([1, -1, 1, -1, 1, -1, 1, -1])).toBe(1);
  });

  it("finds where the level changes and what is warm-up", () => {
    const random = createRandom("steps");
    const noisy = (level: number): number => level * (1 + 0.02 * random.normal());
    const series = [...Array(4).fill(300), ...Array(16).fill(100)].map(noisy);
    expect(findChangePoints(series)).toEqual([4]);
    expect(warmUpLength(series)).toBe(4);
    expect(warmUpLength(Array(20).fill(100).map(noisy))).toBe(0);
    // As few as profilers are often told to record: only a first one far above every other.
    expect(hasSlowStart([4.07, 1.45, 1.42, 1.37, 1.3])).toBe(true);
    expect(hasSlowStart([18.1, 12.4, 12.5, 10.2, 10.2])).toBe(false);
    expect(hasSlowStart([4.07, 1.45, 4.1, 1.4])).toBe(false);
    expect(hasSlowStart([4.07, 1.45, 1.42])).toBe(false);
    expect(hasSlowStart([4.07, 1.45, 1.42, 1.37, 1.3, 1.3])).toBe(false);
    // A verdict takes every step: fewer could not be one.
    expect(warmUpLength([4.07, 1.45, 1.42, 1.37, 1.3])).toBe(0);
    // A change in the second half is no warm-up.
    expect(warmUpLength([...Array(14).fill(100), ...Array(6).fill(300)].map(noisy))).toBe(0);
  });

  it("sees two modes where there are two, and one where there is one", () => {
    const random = createRandom("modes");
    const normal = (at: number, n: number): number[] => Array.from({ length: n }, () => at + random.normal());
    const modes = findModes([...normal(100, 60), ...normal(120, 40)]);
    expect(modes.map(({ at }) => Math.round(at / 10) * 10)).toEqual([100, 120]);
    expect(modes[1]?.weight).toBeCloseTo(0.4, 1);
    expect(findModes(normal(100, 100))).toHaveLength(1);
    expect(findModes([1, 1, 1, 1, 1])).toEqual([]);
  });
});
