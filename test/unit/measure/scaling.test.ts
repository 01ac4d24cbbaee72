import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../../../traces/measure/random.ts";
import { fitScaling, type ScalingPoint } from "../../../traces/measure/scaling-fit.ts";
import {
  nameRegime,
  predictIntervalMs,
  predictMs,
  type Regime,
  type ScalingAxis,
} from "../../../traces/measure/scaling-regime.ts";

const batch: ScalingAxis = { kind: "batch", one: "structure", many: "structures" };
const size: ScalingAxis = { kind: "size", one: "atom", many: "atoms" };

const summary = (pairs: readonly (readonly [number, number])[]): ScalingPoint[] =>
  pairs.map(([size, timeMs]) => ({ size, timeMs, samplesMs: [] }));

function regimeOf(points: readonly ScalingPoint[], axis: ScalingAxis): Regime {
  const fit = fitScaling(points);
  if (fit === null) throw new Error("no fit");
  return nameRegime(fit, axis);
}

/** Thirty repetitions of each size with 2 % of noise. */
function sampled(sizes: readonly number[], timeOf: (size: number) => number): ScalingPoint[] {
  const random = createRandom("noise");
  return sizes.map((size) => {
    const samplesMs = Array.from({ length: 30 }, () => timeOf(size) * (1 + 0.02 * random.normal()));
    return { size, timeMs: samplesMs.toSorted((a, b) => a - b)[15], samplesMs };
  });
}

/** How often something happens that happens `mean` times on average (Knuth). */
function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let left = random.next(); left > Math.exp(-mean); left *= random.next()) count++;
  return count;
}

const batches = [1, 2, 4, 8, 16, 32, 64];

describe("the fit of a scaling curve", () => {
  test("gives coefficients and Student intervals as ordinary least squares does", () => {
    const fit = fitScaling(
      summary([
        [1, 5.52],
        [2, 5.99],
        [4, 7.03],
        [8, 8.98],
        [16, 13.01],
        [32, 20.97],
      ]),
    );
    expect(fit?.fixedMs.value).toBeCloseTo(5.01254, 5);
    expect((fit?.fixedMs.high ?? 0) - 5.01254).toBeCloseTo(0.03347, 4);
    expect(fit?.perItemMs.value).toBeCloseTo(0.498806, 6);
    expect((fit?.perItemMs.high ?? 0) - 0.498806).toBeCloseTo(0.002219, 5);
  });

  test("has no interval with two points, says so and names the sizes to add", () => {
    const points = summary([
      [2, 38.53],
      [4, 42.55],
    ]);
    const fit = fitScaling(points);
    expect(fit?.perItemMs).toEqual({ value: expect.closeTo(2.01, 6) as number, low: null, high: null });
    const regime = regimeOf(points, batch);
    expect(regime.name).toBe("affine");
    expect(regime.sentence).toContain(
      "Fixed cost 34.5\u2009ms + 2.01\u2009ms per structure: at most 498\u2009structures/s",
    );
    expect(regime.caveat).toBe("Interval undefined (2 points, 2 parameters): provisional. Add 8, 16, 32.");
  });

  test("is null for one size", () => {
    expect(fitScaling(summary([[1, 1]]))).toBeNull();
  });

  test("covers the truth with its intervals from repetitions", () => {
    const fit = fitScaling(sampled(batches, (b) => 10 + 0.5 * b));
    expect(fit?.fixedMs.low).toBeLessThan(10);
    expect(fit?.fixedMs.high).toBeGreaterThan(10);
    expect(fit?.perItemMs.low).toBeLessThan(0.5);
    expect(fit?.perItemMs.high).toBeGreaterThan(0.5);
  });

  test("gives the same intervals for the same points", () => {
    const points = sampled(batches, (b) => 3 + b);
    expect(fitScaling(points)).toEqual(fitScaling(points));
  });
});

describe("the regime of a curve", () => {
  test("serial: a loop over the published batches 2 and 4", () => {
    const regime = regimeOf(
      summary([
        [2, 43.6405],
        [4, 87.5808],
      ]),
      batch,
    );
    expect(regime.name).toBe("serial");
    expect(regime.sentence).toContain("Serial loop: 22.0\u2009ms per structure at two batch sizes");
  });

  test.each([
    ["more than", 10, 2, /half of that at 5\.\d+, 90\u2009% at 4\d\.\d\./],
    ["less than", 2, 4, /1 structure alone reaches 6\d\.\d\u2009% of that, 90\u2009% at 4\.\d+\./],
  ])("names sizes that exist where the fixed cost is %s that of an item", (_, fixedMs, perItemMs, words) => {
    const regime = regimeOf(
      sampled(batches, (b) => fixedMs + perItemMs * b),
      batch,
    );
    expect(regime.name).toBe("affine");
    expect(regime.sentence).toMatch(words);
  });

  test.each([
    ["affine", (b: number) => 10 + 0.5 * b],
    ["serial", (b: number) => 2 * b],
    ["ideal", () => 5],
    ["superLinear", (b: number) => b ** 1.4],
  ] as const)("%s, from repetitions", (name, timeOf) => {
    expect(regimeOf(sampled(batches, timeOf), batch).name).toBe(name);
  });

  test("constant: published times from 3 to 60 atoms say launch-bound", () => {
    const regime = regimeOf(
      summary([
        [3, 38.22],
        [4, 37.67],
        [5, 38.24],
        [8, 38.1],
        [11, 37.9],
        [12, 38.0],
        [60, 38.0],
      ]),
      size,
    );
    expect(regime.name).toBe("constant");
    expect(regime.sentence).toContain("launch- or host-bound");
  });

  test("grows a little faster than the size without being called super-linear on a size axis", () => {
    const sizes = [24, 81, 192, 375, 648];
    expect(
      regimeOf(
        sampled(sizes, (n) => n ** 1.15),
        size,
      ).name,
    ).not.toBe("superLinear");
    expect(
      regimeOf(
        sampled(sizes, (n) => n ** 1.9),
        size,
      ).name,
    ).toBe("superLinear");
  });

  test.each([2, 3])("undecided: a bend cannot be seen in %i sizes, however sure their times", (count) => {
    const regime = regimeOf(
      sampled([24, 192, 648].slice(0, count), (n) => n ** 1.9),
      size,
    );
    expect(regime.name).toBe("undecided");
    expect(regime.sentence).toMatch(
      /^(?:Two|Three) sizes fit many curves: [\d.]+\sm?s per atom, and no fixed cost is seen, or exponent 1\.9/u,
    );
    expect(regime.caveat).toMatch(/^Add sizes such as/u);
  });

  test("undecided: of two sizes of systems no fixed cost is told, as of batches", () => {
    const points = sampled([24, 648], (n) => 10 + 0.05 * n);
    expect(regimeOf(points, size).name).toBe("undecided");
    expect(regimeOf(points, batch).name).toBe("affine");
  });

  test("undecided: a serial loop whose longer steps were interrupted, as a busy machine does", () => {
    const busy = sampled(batches, (b) => 2 * b).map(({ size: b, samplesMs }) => {
      const delayed = samplesMs.map((ms, i) => (i % 4 === 0 ? ms : ms * (1 + Math.log2(b) / 4)));
      return { size: b, timeMs: delayed.toSorted((x, y) => x - y)[15], samplesMs: delayed };
    });
    const regime = regimeOf(busy, batch);
    expect(regime.name).toBe("undecided");
    expect(regime.caveat).toMatch(
      /^The quickest samples grow as batch\^(?:0\.99|1\.0)\d* only: the machine was busy\./u,
    );
    expect(
      regimeOf(
        sampled(batches, (b) => b ** 1.4),
        batch,
      ).name,
    ).toBe("superLinear");
  });

  describe("of serial loops on a busy machine", () => {
    const trials = 12;
    const few = [1, 4, 16, 64];

    /** What a loop of 2 ms an item takes, `law` given, while others take `load` of the processor 4 ms at a time. */
    function busyLoops(seed: string, law: (b: number) => number, load: number, unevenness: number): number {
      const random = createRandom(seed);
      const names = Array.from({ length: trials }, () => {
        const points = few.map((b) => {
          const pace = 1 + unevenness * Math.abs(random.normal());
          const samplesMs = Array.from({ length: 20 }, () => {
            const workMs = 2 * law(b) * pace * (1 + 0.02 * random.normal());
            return workMs + 4 * poisson(random, (load * workMs) / 4);
          });
          return { size: b, timeMs: samplesMs.toSorted((x, y) => x - y)[10], samplesMs };
        });
        return regimeOf(points, batch).name;
      });
      return names.filter((name) => name === "superLinear").length;
    }

    test.each([
      ["interrupted now and then", 0.1, 0],
      ["interrupted a third of the time", 0.3, 0],
      ["interrupted more often than not", 0.6, 0],
      ["that changes its speed between sizes", 0, 0.3],
      ["that does both", 0.4, 0.2],
    ])("%s: hardly any is called super-linear", (_, load, unevenness) => {
      expect(busyLoops("serial", (b) => b, load, unevenness)).toBeLessThanOrEqual(1);
      expect(busyLoops("affine", (b) => 1 + b, load, unevenness)).toBeLessThanOrEqual(1);
    });

    test("work that grows faster is still found", () => {
      expect(busyLoops("cache", (b) => b ** 1.3, 0.1, 0)).toBeGreaterThanOrEqual(0.95 * trials);
      expect(busyLoops("pairs", (b) => b + 0.1 * b * b, 0.1, 0.05)).toBeGreaterThanOrEqual(0.9 * trials);
    });
  });

  test("undecided: of sizes with too few samples it asks for time, not for more sizes", () => {
    const short = sampled([24, 81, 192, 648], (n) => n ** (n < 100 ? 1.8 : 1.3)).map((point) => ({
      ...point,
      samplesMs: point.samplesMs.slice(0, point.size < 100 ? 30 : 2),
    }));
    expect(regimeOf(short, size)).toMatchObject({
      name: "undecided",
      caveat: "Fewer than 5 samples at some sizes: give them more time.",
    });
  });

  test("no sentence holds a cost below zero", () => {
    const falling = summary([
      [1, 10],
      [2, 9],
      [4, 7],
    ]);
    expect(regimeOf(falling, batch).sentence).toContain("11.0\u2009ms, and no growth is seen");
    const bent = summary([
      [1, 1],
      [2, 3.1],
      [4, 5],
      [8, 18],
    ]);
    expect(regimeOf(bent, batch).sentence).not.toContain("\u2212");
  });

  test("undecided: times so uneven that they allow no growth as well as much of it", () => {
    const uneven = (base: number) => Array.from({ length: 9 }, (_, i) => base * (i % 2 === 0 ? 0.5 : 3));
    const points = [
      { size: 1, timeMs: 1, samplesMs: uneven(1) },
      { size: 2, timeMs: 1.2, samplesMs: uneven(1.2) },
      { size: 4, timeMs: 1.1, samplesMs: uneven(1.1) },
    ];
    expect(regimeOf(points, batch).name).toBe("undecided");
  });

  test("predicts with the model it names", () => {
    const points = sampled(batches, (b) => b ** 1.4);
    const fit = fitScaling(points);
    if (fit === null) throw new Error("no fit");
    expect(predictMs(fit, nameRegime(fit, batch), 16)).toBeCloseTo(16 ** 1.4, 0);
  });

  test("expects other sizes within an interval that repetitions and scatter leave", () => {
    const points = sampled(batches, (b) => 5 + 0.5 * b);
    const fit = fitScaling(points);
    if (fit === null) throw new Error("no fit");
    const at = (size: number) => predictIntervalMs(fit, nameRegime(fit, batch), size);
    for (const size of [1, 24, 64, 128]) {
      expect(at(size)?.low).toBeLessThan(5 + 0.5 * size);
      expect(at(size)?.high).toBeGreaterThan(5 + 0.5 * size);
    }
    const widthOf = (size: number) => (at(size)?.high ?? NaN) - (at(size)?.low ?? NaN);
    expect(widthOf(128)).toBeGreaterThan(widthOf(24));
    const summaries = fitScaling(summary(points.map(({ size, timeMs }) => [size, timeMs] as const)));
    if (summaries === null) throw new Error("no fit");
    expect(predictIntervalMs(summaries, nameRegime(summaries, batch), 16)).toBeNull();
  });
});
