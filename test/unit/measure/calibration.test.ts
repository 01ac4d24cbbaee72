import { describe, expect, it } from "vitest";
import { createSampleComparer } from "../../../traces/measure/compare-samples.ts";
import { conclude } from "../../../traces/measure/conclude.ts";
import type { Verdict } from "../../../traces/measure/estimate.ts";
import { createRandom, type Random } from "../../../traces/measure/random.ts";

/*
 * Known programs, compared often: how often is each verdict given? Seeds are fixed, so the answers are too.
 * Mean 1 ms, coefficient of variation 3 %, 20 steps a side, as on screen.
 */

type Noise = (random: Random, n: number) => Float64Array;

const white: Noise = (random, n) => Float64Array.from({ length: n }, () => random.normal());
const autoregressive: Noise = (random, n) => {
  let value = random.normal();
  return Float64Array.from({ length: n }, () => (value = 0.5 * value + Math.sqrt(0.75) * random.normal()));
};
/** Student's t with 3 degrees of freedom, scaled to deviation 1. */
const heavy: Noise = (random, n) =>
  Float64Array.from({ length: n }, () => {
    const chi = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2;
    return random.normal() / Math.sqrt(chi / 3) / Math.sqrt(3);
  });

function verdictsOf(noise: Noise, change: number, tolerance: number, pairs: number): ReadonlyMap<Verdict, number> {
  const random = createRandom(`calibration ${noise.name} ${change}`);
  const comparer = createSampleComparer();
  const draw = (factor: number): Float64Array => noise(random, 20).map((value) => 1e6 * factor * (1 + 0.03 * value));
  const counts = new Map<Verdict, number>();
  for (let pair = 0; pair < pairs; pair++) {
    const options = { alpha: 0.05, resamples: 200, ordered: true, sameRecording: false };
    const measured = comparer.compare(
      { values: draw(1), seed: `a${pair}` },
      { values: draw(1 + change), seed: `b${pair}` },
      options,
    );
    const { verdict } = conclude(measured, measured.p, { tolerance, alpha: 0.05 });
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return counts;
}

const pairs = 400;
const noises = [
  ["white", white],
  ["autoregressive, ρ = 0.5", autoregressive],
  ["heavy-tailed", heavy],
] as const;

describe("verdicts on known programs", () => {
  it.each(noises)("gate at most one in a hundred equal pairs: %s", (_, noise) => {
    expect(verdictsOf(noise, 0, 0.05, pairs).get("regressed") ?? 0).toBeLessThanOrEqual(0.01 * pairs);
  });

  it("find +10 % at a tolerance of 5 % at least 95 times in 100", () => {
    expect(verdictsOf(white, 0.1, 0.05, pairs).get("regressed") ?? 0).toBeGreaterThanOrEqual(0.95 * pairs);
  });

  it("find +5 % at a tolerance of 0 at least 95 times in 100", () => {
    expect(verdictsOf(white, 0.05, 0, pairs).get("regressed") ?? 0).toBeGreaterThanOrEqual(0.95 * pairs);
  });

  it("call no change equivalent at least 90 times in 100", () => {
    expect(verdictsOf(white, 0, 0.05, pairs).get("equivalent") ?? 0).toBeGreaterThanOrEqual(0.9 * pairs);
  });

  it("cover the true shift of dependent steps nearly as often as they say", () => {
    const random = createRandom("coverage of dependent steps");
    const comparer = createSampleComparer();
    const options = { alpha: 0.05, resamples: 0, ordered: true, sameRecording: false };
    const rounds = 600;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const { shiftInterval } = comparer.compare(
        { values: autoregressive(random, 40), seed: "a" },
        { values: autoregressive(random, 40).map((value) => value + 0.7), seed: "b" },
        options,
      );
      if (shiftInterval !== null && shiftInterval[0] <= 0.7 && shiftInterval[1] >= 0.7) covered++;
    }
    // The same values taken as independent: 74 %.
    expect(covered / rounds).toBeGreaterThan(0.9);
  });

  it("cover the true shift about as often as they say", () => {
    const random = createRandom("coverage");
    const comparer = createSampleComparer();
    const options = { alpha: 0.05, resamples: 0, ordered: false, sameRecording: false };
    const rounds = 1000;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const { shiftInterval } = comparer.compare(
        { values: white(random, 12), seed: "a" },
        { values: white(random, 15).map((value) => value + 0.7), seed: "b" },
        options,
      );
      if (shiftInterval !== null && shiftInterval[0] <= 0.7 && shiftInterval[1] >= 0.7) covered++;
    }
    // 95 % ± three standard errors of a binomial share.
    expect(covered / rounds).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / rounds));
    expect(covered / rounds).toBeLessThan(0.95 + 3 * Math.sqrt((0.95 * 0.05) / rounds));
  });
});
