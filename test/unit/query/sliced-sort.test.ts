import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runSliced, spansPerSlice } from "../../../traces/model/sliced.ts";
import { sortSliced } from "../../../traces/query/sliced-sort.ts";

test("sorts as the built-in sort does, in slices whose length does not grow with the list", () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(0, 1, 8191, 8192, 8193, 40_000, 100_001), (seed, length) => {
      const values = Float64Array.from({ length }, (_, i) => Math.imul(i + seed, 0x9e3779b1) % 1000);
      let compared = 0;
      const compare = (a: number, b: number): number => {
        compared++;
        return values[a] - values[b] || a - b;
      };
      const order = Uint32Array.from({ length }, (_, i) => i);
      const work = sortSliced(order.slice(), compare);
      let longest = 0;
      for (let before = 0, done = false; !done; before = compared) {
        done = work.next().done === true;
        longest = Math.max(longest, compared - before);
      }
      expect(longest).toBeLessThanOrEqual(spansPerSlice * 8);
      expect(runSliced(sortSliced(order.slice(), compare))).toEqual(order.slice().sort(compare));
    }),
    { numRuns: 20 },
  );
});
