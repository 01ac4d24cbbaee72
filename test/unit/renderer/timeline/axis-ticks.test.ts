import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisTicks, exactTime } from "../../../../renderer/timeline/axis-ticks.ts";

const second = 1_000_000_000n;
const unitNs: Readonly<Record<string, bigint>> = {
  ns: 1n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: second,
  min: 60n * second,
  h: 3600n * second,
  d: 86_400n * second,
};

/** Reads a label back, digit by digit: no rounding can hide in it. */
function parseTime(label: string): bigint {
  const value = label
    .replace(/^[+−]/u, "")
    .split(" ")
    .reduce((sum, part) => sum + parsePart(part), 0n);
  return label.startsWith("−") ? -value : value;
}

function parsePart(label: string): bigint {
  const [, whole = "", fraction = "", unit = ""] =
    /^([\d\s]+)(?:\.([\d\s]+))?\s(ns|µs|ms|s|min|h|d)$/u.exec(label) ?? [];
  const size = unitNs[unit];
  if (size === undefined) throw new Error(`no time: "${label}"`);
  const digits = fraction.replace(/\s/gu, "");
  return (
    BigInt(whole.replace(/\s/gu, "")) * size +
    (digits === "" ? 0n : (BigInt(digits) * size) / 10n ** BigInt(digits.length))
  );
}

const view = fc
  .tuple(fc.double({ min: 0, max: 2 ** 52, noNaN: true }), fc.double({ min: 0, max: 46, noNaN: true }))
  .map(([startNs, power]) => ({ startNs, endNs: startNs + 200 * 2 ** power }))
  .filter(({ startNs, endNs }) => endNs < 2 ** 53 && endNs - startNs > 100);

describe("axisTicks", () => {
  it("labels every tick exactly, counted from the base", () => {
    fc.assert(
      fc.property(view, fc.integer({ min: 200, max: 3000 }), (range, widthPx) => {
        const axis = axisTicks(range, widthPx);
        for (const tick of axis.ticks) {
          expect(Number.isInteger(tick.ns)).toBe(true);
          expect(BigInt(axis.baseNs) + parseTime(tick.label)).toBe(BigInt(tick.ns));
        }
      }),
    );
  });

  it("never gives two ticks the same label", () => {
    fc.assert(
      fc.property(view, fc.integer({ min: 200, max: 3000 }), (range, widthPx) => {
        const labels = axisTicks(range, widthPx).ticks.map((tick) => tick.label);
        expect(new Set(labels).size).toBe(labels.length);
      }),
    );
  });

  it("writes the base of far times exactly and keeps the offsets short", () => {
    const axis = axisTicks({ startNs: 12_345_678_901_234, endNs: 12_345_678_901_834 }, 800);
    expect(axis.baseLabel).toBe("3\u202fh 25\u202fmin 45.678\u202fs");
    expect(axis.ticks[0]?.label).toBe("+901.3\u202fµs");
    expect(axis.ticks.every((tick) => tick.label.length <= 12)).toBe(true);
  });

  it("counts long times as clocks do, in round steps", () => {
    const labels = (startNs: number, endNs: number): readonly string[] => {
      const { baseLabel, ticks } = axisTicks({ startNs, endNs }, 500);
      return [baseLabel, ...ticks.map(({ label }) => label)].map((label) => label.replaceAll("\u202f", "_"));
    };
    const [second, hour] = [1e9, 3600e9];
    expect(labels(0, 119 * second)).toEqual(["", "0_s", "20_s", "40_s", "60_s", "80_s", "100_s"]);
    expect(labels(0, 150 * second)).toEqual(["", "0_s", "30_s", "1_min", "1_min 30_s", "2_min", "2_min 30_s"]);
    expect(labels(0, 2.5 * hour)).toEqual(["", "0_s", "30_min", "1_h", "1_h 30_min", "2_h", "2_h 30_min"]);
    expect(labels(0, 24 * hour)).toEqual(["", "0_s", "6_h", "12_h", "18_h", "1_d"]);
    expect(labels(49 * hour, 54 * hour)).toEqual(["2_d", "+1_h", "+2_h", "+3_h", "+4_h", "+5_h", "+6_h"]);
    expect(labels(49.1 * hour, 49.1 * hour + 40 * second)[0]).toBe("2_d 1_h");
    expect(labels(49.1 * hour, 49.1 * hour + 40 * second)[1]).toBe("+6_min");
    expect(labels(0, 30 * 24 * hour)).toEqual(["", "0_s", "10_d", "20_d", "30_d"]);
  });

  it("leaves room between the labels", () => {
    fc.assert(
      fc.property(view, fc.integer({ min: 200, max: 3000 }), (range, widthPx) => {
        const { stepNs } = axisTicks(range, widthPx);
        expect((stepNs / (range.endNs - range.startNs)) * widthPx).toBeGreaterThan(50);
      }),
    );
  });

  it("uses one unit for all labels", () => {
    const labels = axisTicks({ startNs: 0, endNs: 2.3e9 }, 2000).ticks.map((tick) => tick.label);
    expect(labels.every((label) => label.endsWith("\u202fs"))).toBe(true);
    expect(labels).toContain("1.2\u202fs");
  });
});

describe("exactTime", () => {
  it("keeps every nanosecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 53), max: 2 ** 53 }), (ns) => {
        expect(parseTime(exactTime(ns))).toBe(BigInt(ns));
      }),
    );
  });
});
