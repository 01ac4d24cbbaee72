import fc from "fast-check";
import { expect, test } from "vitest";
import { findRanks } from "../../../traces/query/find-ranks.ts";

const value = fc.oneof(
  fc.nat(40),
  fc.nat(100_000),
  fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 + 3 }),
  fc.maxSafeInteger().map(Math.abs),
  fc.constant(0),
);

test("ranks of few and of many values are those of the sorted values", () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 60 }),
      fc.constantFrom(1, 40, 700),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 1, maxLength: 4 }),
      (some, times, parts) => {
        const values = Float64Array.from({ length: some.length * times }, (_, i) => some[(i * 7) % some.length]);
        const sorted = values.toSorted();
        const ranks = parts.map((part) => Math.floor(part * values.length)).toSorted((a, b) => a - b);
        expect(findRanks(values, ranks)).toEqual(ranks.map((rank) => sorted[rank]));
      },
    ),
    { numRuns: 300 },
  );
});
