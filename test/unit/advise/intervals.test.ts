import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createIntervals,
  intersect,
  type Intervals,
  lengthOf,
  lengthWithin,
  subtract,
  unite,
} from "../../../traces/advise/intervals.ts";

const size = 40;
/** Which of 40 ns are covered. */
const cells = fc.array(fc.boolean(), { minLength: size, maxLength: size });

function toIntervals(covered: readonly boolean[]): Intervals {
  const intervals = createIntervals();
  covered.forEach((is, ns) => is && intervals.add(ns, ns + 1));
  return intervals.intervals;
}

describe("intervals", () => {
  test("join, cut and meet as sets of nanoseconds do", () => {
    fc.assert(
      fc.property(cells, cells, (a, b) => {
        const [left, right] = [toIntervals(a), toIntervals(b)];
        expect(intersect(left, right)).toEqual(toIntervals(a.map((is, ns) => is && b[ns])));
        expect(subtract(left, right)).toEqual(toIntervals(a.map((is, ns) => is && !b[ns])));
        expect(unite(left, right)).toEqual(toIntervals(a.map((is, ns) => is || b[ns])));
      }),
    );
  });

  test("have the length of what they cover, in all and within a range", () => {
    fc.assert(
      fc.property(cells, fc.nat(size), fc.nat(size), (a, x, y) => {
        const [start, end] = [Math.min(x, y), Math.max(x, y)];
        expect(lengthOf(toIntervals(a))).toBe(a.filter(Boolean).length);
        expect(lengthWithin(toIntervals(a), start, end)).toBe(a.slice(start, end).filter(Boolean).length);
      }),
    );
  });

  test("take overlapping times in order of their starts", () => {
    const { add, intervals } = createIntervals();
    add(0, 10);
    add(2, 4);
    add(5, 12);
    add(12, 13);
    add(20, 20);
    expect(intervals).toEqual([0, 13]);
  });
});
