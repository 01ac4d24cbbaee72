import { expect, test } from "vitest";
import { medianRatio, outsideSentences, raceTable } from "../../benchmarks/race-tables.mjs";

test("a contender outside its tolerances is marked and claims no speed-up", () => {
  const timing = (contender: string, minMs: number) => ({
    contender,
    minMs,
    medianMs: minMs,
    p95Ms: minMs,
    count: 9,
    roundMs: [minMs, 2 * minMs, 3 * minMs],
  });
  const timings = [timing("naive", 4), timing("fast", 1), timing("fast-int8", 0.5)];
  const outside = { "fast-int8": "energy change in a batch: 14.2 meV/atom, beyond 10.0" };
  const [table] = raceTable({ name: "h2o", structureCount: 1, timings }, outside);
  const cells = table.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  expect(cells.slice(2).map(([, contender, , ratio]) => [contender, ratio])).toEqual([
    ["naive", "1.00 ×"],
    ["fast", "4.00 ×"],
    ["fast-int8", "outside its tolerances"],
  ]);
  expect(outsideSentences(outside)[0]).toBe(
    "fast-int8 is outside its tolerances, so its times are no speed-up: energy change in a batch: 14.2 meV/atom, beyond 10.0.",
  );
  expect(outsideSentences({})).toEqual([]);
});

test("a ratio is that of rounds in which both were slowed alike, whatever one lucky turn took", () => {
  expect(medianRatio([20, 44, 22, 20, 21], [10, 22, 11, 5, 10.5])).toBe(2);
});
