import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Trace } from "../../../traces/model/trace.ts";
import { createGrouping } from "../../../traces/query/grouping.ts";
import { GroupSums } from "../../../traces/query/group-sums.ts";
import { resolveScope, type Scope } from "../../../traces/query/scope.ts";
import { runSliced, spansPerSlice } from "../../../traces/model/sliced.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { randomScope } from "./random-scope.ts";
import { randomTrace } from "./random-trace.ts";

/** All that is known of the groups of a scope. */
function sumsOf(trace: Trace, scope: Scope, by: "name" | "path", keepsApart: boolean): unknown {
  const selection = runSliced(resolveScope(trace, scope, { withAncestors: by === "path" }));
  const grouping = createGrouping(selection, by);
  const sums = new GroupSums(selection, grouping, keepsApart);
  runSliced(grouping.visit((spans) => sums.add(spans), { makeRoom: (spans) => sums.makeRoom(spans) }));
  runSliced(sums.finish());
  const { spanCount, groupCount, selfNs, wallNs } = sums;
  const groups = Array.from(runSliced(sums.groups()), (group) => [
    group,
    sums.countOf(group),
    sums.openEndedOf(group),
    sums.totalNsOf(group),
    sums.selfNsOf(group),
    sums.clippedNsOf(group),
    sums.longestOf(group),
  ]);
  const closed = Array.from({ length: grouping.length }, (_, group) => sums.closedOf(group));
  return { spanCount, groupCount, selfNs, wallNs, groups, closed };
}

test("groups have the same sums whether those of an only span are kept apart or not", () => {
  fc.assert(
    fc.property(randomTrace, randomScope, fc.constantFrom("name", "path"), (trace, scope, by) => {
      expect(sumsOf(trace, scope, by, true)).toEqual(sumsOf(trace, scope, by, false));
    }),
    { numRuns: 400 },
  );
});

test("and where names come once, twice or often, in many slices", () => {
  const names = fc.integer({ min: 1, max: 3 * spansPerSlice });
  fc.assert(
    fc.property(names, names, (most, step) => {
      const builder = createTraceBuilder();
      const track = builder.addTrack({ kind: "thread", name: "main" });
      const ids = Array.from({ length: most }, (_, i) => builder.intern(`name ${i}`));
      const count = 3 * spansPerSlice;
      for (let i = 0; i < count; i++)
        builder.addSpan(track, i * 10, (i * 7) % 12, ids[(i * step) % most], 0, 0xffff, 0, { openEnded: i % 11 === 0 });
      builder.ledger.read(count);
      const trace = builder.seal({ name: "many", format: "test", formatLabel: "Test", facts: [] });
      const scope: Scope = most % 2 === 0 ? {} : { startNs: 1005, endNs: count * 9 };
      expect(sumsOf(trace, scope, "name", true)).toEqual(sumsOf(trace, scope, "name", false));
    }),
    { numRuns: 6 },
  );
});
