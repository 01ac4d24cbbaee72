import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runSliced } from "../../../traces/query/sliced.ts";
import { orderByStart } from "../../../traces/query/start-order.ts";

test("starts are in order, equal ones in their own, however they crowd", () => {
  const start = fc.oneof(fc.nat(5), fc.nat(1000), fc.maxSafeInteger().map(Math.abs), fc.constant(2 ** 53));
  fc.assert(
    fc.property(fc.array(start, { maxLength: 300 }), (starts) => {
      const indexes = starts.map((_, index) => index);
      const expected = indexes.toSorted((a, b) => starts[a] - starts[b] || a - b);
      expect([...runSliced(orderByStart(Float64Array.from(starts)))]).toEqual(expected);
    }),
  );
});
