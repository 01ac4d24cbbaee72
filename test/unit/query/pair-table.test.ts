import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { createPairTable } from "../../../traces/query/pair-table.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { createTopTable } from "../../../traces/query/top-table.ts";

test("pairs are numbered as they are first met, in chains, among siblings and in any mixture", () => {
  const step = fc.tuple(fc.nat(5000), fc.oneof(fc.nat(2), fc.nat(40), fc.constant(0xffffffff)), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 3000, size: "max" }), fc.boolean(), (steps, knowsMost) => {
      const paths = createPairTable(knowsMost ? steps.length : Infinity);
      const known = new Map<string, number>();
      let last = -1;
      steps.forEach(([of, key, goesOn], i) => {
        const parent = goesOn ? last : (of % (paths.length + 1)) - 1;
        if (i % 100 === 0) runSliced(paths.makeRoom(100));
        const pair = `${parent} ${key}`;
        if (!known.has(pair)) known.set(pair, known.size);
        last = paths.idOf(parent, key);
        expect(last).toBe(known.get(pair));
      });
      expect(paths.length).toBe(known.size);
      known.forEach((id, pair) => expect(`${paths.parentOf(id)} ${paths.keyOf(id)}`).toBe(pair));
    }),
    { numRuns: 60 },
  );
});

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
