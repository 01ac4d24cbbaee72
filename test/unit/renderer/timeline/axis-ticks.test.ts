import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisTicks, exactTime } from "../../../../renderer/timeline/axis-ticks.ts";

const unitNs: Readonly<Record<string, bigint>> = { ns: 1n, µs: 1_000n, ms: 1_000_000n, s: 1_000_000_000n };

/** Reads a label back, digit by digit: no rounding can hide in it. */
function parseTime(label: string): bigint {
  const [, sign, whole = "", fraction = "", unit = ""] =
    /^([+−]?)([\d\s]+)(?:\.([\d\s]+))?\s(ns|µs|ms|s)$/u.exec(label) ?? [];
  const size = unitNs[unit];
  if (size === undefined) throw new Error(`no time: "${label}"`);
  const digits = fraction.replace(/\s/gu, "");
  const value =
    BigInt(whole.replace(/\s/gu, "")) * size +
    (digits === "" ? 0n : (BigInt(digits) * size) / 10n ** BigInt(digits.length));
  return sign === "−" ? -value : value;
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
    expect(axis.baseLabel).toBe("12\u202f345.678\u202fs");
    expect(axis.ticks[0]?.label).toBe("+901.3\u202fµs");
    expect(axis.ticks.every((tick) => tick.label.length <= 12)).toBe(true);
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
