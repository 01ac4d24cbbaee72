import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createLazyOrder } from "../../../traces/query/lazy-order.ts";
import { runSliced } from "../../../traces/model/sliced.ts";

/** Items 0 … count - 1 by value, equal ones by number. */
function orderBy(valueOf: (item: number) => number, count: number) {
  const compare = (a: number, b: number): number => valueOf(a) - valueOf(b) || a - b;
  const items = Uint32Array.from({ length: count }, (_, item) => item);
  return { lazy: createLazyOrder(items.slice(), compare), sorted: items.slice().sort(compare) };
}

test("every range of every order is that of the sorted one, in whatever sequence they are asked for", () => {
  const count = 20_000;
  const ranges = fc.array(fc.tuple(fc.nat(count + 10), fc.nat(6000)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(ranges, fc.constantFrom(1, 3, 1000, count), fc.integer(), (asked, distinct, seed) => {
      const { lazy, sorted } = orderBy((item) => (Math.imul(item + seed, 0x9e3779b1) >>> 0) % distinct, count);
      for (const [first, length] of asked)
        expect(runSliced(lazy.range(first, first + length))).toEqual(sorted.subarray(first, first + length));
    }),
    { numRuns: 30 },
  );
});

test("the first page of an order that rises, falls or stands still takes few comparisons an item", () => {
  const count = 200_000;
  for (const valueOf of [(item: number) => item, (item: number) => -item, () => 0]) {
    let comparisons = 0;
    const counted = (item: number): number => {
      comparisons++;
      return valueOf(item);
    };
    const items = Uint32Array.from({ length: count }, (_, item) => item);
    const page = createLazyOrder(items, (a, b) => counted(a) - valueOf(b) || a - b).range(0, 50);
    let pauses = 0;
    while (page.next().done !== true) pauses++;
    expect(comparisons).toBeLessThan(8 * count);
    expect(pauses).toBeGreaterThan(10);
  }
});
