import { describe, expect, it } from "vitest";
import { pairCurves } from "../../../traces/compare/measurements/scaling-pairs.ts";
import type { Measurement, MeasurementSet } from "../../../traces/measure/measurement.ts";
import { createRandom } from "../../../traces/measure/random.ts";

function setOf(
  entries: readonly (readonly [path: readonly string[], ms: number, itemsPerStep?: number])[],
): MeasurementSet {
  const random = createRandom("scaling");
  return {
    name: "results.json",
    format: "made",
    formatLabel: "Made",
    producer: null,
    facts: [],
    measurements: entries.map(([path, ms, itemsPerStep]): Measurement => ({
      path,
      values: Array.from({ length: 12 }, () => ms * (1 + 0.01 * random.normal())),
      warmups: [],
      stated: null,
      unit: { symbol: "ms", source: "stated" },
      better: "lower",
      ...(itemsPerStep === undefined ? {} : { itemsPerStep }),
    })),
    ledger: { numbersRead: 0, values: 0, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
    integrity: [],
  };
}

const batches = [1, 2, 4, 8, 16];

describe("scaling curves of two sides", () => {
  it("are found in names that differ in one number; a loop and a real batch are told apart", () => {
    const series = (timeOf: (batch: number) => number): MeasurementSet =>
      setOf(batches.map((batch) => [["fast", "cpu", `batch=${batch}`, "time"], timeOf(batch) / batch, batch]));
    const [pair, ...more] = pairCurves([series((batch) => 20 * batch)], [series((batch) => 30 + 2 * batch)]);
    expect(more).toEqual([]);
    expect(pair).toMatchObject({ title: "fast / cpu / batch=# / time", axisTitle: "batch", axis: { kind: "batch" } });
    // Times per item are turned back into those of steps.
    expect(pair?.before.points.map(({ size }) => size)).toEqual(batches);
    expect(pair?.before.points[4]?.medianMs).toBeCloseTo(320, -1);
    expect(pair?.before.regime?.name).toBe("serial");
    expect(pair?.after.regime?.name).toBe("affine");
    expect(pair?.after.fit?.perItemMs.value).toBeCloseTo(2, 0);
  });

  it("leave batches of other items out of the fit, and say so", () => {
    const loop = setOf(batches.map((batch) => [["loop", `batch=${batch}`, "time"], batch === 1 ? 3 : 7, batch]));
    const mixed = {
      ...loop,
      measurements: loop.measurements.map((each) => ({ ...each, itemSize: each.itemsPerStep === 1 ? 3 : 7 })),
    };
    const [pair] = pairCurves([mixed], [mixed]);
    expect(pair?.before.points.map(({ excluded }) => excluded)).toEqual([
      "other items, 3.00 atoms each, not fitted",
      ...Array.from({ length: 4 }, () => null),
    ]);
    expect(pair?.before.regime?.name).toBe("serial");
  });

  it("leave a first batch that answered from a cache out of the fit, and say so", () => {
    const series = setOf([
      [["batch_inference", "1", "time"], 0.79],
      [["batch_inference", "2", "time"], 38.53],
      [["batch_inference", "4", "time"], 42.55],
    ]);
    const [pair] = pairCurves([series], [series]);
    expect(pair?.axisTitle).toBe("batch inference");
    expect(pair?.before.points.map(({ excluded }) => excluded)).toEqual([
      "answered from a cache, not fitted",
      null,
      null,
    ]);
    expect(pair?.before.fit?.pointCount).toBe(2);
  });

  it("need two sizes on both sides, and leave times per item to those of steps", () => {
    const one = setOf([[["sort/64"], 1]]);
    const two = setOf([
      [["sort/64"], 1],
      [["sort/128"], 2.1],
      [["sort/64", "time_per_item"], 1],
      [["sort/128", "time_per_item"], 1],
      [["v2.0"], 1],
      [["v3.0"], 1],
    ]);
    expect(pairCurves([one], [two])).toEqual([]);
    const pairs = pairCurves([two], [two]);
    expect(pairs.map(({ title }) => title)).toEqual(["sort/#"]);
    expect(pairs[0]?.axis.kind).toBe("size");
  });

  it("judge two sizes of steps by what they hold, whatever their option is called, as the Scaling view does", () => {
    const grown = (of: string) =>
      setOf([2, 8].map((count) => [["fused", `${of}=${count}`, "time"], (30 + 2 * count) / count, count]));
    const names = ["points", "batch"].map((of) => pairCurves([grown(of)], [grown(of)])[0]?.before.regime?.title);
    expect(names).toEqual(["Affine", "Affine"]);
  });
});
