import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { computeCallTree, type CallTree, type CallTreeOptions } from "../../../traces/query/call-tree.ts";
import type { Scope } from "../../../traces/query/scope.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";
import { clippedNs, randomScope, spansInScope } from "./random-scope.ts";
import { randomTrace, sumOf, toPlainSpans, type PlainSpan } from "./random-trace.ts";

const everything = { minShare: 0, maxNodes: 1_000_000 };
const treeOf = (trace: Trace, scope: Scope, options: Partial<CallTreeOptions>): CallTree =>
  runSliced(computeCallTree(trace, scope, { direction: "topDown", byTrack: false, ...everything, ...options }));

const drawing = traceFromText(`
  main | step-----------  step----
       |  fwd---   bwd--   fwd-
       |   mm mm    mm      mm
  s7   |     k1---
`);

function draw(tree: CallTree): string[] {
  return Array.from(
    tree.name,
    (name, i) =>
      `${"  ".repeat(tree.depth[i])}${tree.names[name]} ${tree.count[i]}× ${tree.totalNs[i] / 1000}/${tree.selfNs[i] / 1000}`,
  );
}

test("top-down adds up spans of the same chain of names, largest sibling first", () => {
  expect(draw(treeOf(drawing, {}, {}))).toEqual([
    "drawing 3× 28/0",
    "  step 2× 23/8",
    "    fwd 2× 10/4",
    "      mm 3× 6/6",
    "    bwd 1× 5/3",
    "      mm 1× 2/2",
    "  k1 1× 5/5",
  ]);
});

test("by track, the first level is the tracks", () => {
  expect(draw(treeOf(drawing, { nameContains: "k" }, { byTrack: true }))).toEqual([
    "drawing 1× 5/0",
    "  s7 1× 5/0",
    "    k1 1× 5/5",
  ]);
});

test("bottom-up starts at the innermost names, by their self time, and goes outwards", () => {
  expect(draw(treeOf(drawing, { tracks: [1] }, { direction: "bottomUp" }))).toEqual([
    "drawing 9× 23/0",
    "  step 2× 8/8",
    "  mm 4× 8/0",
    "    fwd 3× 6/0",
    "      step 3× 6/6",
    "    bwd 1× 2/0",
    "      step 1× 2/2",
    "  fwd 2× 4/0",
    "    step 2× 4/4",
    "  bwd 1× 3/0",
    "    step 1× 3/3",
  ]);
});

test("in a range, totals and self times are cut to it", () => {
  expect(draw(treeOf(drawing, { tracks: [1], startNs: 3_000, endNs: 8_000 }, {}))).toEqual([
    "drawing 1× 5/0",
    "  step 1× 5/1",
    "    fwd 1× 4/1",
    "      mm 2× 3/3",
  ]);
});

test("what is below a span outside the scope hangs below its nearest ancestor inside", () => {
  expect(draw(treeOf(drawing, { rows: [0, 2] }, {}))).toEqual(["drawing 2× 23/0", "  step 2× 23/8", "    mm 4× 8/8"]);
});

test("small nodes and those beyond the limit are left out and counted", () => {
  const pruned = treeOf(drawing, {}, { minShare: 0.2 });
  expect(draw(pruned)).toEqual(["drawing 3× 28/0", "  step 2× 23/8", "    fwd 2× 10/4", "      mm 3× 6/6"]);
  expect(pruned.omittedNodes).toBe(2);
  const limited = treeOf(drawing, {}, { maxNodes: 3 });
  expect(draw(limited)).toEqual(["drawing 3× 28/0", "  step 2× 23/8", "    fwd 2× 10/4"]);
  expect(limited.omittedNodes).toBe(3);
});

test("a trace without spans is a lone root", () => {
  for (const direction of ["topDown", "bottomUp"] as const) {
    const tree = treeOf(traceFromText(""), {}, { direction });
    expect([...tree.parent]).toEqual([-1]);
    expect([...tree.totalNs]).toEqual([0]);
  }
});

test("every top-down tree holds what adding up its spans one by one gives", () => {
  fc.assert(
    fc.property(randomTrace, randomScope, fc.boolean(), (trace, scope, byTrack) => {
      expect(toPathMap(treeOf(trace, scope, { byTrack }))).toEqual(expectedTopDown(trace, scope, byTrack));
    }),
    { numRuns: 600 },
  );
});

test("every bottom-up tree holds the self times of the chains it names", () => {
  fc.assert(
    fc.property(randomTrace, randomScope, fc.boolean(), (trace, scope, byTrack) => {
      expect(toPathMap(treeOf(trace, scope, { byTrack, direction: "bottomUp" }))).toEqual(
        expectedBottomUp(trace, scope, byTrack),
      );
    }),
    { numRuns: 600 },
  );
});

test("parents precede children, siblings go by total, children never exceed their parent, and pruning keeps the largest", () => {
  const limits = fc.record({ minShare: fc.constantFrom(0, 0.01, 0.2), maxNodes: fc.integer({ min: 1, max: 12 }) });
  fc.assert(
    fc.property(
      randomTrace,
      randomScope,
      fc.boolean(),
      fc.constantFrom("topDown" as const, "bottomUp" as const),
      limits,
      (trace, scope, byTrack, direction, { minShare, maxNodes }) => {
        const tree = treeOf(trace, scope, { byTrack, direction, minShare, maxNodes });
        const whole = treeOf(trace, scope, { byTrack, direction });
        expect(tree.parent.length).toBeLessThanOrEqual(maxNodes);
        const childrenNs = new Float64Array(tree.parent.length);
        const lastChildNs = new Float64Array(tree.parent.length).fill(Infinity);
        for (let i = 1; i < tree.parent.length; i++) {
          const parent = tree.parent[i];
          expect(parent).toBeLessThan(i);
          expect(tree.depth[i]).toBe(tree.depth[parent] + 1);
          expect(tree.totalNs[i]).toBeLessThanOrEqual(lastChildNs[parent]);
          expect(tree.totalNs[i]).toBeGreaterThanOrEqual(minShare * tree.totalNs[0]);
          lastChildNs[parent] = tree.totalNs[i];
          childrenNs[parent] += tree.totalNs[i];
        }
        childrenNs.forEach((sum, i) => expect(sum).toBeLessThanOrEqual(tree.totalNs[i]));
        const sizes = [...whole.totalNs.subarray(1)]
          .filter((ns) => ns >= minShare * whole.totalNs[0])
          .sort((a, b) => b - a);
        expect([...tree.totalNs.subarray(1)].sort((a, b) => b - a)).toEqual(sizes.slice(0, maxNodes - 1));
        // What is left out counts where its parent is not.
        const kept = toPathMap(tree);
        const paths = [...toPathMap(whole)];
        expect([...kept]).toEqual(paths.filter(([path]) => kept.has(path)));
        const isTopmost = (path: readonly string[]): boolean => kept.has(JSON.stringify(path.slice(0, -1)));
        expect(tree.omittedNodes).toBe(paths.filter(([path]) => !kept.has(path) && isTopmost(JSON.parse(path))).length);
      },
    ),
    { numRuns: 400 },
  );
});

type PathMap = Map<string, { count: number; totalNs: number; selfNs: number }>;

function toPathMap(tree: CallTree): PathMap {
  const paths: string[][] = [];
  const map: PathMap = new Map();
  for (let i = 0; i < tree.parent.length; i++) {
    const path = i === 0 ? [] : [...paths[tree.parent[i]], tree.names[tree.name[i]]];
    paths.push(path);
    expect(map.has(JSON.stringify(path))).toBe(false);
    map.set(JSON.stringify(path), { count: tree.count[i], totalNs: tree.totalNs[i], selfNs: tree.selfNs[i] });
  }
  return map;
}

function add(map: PathMap, path: readonly string[], count: number, totalNs: number, selfNs: number): void {
  const key = JSON.stringify(path);
  const before = map.get(key) ?? { count: 0, totalNs: 0, selfNs: 0 };
  map.set(key, { count: before.count + count, totalNs: before.totalNs + totalNs, selfNs: before.selfNs + selfNs });
}

/** Names of the selected spans from the outermost to `span`. */
function selectedChain(all: readonly PlainSpan[], chosen: ReadonlySet<number>, span: PlainSpan): PlainSpan[] {
  const above = span.parent < 0 ? [] : selectedChain(all, chosen, all[span.parent]);
  return chosen.has(span.span) ? [...above, span] : above;
}

function selfInRange(all: readonly PlainSpan[], scope: Scope, span: PlainSpan): number {
  return (
    clippedNs(scope, span) -
    sumOf(all.filter((child) => child.parent === span.span).map((child) => Math.max(0, clippedNs(scope, child))))
  );
}

function expectedTopDown(trace: Trace, scope: Scope, byTrack: boolean): PathMap {
  const all = toPlainSpans(trace);
  const spans = spansInScope(trace, scope);
  const chosen = new Set(spans.map((span) => span.span));
  const knownNs = (span: PlainSpan): number =>
    span.openEnded
      ? sumOf(
          spans
            .filter((child) => child !== span && selectedChain(all, chosen, child).at(-2)?.span === span.span)
            .map(knownNs),
        )
      : clippedNs(scope, span);
  const map: PathMap = new Map();
  add(map, [], 0, 0, 0);
  for (const span of spans) {
    const chain = selectedChain(all, chosen, span);
    const track = byTrack ? [trace.tracks[span.track].name] : [];
    add(
      map,
      [...track, ...chain.map((at) => at.name)],
      1,
      knownNs(span),
      span.openEnded ? 0 : selfInRange(all, scope, span),
    );
    if (chain.length > 1) continue;
    add(map, [], 1, knownNs(span), 0);
    if (byTrack) add(map, track, 1, knownNs(span), 0);
  }
  return map;
}

function expectedBottomUp(trace: Trace, scope: Scope, byTrack: boolean): PathMap {
  const all = toPlainSpans(trace);
  const spans = spansInScope(trace, scope);
  const chosen = new Set(spans.map((span) => span.span));
  const map: PathMap = new Map();
  add(map, [], 0, 0, 0);
  for (const span of spans) {
    const selfNs = span.openEnded ? 0 : selfInRange(all, scope, span);
    const outwards = selectedChain(all, chosen, span)
      .map((at) => at.name)
      .toReversed();
    const track = byTrack ? [trace.tracks[span.track].name] : [];
    add(map, [], 1, selfNs, 0);
    if (byTrack) add(map, track, 1, selfNs, 0);
    for (let end = 1; end <= outwards.length; end++)
      add(map, [...track, ...outwards.slice(0, end)], 1, selfNs, end === outwards.length ? selfNs : 0);
  }
  return map;
}

test("time below spans without an end goes up once, however many of them lie above", () => {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "t" });
  const category = builder.category("c");
  const depth = 3000;
  const leaves = 3000;
  const add = (name: string, startNs: number, durationNs: number, openEnded: boolean): void =>
    void builder.addSpan(track, startNs, durationNs, builder.intern(name), SpanKind.op, category, 0, { openEnded });
  for (let i = 0; i < depth; i++) add(`open ${i}`, i, 0, true);
  for (let i = 0; i < leaves; i++) add("leaf", depth + 2 * i, 1, false);
  builder.ledger.read(depth + leaves);
  const trace = builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
  const parentReads = { count: 0 };
  const counted: Trace = { ...trace, spans: { ...trace.spans, parent: countReads(trace.spans.parent, parentReads) } };
  const tree = treeOf(counted, {}, {});
  expect(tree.depth.length).toBe(depth + 2);
  expect(tree.totalNs.every((totalNs) => totalNs === leaves)).toBe(true);
  expect(parentReads.count).toBeLessThan(8 * (depth + leaves));
});

test("bottom-up of deep recursion ends at a limit and says so", () => {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "t" });
  const name = builder.intern("again");
  const depth = 6000;
  for (let i = 0; i < depth; i++)
    builder.addSpan(track, i, 2 * depth - 2 * i, name, SpanKind.op, builder.category("c"), 0);
  builder.ledger.read(depth);
  const trace = builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
  // 6,000 chains whose leaves are 6,000, 5,999 …: 18 million steps.
  const tree = treeOf(trace, {}, { direction: "bottomUp" });
  expect(tree.omittedNodes).toBe(1);
  expect(tree.depth.length).toBeGreaterThan(500);
  expect(tree.depth.length).toBeLessThan(depth);
  expect(tree.totalNs[0]).toBe(2 * depth);
});

/** The column, and how often it was read. */
function countReads(column: Trace["spans"]["parent"], reads: { count: number }): Trace["spans"]["parent"] {
  return new Proxy(column, {
    get(target, property) {
      if (typeof property === "string" && /^\d+$/.test(property)) reads.count++;
      return Reflect.get(target, property, target);
    },
  });
}
