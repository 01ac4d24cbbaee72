import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { likelyPair, PairTable } from "../../../traces/query/pair-table.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { createTopTable } from "../../../traces/query/top-table.ts";

test("pairs are numbered as they are first met, in chains, among siblings and in any mixture", () => {
  const step = fc.tuple(fc.nat(5000), fc.oneof(fc.nat(2), fc.nat(40), fc.constant(0xffffffff)), fc.boolean());
  fc.assert(
    fc.property(many(step), fc.boolean(), fc.constantFrom(0, 3, 40), (steps, knowsMost, noted) => {
      const paths = new PairTable(knowsMost ? steps.length : Infinity, noted);
      const known = new Map<string, number>();
      let last = -1;
      steps.forEach(([of, key, goesOn], i) => {
        const parent = goesOn ? last : (of % (paths.length + 1)) - 1;
        if (i % 100 === 0) runSliced(paths.makeRoom(100));
        const pair = `${parent} ${key}`;
        const likely = likelyPair(paths.records, last, parent, key);
        if (likely >= 0) expect(likely).toBe(known.get(pair));
        if (!known.has(pair)) known.set(pair, known.size);
        last = paths.idOf(parent, key);
        expect(last).toBe(known.get(pair));
      });
      expect(paths.length).toBe(known.size);
      known.forEach((id, pair) => expect(`${paths.parentOf(id)} ${paths.keyOf(id)}`).toBe(pair));
      expectLists(paths);
    }),
    { numRuns: 60 },
  );
});

test("pairs that nobody looks for are in the list of their parent, and hide no other", () => {
  const paths = new PairTable(Infinity, 30);
  const root = paths.idOf(-1, 0);
  for (let key = 0; key < 30; key++) {
    const added = paths.add(root, 1000 + key);
    const met = paths.idOf(root, key);
    expect([added, met]).toEqual([1 + 2 * key, 2 + 2 * key]);
  }
  for (let key = 0; key < 30; key++) expect(paths.idOf(root, key)).toBe(2 + 2 * key);
  expectLists(paths);
});

test("what recurs in the order in which it was met is found without a search", () => {
  const paths = new PairTable();
  const root = paths.idOf(-1, 0);
  const ids = [5, 3, 7].map((key) => paths.idOf(root, key));
  const below = paths.idOf(ids[0], 5);
  const { records } = paths;
  expect([5, 3, 7].map((key, i) => likelyPair(records, i === 0 ? below : ids[i - 1], root, key))).toEqual(ids);
  expect(likelyPair(records, ids[2], ids[0], 5)).toBe(below);
  expect(likelyPair(records, ids[0], root, 7)).toBe(-1);
  expect(likelyPair(records, ids[0], ids[2], 0)).toBe(-1);
});

const many = <T>(step: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(step, { minLength: 1, maxLength: 3000, size: "max" });

/** The list of each parent holds its pairs, each once. */
function expectLists(paths: PairTable): void {
  const listed: number[] = [];
  for (let parent = -1; parent < paths.length; parent++)
    for (let id = paths.firstOf(parent); id >= 0; id = paths.nextOf(id)) {
      listed.push(paths.parentOf(id) === parent ? id : -1);
    }
  expect(listed.sort((a, b) => a - b)).toEqual(Array.from({ length: paths.length }, (_, id) => id));
}

test("where each span has a path of its own, the sums of a table are moved a few times", () => {
  const depth = 200_000;
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "main" });
  const names = ["a", "b", "c"].map((name) => builder.intern(name));
  for (let i = 0; i < depth; i++) builder.addSpan(track, i, 2 * (depth - i), names[i % 3], 0, 0xffff, 0);
  const trace = builder.seal({ name: "tower", format: "test", formatLabel: "Test", facts: [] });
  const work = createTopTable(trace, {}, "path");
  let pauses = 0;
  while (work.next().done !== true) pauses++;
  // 49 among the spans; one for each column that moves.
  expect(pauses).toBeLessThan(140);
});
