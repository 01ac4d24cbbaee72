import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runSliced } from "../../../traces/model/sliced.ts";
import { TimeList } from "../../../traces/query/time-list.ts";

test("times are sorted by start with their ends, however they crowd", () => {
  const start = fc.oneof(
    fc.nat(5),
    fc.integer({ min: 1_000_000, max: 1_000_100 }),
    fc.nat(2 ** 30),
    fc.constantFrom(2 ** 53, 2 ** 53 - 1),
  );
  fc.assert(
    fc.property(fc.array(start, { maxLength: 500, size: "max" }), (starts) => {
      const list = new TimeList(starts.length);
      starts.forEach((startNs, i) => expect(list.add(startNs, i)).toBe(true));
      expect(list.isFull).toBe(false);
      runSliced(list.sort(0, 2 ** 53));
      const found = starts.map((_, i) => [list.startOf(i), list.endOf(i)]);
      expect(found.map(([startNs]) => startNs)).toEqual(starts.toSorted((a, b) => a - b));
      expect(found.every(([startNs, index]) => starts[index] === startNs)).toBe(true);
      expect(new Set(found.map(([, index]) => index)).size).toBe(starts.length);
      expect(list.add(0, 1)).toBe(false);
      expect(list.isFull).toBe(true);
    }),
  );
});
