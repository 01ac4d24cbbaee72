import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { DiffVerdict, type DeltaMetric, type DeltaPer, type DeltaRow, type DiffTree } from "./comparison.ts";
import { meanPerStep } from "./delta-rows.ts";
import { confidenceOf, type Matching } from "./match-trees.ts";
import type { PreparedSide } from "./observations.ts";
import type { SideTree } from "./side-tree.ts";
import { nameOfNode, type UnionNode } from "./union-rows.ts";

export interface DiffTreeInput {
  readonly before: PreparedSide;
  readonly after: PreparedSide;
  readonly union: readonly UnionNode[];
  readonly matching: Matching;
  /** Rows of the asked value, with their estimates. */
  readonly rows: readonly DeltaRow[];
  readonly metric: DeltaMetric;
  readonly per: DeltaPer;
}

/** Per union node: means per step, and the slot both sides share. */
interface Sums {
  readonly total: readonly [before: Float64Array, after: Float64Array];
  readonly self: readonly [before: Float64Array, after: Float64Array];
  readonly count: readonly [before: Float64Array, after: Float64Array];
  readonly weight: Float64Array;
}

/** The union tree for a differential flame graph, the widest `maxNodes` slots. */
export function* buildDiffTree(input: DiffTreeInput, maxNodes: number): Sliced<DiffTree> {
  const { union } = input;
  const sums = sumUnion(input);
  yield;
  const children: number[][] = union.map(() => []);
  for (let node = 1; node < union.length; node++) children[union[node].parent].push(node);
  const names = union.map((node) => nameOfNode(node, input.before.tree, input.after.tree));
  for (const list of children) list.sort((x, y) => (names[x] < names[y] ? -1 : names[x] > names[y] ? 1 : x - y));
  yield;
  const shown = chooseWidest(union, sums.weight, maxNodes);
  const order: number[] = [];
  const stack = [0];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    order.push(node);
    const list = children[node];
    for (let i = list.length - 1; i >= 0; i--) if (shown[list[i]] === 1) stack.push(list[i]);
  }
  return yield* toColumns(input, sums, names, order);
}

/** Per item the times of each side are those of its own items: then slots compare work of the same size. */
function sumUnion({ before, after, union, per }: DiffTreeInput): Sums {
  const column = (): Float64Array => new Float64Array(union.length);
  const sums: Sums = {
    total: [column(), column()],
    self: [column(), column()],
    count: [column(), column()],
    weight: column(),
  };
  union.forEach((node, index) => {
    [before, after].forEach(({ tree, itemsPerStep }, side) => {
      const own = side === 0 ? node.before : node.after;
      if (own < 0) return;
      const items = per === "item" ? (itemsPerStep ?? 1) : 1;
      sums.total[side][index] = meanPerStep(tree, tree.totalNs, own) / items;
      sums.self[side][index] = meanPerStep(tree, tree.selfNs, own) / items;
      sums.count[side][index] = meanPerStep(tree, tree.count, own);
    });
  });
  for (let node = union.length - 1; node >= 0; node--) {
    const { parent } = union[node];
    sums.weight[node] += Math.max(sums.self[0][node], sums.self[1][node]);
    if (parent < 0) continue;
    sums.weight[parent] += sums.weight[node];
    // Root and roles have no spans of their own: they are what is below them.
    if (union[parent].row >= 0) continue;
    for (const side of [0, 1] as const) {
      sums.total[side][parent] += sums.total[side][node];
      sums.count[side][parent] += sums.count[side][node];
    }
  }
  return sums;
}

/** 1 for nodes that are shown: the widest, with their ancestors, which are never narrower. */
function chooseWidest(union: readonly UnionNode[], weight: Float64Array, maxNodes: number): Uint8Array {
  const shown = new Uint8Array(union.length);
  const order = Uint32Array.from({ length: union.length }, (_, i) => i);
  // Parents have smaller indices, so equal widths keep them first.
  if (union.length > maxNodes) order.sort((x, y) => weight[y] - weight[x] || x - y);
  for (let i = 0; i < Math.min(maxNodes, union.length); i++) shown[order[i]] = 1;
  shown[0] = 1;
  return shown;
}

/** Both sides' asked values, and how much of its slot each fills: per call, of the larger of both. */
function valuesOf(
  { metric, per }: DiffTreeInput,
  sums: Sums,
  node: number,
): readonly (readonly [value: number, fill: number])[] {
  const times = metric === "total" ? sums.total : sums.self;
  const values = [0, 1].map((side) => {
    const count = sums.count[side][node];
    return per !== "call" ? times[side][node] : count === 0 ? 0 : times[side][node] / count;
  });
  const whole = per === "call" ? Math.max(...values) : sums.weight[node];
  return values.map((value) => [value, whole === 0 ? 0 : Math.min(1, value / whole)] as const);
}

function* toColumns(
  input: DiffTreeInput,
  sums: Sums,
  unionNames: readonly string[],
  order: readonly number[],
): Sliced<DiffTree> {
  const { union, matching, rows } = input;
  const [before, after] = [input.before.tree, input.after.tree];
  const { length } = order;
  const place = new Int32Array(union.length).fill(-1);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(order, (node) => column[node]);
  const names: string[] = [];
  const nameIds = new Map<string, number>();
  const tree = {
    parent: new Int32Array(length),
    depth: new Uint16Array(length),
    name: new Uint32Array(length),
    kind: new Uint8Array(length),
    row: new Int32Array(length),
    verdict: new Uint8Array(length),
    relative: new Float64Array(length),
    q: new Float64Array(length).fill(Number.NaN),
    confidence: new Float32Array(length),
    beforeValue: new Float64Array(length),
    afterValue: new Float64Array(length),
    beforeFill: new Float32Array(length),
    afterFill: new Float32Array(length),
  };
  for (let i = 0; i < length; i++) {
    if (i % spansPerSlice === spansPerSlice - 1) yield;
    const index = order[i];
    const node = union[index];
    place[index] = i;
    tree.parent[i] = node.parent < 0 ? -1 : place[node.parent];
    tree.depth[i] = i === 0 ? 0 : Math.min(tree.depth[tree.parent[i]] + 1, 0xffff);
    const id = nameIds.get(unionNames[index]) ?? names.push(unionNames[index]) - 1;
    nameIds.set(unionNames[index], id);
    tree.name[i] = id;
    tree.row[i] = node.row;
    tree.kind[i] = node.before >= 0 ? before.kind[node.before] : after.kind[node.after];
    const estimate = node.row < 0 ? null : rows[node.row].estimate;
    tree.verdict[i] = verdictOf(node, estimate?.verdict);
    const [left, right] = valuesOf(input, sums, index);
    [tree.beforeValue[i], tree.beforeFill[i]] = left;
    [tree.afterValue[i], tree.afterFill[i]] = right;
    tree.relative[i] = estimate?.relative ?? right[0] / left[0] - 1;
    tree.q[i] = estimate?.q ?? Number.NaN;
    tree.confidence[i] = isMatched(node) ? confidenceOf[matching.tier[node.before]] : 0;
  }
  const longestOf = (side: SideTree, which: "before" | "after", column: "longestPart" | "longestSpan"): Int32Array =>
    Int32Array.from(order, (index) => (union[index][which] < 0 ? -1 : side[column][union[index][which]]));
  return {
    ...tree,
    metric: input.metric,
    per: input.per,
    names,
    beforeTotalNs: pick(sums.total[0]),
    afterTotalNs: pick(sums.total[1]),
    beforeCount: pick(sums.count[0]),
    afterCount: pick(sums.count[1]),
    weightNs: pick(sums.weight),
    beforePart: longestOf(before, "before", "longestPart"),
    beforeSpan: longestOf(before, "before", "longestSpan"),
    afterPart: longestOf(after, "after", "longestPart"),
    afterSpan: longestOf(after, "after", "longestSpan"),
    omittedNodes: union.length - length,
  };
}

function isMatched({ before, after }: UnionNode): boolean {
  return before >= 0 && after >= 0;
}

function verdictOf(node: UnionNode, verdict: keyof typeof DiffVerdict | undefined): number {
  if (node.after < 0) return DiffVerdict.onlyBefore;
  if (node.before < 0) return DiffVerdict.onlyAfter;
  return DiffVerdict[verdict ?? "untested"];
}
