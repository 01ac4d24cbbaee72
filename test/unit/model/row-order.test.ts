import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortByStart } from "../../../traces/model/row-order.ts";

interface Spans {
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
}

/** By comparing, with no regard to cost. */
function sortSlowly({ startNs, durationNs }: Spans): number[] {
  return [...startNs.keys()].sort((a, b) => startNs[a] - startNs[b] || durationNs[b] - durationNs[a] || a - b);
}

function sortOurs({ startNs, durationNs }: Spans): number[] {
  const order = Uint32Array.from(startNs.keys());
  sortByStart(order, startNs, durationNs);
  return [...order];
}

/** Leaves every third span out. */
const isWanted = (span: number): boolean => span % 3 !== 0;

/** Tables one after another, each in order of its starts, as databases hold them. */
const tables = fc
  .array(fc.array(fc.tuple(fc.nat(400), fc.nat(5)), { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 8 })
  .map((parts): Spans => {
    const rows = parts.flatMap((part) => part.toSorted((a, b) => a[0] - b[0] || b[1] - a[1]));
    return {
      startNs: Float64Array.from(rows, ([start]) => start),
      durationNs: Float64Array.from(rows, ([, duration]) => duration),
    };
  });

/** Without any order, and far apart. */
const scattered = fc
  .array(fc.tuple(fc.maxSafeInteger(), fc.nat(3)), { minLength: 1, maxLength: 300, size: "max" })
  .map((rows): Spans => ({
    startNs: Float64Array.from(rows, ([start]) => start / 2),
    durationNs: Float64Array.from(rows, ([, duration]) => duration),
  }))
  .map(({ startNs, durationNs }) => ({ startNs: startNs.map(Math.floor), durationNs }));

/** Trees written when they end, children before parents; times are coarse, so that parents and children may be equal. */
const ended = fc
  .array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(2)), { minLength: 49, maxLength: 300, size: "max" })
  .map((calls): Spans => {
    const rows: [start: number, duration: number][] = [];
    const open: number[] = [];
    let now = 0;
    for (const [wait, begins, ends] of calls) {
      now += wait;
      for (let i = 0; i < begins; i++) open.push(now);
      for (let i = 0; i < ends; i++) {
        const start = open.pop();
        if (start !== undefined) rows.push([start, now - start]);
      }
    }
    return {
      startNs: Float64Array.from(rows, ([start]) => start),
      durationNs: Float64Array.from(rows, ([, duration]) => duration),
    };
  });

/** Calls one after another, each as deep as told, written when they end. */
function endTogether(depths: readonly number[]): Spans {
  const rows = depths.flatMap((depth, call) =>
    Array.from({ length: depth }, (_, i) => ({ startNs: 100 * call + depth - i, durationNs: 50 + 2 * i })),
  );
  return {
    startNs: Float64Array.from(rows, ({ startNs }) => startNs),
    durationNs: Float64Array.from(rows, ({ durationNs }) => durationNs),
  };
}

describe("the order of spans", () => {
  it("merges tables that are in order", () => {
    fc.assert(
      fc.property(tables, (spans) => {
        expect(sortOurs(spans)).toEqual(sortSlowly(spans));
      }),
    );
  });

  it("turns children before parents around", () => {
    fc.assert(
      fc.property(ended, (spans) => {
        expect(sortOurs(spans)).toEqual(sortSlowly(spans));
      }),
      { numRuns: 500 },
    );
  });

  it("sorts what has no order", () => {
    fc.assert(
      fc.property(scattered, (spans) => {
        expect(sortOurs(spans)).toEqual(sortSlowly(spans));
      }),
    );
  });

  it("sorts some of all spans", () => {
    const calls = fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 100, maxLength: 120, size: "max" });
    fc.assert(
      fc.property(fc.oneof(scattered, calls.map(endTogether)), ({ startNs, durationNs }) => {
        const order = Uint32Array.from(startNs.keys()).filter(isWanted);
        sortByStart(order, startNs, durationNs);
        expect([...order]).toEqual(sortSlowly({ startNs, durationNs }).filter(isWanted));
      }),
    );
  });
});
