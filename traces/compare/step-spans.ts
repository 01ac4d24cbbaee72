import { spanKindNames } from "../model/span-kind.ts";
import { durationOf } from "../model/trace.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import type { MatchTier, SpanPairs, StepPicture, StepSpan } from "./comparison.ts";
import { confidenceOf, type Matching } from "./match-trees.ts";
import type { PreparedSide } from "./observations.ts";
import type { SideTree } from "./side-tree.ts";
import { textOf } from "../model/text-table.ts";

/** Kept steps of both sides, by their numbers. */
export type StepNumbers = readonly [before: number, after: number];

/** Spans of one step by node, in time order of each track. */
type SpansByNode = ReadonlyMap<number, readonly number[]>;

/** The k-th span of a node of one side belongs to the k-th of the matched node of the other. */
export function* pairSpans(
  before: PreparedSide,
  after: PreparedSide,
  { afterOf, tier }: Matching,
  [beforeStep, afterStep]: StepNumbers,
): Sliced<SpanPairs> {
  const left = yield* groupByNode(before, beforeStep);
  const right = yield* groupByNode(after, afterStep);
  const pairs: { readonly a: number; readonly b: number; readonly tier: MatchTier }[] = [];
  for (const [node, spans] of left) {
    const partners = right.get(afterOf[node]) ?? [];
    for (let turn = 0; turn < Math.min(spans.length, partners.length); turn++)
      pairs.push({ a: spans[turn], b: partners[turn], tier: tier[node] });
  }
  const alone = (groups: SpansByNode, paired: ReadonlySet<number>): Int32Array =>
    Int32Array.from([...groups.values()].flat().filter((span) => !paired.has(span)));
  return {
    onlyBefore: alone(left, new Set(pairs.map(({ a }) => a))),
    onlyAfter: alone(right, new Set(pairs.map(({ b }) => b))),
    before: Int32Array.from(pairs, ({ a }) => a),
    after: Int32Array.from(pairs, ({ b }) => b),
    confidence: Float32Array.from(pairs, (pair) => confidenceOf[pair.tier]),
  };
}

function* groupByNode(side: PreparedSide, step: number): Sliced<SpansByNode> {
  const groups = new Map<number, number[]>();
  for (const { span, node } of yield* spansOfStep(side, step)) {
    const group = groups.get(node);
    if (group === undefined) groups.set(node, [span]);
    else group.push(span);
  }
  return groups;
}

interface PlacedSpan {
  readonly span: number;
  readonly node: number;
}

/** In the order of the trace: track after track, by start. */
function* spansOfStep({ steps, placements, tree }: PreparedSide, step: number): Sliced<readonly PlacedSpan[]> {
  const found: PlacedSpan[] = [];
  const kept = steps.kept[step];
  if (kept === undefined) return found;
  const placement = placements[kept.part];
  for (let span = 0; span < placement.step.length; span++) {
    if (span % spansPerSlice === spansPerSlice - 1) yield;
    if (placement.step[span] === step) found.push({ span, node: tree.nodeOfPath[placement.node[span]] });
  }
  return found;
}

/** Spans of a side that a picture has room for. */
const mostSpans = 260;
/** Shorter spans, as a part of the longer step, are too narrow to see. */
const narrowest = 0.001;
const mostRows = 6;

/** Both steps for a picture of a fixed size: the longest spans of each side, and which belong together. */
export function* drawSteps(
  before: PreparedSide,
  after: PreparedSide,
  matching: Matching,
  numbers: StepNumbers,
): Sliced<StepPicture> {
  const sides = [before, after] as const;
  const durations = sides.map(({ steps }, side) => {
    const kept = steps.kept[numbers[side]];
    return kept === undefined ? 0 : kept.endNs - kept.startNs;
  });
  const least = narrowest * Math.max(...durations);
  const { before: a, after: b, confidence } = yield* pairSpans(before, after, matching, numbers);
  const certainty = [new Map<number, number>(), new Map<number, number>()] as const;
  confidence.forEach((value, i) => {
    certainty[0].set(a[i], value);
    certainty[1].set(b[i], value);
  });
  const drawn: (readonly StepSpan[])[] = [];
  for (const [index, side] of sides.entries())
    drawn.push(yield* drawSide(side, numbers[index], least, certainty[index]));
  return {
    before: { durationNs: durations[0], spans: drawn[0] },
    after: { durationNs: durations[1], spans: drawn[1] },
  };
}

function* drawSide(
  side: PreparedSide,
  step: number,
  least: number,
  certainty: ReadonlyMap<number, number>,
): Sliced<readonly StepSpan[]> {
  const kept = side.steps.kept[step];
  if (kept === undefined) return [];
  const { trace } = side.parts[kept.part];
  const found = yield* spansOfStep(side, step);
  const long = found.filter(({ span }) => durationOf(trace.spans, span) >= least);
  const byLength = long.toSorted((x, y) => durationOf(trace.spans, y.span) - durationOf(trace.spans, x.span));
  const chosen = new Set(byLength.slice(0, mostSpans).map(({ span }) => span));
  const rowOf = createRows();
  return long.flatMap(({ span, node }): StepSpan[] => {
    const startNs = trace.spans.startNs[span] - kept.startNs;
    const durationNs = durationOf(trace.spans, span);
    const { role, depth } = placeOf(side.tree, node);
    const row = rowOf(role, depth, startNs, durationNs);
    if (row >= mostRows || !chosen.has(span)) return [];
    const name = textOf(trace.strings, trace.spans.name[span]);
    const kind = spanKindNames[trace.spans.kind[span]];
    return [{ role, row, name, kind, startNs, durationNs, confidence: certainty.get(span) ?? null }];
  });
}

function placeOf(tree: SideTree, node: number): { readonly role: string; readonly depth: number } {
  let depth = 0;
  let at = node;
  for (; tree.parent[at] > 0; at = tree.parent[at]) depth++;
  return { role: tree.name[at], depth: depth - 1 };
}

/** The first row from its depth on that is free: streams of one device work at the same time. */
function createRows(): (role: string, depth: number, startNs: number, durationNs: number) => number {
  const ends = new Map<string, number[]>();
  return (role, depth, startNs, durationNs) => {
    const rows = ends.get(role) ?? [];
    ends.set(role, rows);
    let row = depth;
    while ((rows[row] ?? -Infinity) > startNs) row++;
    rows[row] = startNs + durationNs;
    return row;
  };
}
