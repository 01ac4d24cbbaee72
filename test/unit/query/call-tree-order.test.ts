import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { computeCallTree, type CallTree } from "../../../traces/query/call-tree.ts";
import { randomTrace, sumOf, toPlainSpans, type PlainSpan } from "./random-trace.ts";

test("every top-down tree is, number by number, that of nodes as objects in the order they are met", () => {
  const similar = fc.array(fc.tuple(fc.nat(3), fc.nat(30), fc.nat(25), fc.nat(40)), { maxLength: 400, size: "max" });
  fc.assert(
    fc.property(fc.oneof(randomTrace, similar.map(wideTrace)), fc.boolean(), (trace, byTrack) => {
      const tree = runSliced(
        computeCallTree(trace, {}, { direction: "topDown", byTrack, minShare: 0, maxNodes: 1_000_000 }),
      );
      expect(toPlainNodes(tree)).toEqual(namedNodes(trace, byTrack));
    }),
    { numRuns: 400 },
  );
});

test("so is that of many rows, some with few spans and some with thousands", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat(59)), fc.boolean(), (draws, byTrack) => {
      const builder = createTraceBuilder();
      const tracks = Array.from({ length: 30 }, (_, i) => builder.addTrack({ kind: "thread", name: `thread ${i}` }));
      const draw = (): number => draws.next().value ?? 0;
      const add = (track: number, startNs: number, durationNs: number): void => {
        builder.ledger.read();
        builder.addSpan(tracks[track], startNs, durationNs, builder.intern(`n ${draw() % 9}`), SpanKind.op, 0xffff, 0);
      };
      // Rows of 3,000 spans, of a few, and of one; tracks of one row between those of many.
      for (let i = 0; i < 3000; i++) add(7, 10 * i, 1 + (draw() % 9));
      for (let tower = 0; tower < 60; tower++) {
        const track = draw() % tracks.length;
        const depth = draw();
        for (let level = 0; level <= depth; level++) add(track, 1000 * tower + level, 900 - 2 * level);
      }
      const trace = builder.seal({ name: "towers", format: "test", formatLabel: "Test", facts: [] });
      const tree = runSliced(
        computeCallTree(trace, {}, { direction: "topDown", byTrack, minShare: 0, maxNodes: 1_000_000 }),
      );
      expect(toPlainNodes(tree)).toEqual(namedNodes(trace, byTrack));
    }),
    { numRuns: 12 },
  );
});

/** Many siblings, few lengths: totals are often equal, and a parent has more children than are looked for in a list. */
function wideTrace(
  spans: readonly (readonly [track: number, name: number, startNs: number, durationNs: number])[],
): Trace {
  const builder = createTraceBuilder();
  const tracks = ["a", "b", "c", "d"].map((name) => builder.addTrack({ kind: "thread", name }));
  const category = builder.category("c");
  for (const [track, name, startNs, durationNs] of spans) {
    builder.ledger.read();
    const args = [builder.intern(`name ${name}`), SpanKind.op, category, 0] as const;
    builder.addSpan(tracks[track], startNs * 4, durationNs, ...args);
  }
  return builder.seal({ name: "wide", format: "test", formatLabel: "Test", facts: [] });
}

interface PlainNode {
  readonly name: string;
  count: number;
  totalNs: number;
  selfNs: number;
  longestSpan: number;
  longestNs: number;
  /** By StringId, in the order they are met; a track by its own number. */
  readonly children: Map<string, PlainNode>;
}

type NamedNode = readonly [
  name: string,
  depth: number,
  count: number,
  totalNs: number,
  selfNs: number,
  longest: number,
];

function toPlainNodes(tree: CallTree): NamedNode[] {
  return Array.from(tree.name, (name, i) => [
    tree.names[name],
    tree.depth[i],
    tree.count[i],
    tree.totalNs[i],
    tree.selfNs[i],
    tree.longestSpan[i],
  ]);
}

/** The naive way, row by row as spans are looked at; what is open-ended gets its time from `knownNs`. */
function namedNodes(trace: Trace, byTrack: boolean): NamedNode[] {
  const all = toPlainSpans(trace);
  const knownNs = (span: PlainSpan): number =>
    span.openEnded ? sumOf(all.filter((child) => child.parent === span.span).map(knownNs)) : span.durationNs;
  const root = newNode(trace.meta.name);
  const nodeOf = new Map<number, PlainNode>();
  for (let position = 0; position < all.length; position++) {
    const id = trace.rows.span[position];
    const span = all[id];
    const track = byTrack ? childOf(root, `track ${span.track}`, trace.tracks[span.track].name) : root;
    const node = childOf(nodeOf.get(span.parent) ?? track, `name ${trace.spans.name[id]}`, span.name);
    nodeOf.set(id, node);
    const above = span.parent >= 0 ? [] : byTrack ? [track, root] : [root];
    for (const each of [node, ...above]) {
      each.count++;
      each.totalNs += knownNs(span);
    }
    if (span.openEnded && node.longestSpan < 0) node.longestSpan = id;
    if (span.openEnded) continue;
    node.selfNs += span.selfNs;
    if (span.durationNs <= node.longestNs) continue;
    node.longestNs = span.durationNs;
    node.longestSpan = id;
  }
  return inPreorder(root, 0);
}

function newNode(name: string): PlainNode {
  return { name, count: 0, totalNs: 0, selfNs: 0, longestSpan: -1, longestNs: -1, children: new Map() };
}

function childOf(parent: PlainNode, key: string, name: string): PlainNode {
  const child = parent.children.get(key) ?? newNode(name);
  parent.children.set(key, child);
  return child;
}

/** Siblings by total, of equal ones the one met first: sorting keeps their order. */
function inPreorder(node: PlainNode, depth: number): NamedNode[] {
  return [
    [node.name, depth, node.count, node.totalNs, node.selfNs, node.longestSpan],
    ...[...node.children.values()]
      .sort((a, b) => b.totalNs - a.totalNs)
      .flatMap((child) => inPreorder(child, depth + 1)),
  ];
}
