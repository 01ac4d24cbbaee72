import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runSliced } from "../../../traces/model/sliced.ts";
import { TimeCells } from "../../../traces/query/time-cells.ts";
import { unionLength } from "./random-trace.ts";

const cellCount = 16;

test("what times cover is told exactly, in any order, wherever they lie in the cells", () => {
  const window = fc.record({
    firstNs: fc.constantFrom(0, 1_000_003, 2 ** 52),
    cellBits: fc.oneof(fc.nat(6), fc.integer({ min: 14, max: 17 })),
  });
  const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const time = fc.tuple(place, fc.oneof(fc.nat(3), fc.nat(100), fc.nat(1100), fc.nat(300_000)));
  fc.assert(
    fc.property(window, fc.array(time, { maxLength: 40 }), fc.boolean(), ({ firstNs, cellBits }, drawn, isNarrow) => {
      const endNs = firstNs + cellCount * 2 ** cellBits;
      const times = drawn.map(([at, lengthNs]): [number, number] => {
        const startNs = firstNs + Math.floor(at * (endNs - firstNs));
        return [startNs, Math.min(endNs, startNs + 1 + lengthNs)];
      });
      const cells = new TimeCells(cellCount, isNarrow);
      // A window that is given up leaves nothing behind, of cells as narrow or of others.
      for (const bits of [cellBits, firstNs > 0 ? 16 : 15]) {
        cells.start(0, bits);
        cells.add(0, cellCount * 2 ** bits);
        cells.add(1, 2);
      }
      cells.start(firstNs, cellBits);
      // Who finds no room begins the window anew, with narrower cells.
      const kept = times.filter((each) => cells.add(...each));
      expect(runSliced(cells.coveredNs())).toBe(unionLength(kept));
      if (cellBits === 0) expect(kept).toEqual(times);
    }),
    { numRuns: 2000 },
  );
});

test("times apart in one cell are listed, as long as there is room", () => {
  const cells = new TimeCells(cellCount);
  cells.start(0, 10);
  const added = Array.from({ length: 20 }, (_, i) => cells.add(i * 10 + 1, i * 10 + 5));
  expect(added.indexOf(false)).toBe(cellCount - 4 + 2);
  expect(cells.listed).toBe(cellCount - 2);
});

test("a window of many cells is added up in slices, and is empty then", () => {
  const many = new TimeCells(2 ** 19);
  many.start(0, 29);
  many.add(2 ** 29 - 1, 2 ** 40);
  many.add(2 ** 47, 2 ** 47 + 7);
  const work = many.coveredNs();
  let pauses = 0;
  let step = work.next();
  for (; step.done !== true; step = work.next()) pauses++;
  expect(step.value).toBe(2 ** 40 - 2 ** 29 + 1 + 7);
  expect(pauses).toBeGreaterThanOrEqual(1);
  many.start(0, 29);
  many.add(5, 6);
  expect(runSliced(many.coveredNs())).toBe(1);
});
