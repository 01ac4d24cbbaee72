import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { PairTable } from "../../../traces/query/pair-table.ts";
import { orderPaths } from "../../../traces/query/path-order.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { createTopTable } from "../../../traces/query/top-table.ts";
import { toTextTable } from "../../../traces/model/text-table.ts";

const strings = ["b", "a", "", "ab", "é", "__proto__", "a b", "Z"];

test("paths are in the order of their names from the outermost inwards, and of their innermost name", () => {
  const step = fc.tuple(fc.nat(1000), fc.nat(strings.length - 1));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const paths = new PairTable();
      paths.idOf(-1, 0xffffffff);
      for (const [parent, key] of steps) paths.idOf(parent % paths.length, key);
      const namesOf = (path: number): string[] =>
        path === 0 ? [] : [...namesOf(paths.parentOf(path)), strings[paths.keyOf(path)]];
      const compare = (a: readonly string[], b: readonly string[]): number => {
        const at = a.findIndex((name, i) => name !== b[i]);
        if (at < 0) return a.length - b.length;
        return b[at] === undefined || a[at] > b[at] ? 1 : -1;
      };
      const { ofName, ofPath } = runSliced(orderPaths(paths, toTextTable(strings)));
      const all = Array.from({ length: paths.length - 1 }, (_, i) => i + 1);
      const expected = all.toSorted((a, b) => compare(namesOf(a), namesOf(b)));
      expect(all.toSorted((a, b) => ofPath[a] - ofPath[b])).toEqual(expected);
      for (const a of all)
        for (const b of all.slice(0, 10))
          expect(Math.sign(ofName[a] - ofName[b])).toBe(
            Math.sign(compare([strings[paths.keyOf(a)]], [strings[paths.keyOf(b)]])),
          );
    }),
  );
});

test("a table by path of a tower 60,000 deep is sorted by name, and its rows hold the innermost names", () => {
  const depth = 60_000;
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "main" });
  const names = ["outer", "b", "a"].map((name) => builder.intern(name));
  for (let i = 0; i < depth; i++)
    builder.addSpan(track, i, 2 * (depth - i), names[i === 0 ? 0 : 1 + (i % 2)], 0, 0xffff, i);
  const trace = builder.seal({ name: "tower", format: "test", formatLabel: "Test", facts: [] });
  const table = runSliced(createTopTable(trace, {}, "path"));
  const rowAt = (first: number): readonly string[] =>
    runSliced(table.page({ sort: "name", descending: false, first, count: 1 })).rows[0].path;
  expect(table.rowCount).toBe(depth);
  expect(rowAt(0)).toEqual(["outer", "a"]);
  expect(rowAt(1)).toEqual(["outer", "a", "b", "a"]);
  // Behind all other paths that end with "a".
  const deepest = rowAt(depth / 2 - 1);
  expect([deepest.length, ...deepest.slice(0, 3), deepest.at(-1)]).toEqual([1001, "…", "b", "a", "a"]);
  expect(rowAt(depth / 2)).toEqual(["outer", "a", "b"]);
  expect(rowAt(depth - 1)).toEqual(["outer"]);
});
