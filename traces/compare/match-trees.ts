import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import type { MatchTier } from "./comparison.ts";
import type { SideTree } from "./side-tree.ts";
import { isTellingKind } from "./track-roles.ts";

export const confidenceOf: Readonly<Record<MatchTier, number>> = {
  path: 1,
  renamed: 0.9,
  launched: 0.85,
  moved: 0.7,
  family: 0.5,
};

export interface Matching {
  /** Node of the other tree, -1 for none. */
  readonly afterOf: Int32Array;
  readonly beforeOf: Int32Array;
  /** Tier by node before; "path" where there is no match. */
  readonly tier: readonly MatchTier[];
}

/**
 * Pairs the nodes of two trees, from the surest reason to the weakest. Each pass sees only what is left, and prefers
 * pairs by a key that does not know which tree is which, so that exchanging the trees exchanges the matching.
 */
export function* matchTrees(before: SideTree, after: SideTree): Sliced<Matching> {
  const afterOf = new Int32Array(before.length).fill(-1);
  const beforeOf = new Int32Array(after.length).fill(-1);
  const tier = Array.from<MatchTier>({ length: before.length }).fill("path");
  const trees: Trees = {
    before: createIndexed(before),
    after: createIndexed(after),
    afterOf,
    beforeOf,
    join(a, b, reason) {
      afterOf[a] = b;
      beforeOf[b] = a;
      tier[a] = reason;
    },
  };
  trees.join(0, 0, "path");
  yield* matchBelow(trees, 0);
  yield* matchRenamed(trees);
  yield* matchLaunched(trees);
  yield* matchMoved(trees);
  yield* matchFamilies(trees);
  return { afterOf, beforeOf, tier };
}

interface IndexedTree extends SideTree {
  readonly children: readonly (readonly number[])[];
  /** Σ of total time over the steps. */
  readonly weight: Float64Array;
}

interface Trees {
  readonly before: IndexedTree;
  readonly after: IndexedTree;
  readonly afterOf: Int32Array;
  readonly beforeOf: Int32Array;
  join(a: number, b: number, reason: MatchTier): void;
}

function createIndexed(tree: SideTree): IndexedTree {
  const children: number[][] = Array.from({ length: tree.length }, () => []);
  for (let node = 1; node < tree.length; node++) children[tree.parent[node]].push(node);
  const weight = new Float64Array(tree.length);
  for (let cell = 0; cell < tree.length * tree.stepCount; cell++)
    weight[Math.floor(cell / tree.stepCount)] += tree.totalNs[cell];
  return { ...tree, children, weight };
}

/** Equal names below matched parents, all the way down. */
function* matchBelow(trees: Trees, from: number): Sliced<void> {
  const { before, after, afterOf, beforeOf, join } = trees;
  const waiting = [from];
  let budget = spansPerSlice;
  for (let a = waiting.pop(); a !== undefined; a = waiting.pop()) {
    const byName = new Map<string, number>();
    for (const child of after.children[afterOf[a]]) if (beforeOf[child] < 0) byName.set(after.name[child], child);
    for (const child of before.children[a]) {
      const partner = byName.get(before.name[child]);
      if (afterOf[child] < 0 && partner !== undefined && beforeOf[partner] < 0) join(child, partner, "path");
      if (afterOf[child] >= 0) waiting.push(child);
      budget--;
    }
    if (budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
}

interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly score: number;
}

/** Joins candidates, best first, each node once; and what then has equal names below. */
function* joinBest(trees: Trees, candidates: Candidate[], reason: MatchTier): Sliced<void> {
  const { before, after, afterOf, beforeOf, join } = trees;
  const nameKey = ({ a, b }: Candidate): string =>
    before.name[a] < after.name[b]
      ? `${before.name[a]}\u0000${after.name[b]}`
      : `${after.name[b]}\u0000${before.name[a]}`;
  candidates.sort(
    (x, y) => y.score - x.score || compareTexts(nameKey(x), nameKey(y)) || Math.min(x.a, x.b) - Math.min(y.a, y.b),
  );
  for (const { a, b } of candidates) {
    if (afterOf[a] >= 0 || beforeOf[b] >= 0) continue;
    join(a, b, reason);
    yield* matchBelow(trees, a);
  }
}

function compareTexts(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

const smallestLikeness = 0.5;
/** Unmatched siblings compared with each other below one parent. */
const mostSiblings = 200;

/** Siblings with other names but the same children: something was renamed. */
function* matchRenamed(trees: Trees): Sliced<void> {
  const { before, after, afterOf, beforeOf } = trees;
  for (let parent = 0; parent < before.length; parent++) {
    if (parent % 1024 === 1023) yield;
    if (afterOf[parent] < 0) continue;
    const left = unmatched(before.children[parent], afterOf).filter((node) => before.children[node].length > 0);
    const right = unmatched(after.children[afterOf[parent]], beforeOf).filter(
      (node) => after.children[node].length > 0,
    );
    if (left.length === 0 || right.length === 0) continue;
    const candidates: Candidate[] = [];
    const signatures = new Map(right.map((b) => [b, signatureOf(after, b)]));
    for (const a of left) {
      const signature = signatureOf(before, a);
      for (const b of right) {
        const score = likeness(signature, signatures.get(b) ?? new Map());
        if (score >= smallestLikeness) candidates.push({ a, b, score });
      }
    }
    yield* joinBest(trees, candidates, "renamed");
  }
}

function unmatched(nodes: readonly number[], partner: Int32Array): readonly number[] {
  return nodes.filter((node) => partner[node] < 0).slice(0, mostSiblings);
}

/** Names below a node to depth 3, with how often each occurs. */
function signatureOf(tree: IndexedTree, node: number): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  const visit = (at: number, depth: number): void => {
    for (const child of tree.children[at]) {
      names.set(tree.name[child], (names.get(tree.name[child]) ?? 0) + 1);
      if (depth < 3) visit(child, depth + 1);
    }
  };
  visit(node, 1);
  return names;
}

/** Jaccard index of two multisets. */
function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0;
  let all = 0;
  for (const [name, count] of a) {
    common += Math.min(count, b.get(name) ?? 0);
    all += Math.max(count, b.get(name) ?? 0);
  }
  for (const [name, count] of b) if (!a.has(name)) all += count;
  return all === 0 ? 0 : common / all;
}

/** Device work with other names that matched host spans launched. */
function* matchLaunched(trees: Trees): Sliced<void> {
  const { before, after, afterOf, beforeOf } = trees;
  const byLauncher = new Map<number, number[]>();
  for (let b = 0; b < after.length; b++) {
    if (beforeOf[b] >= 0 || after.launcher[b] < 0 || after.isDevice[b] === 0) continue;
    byLauncher.set(after.launcher[b], [...(byLauncher.get(after.launcher[b]) ?? []), b]);
  }
  const candidates: Candidate[] = [];
  for (let a = 0; a < before.length; a++) {
    if (afterOf[a] >= 0 || before.launcher[a] < 0 || before.isDevice[a] === 0) continue;
    for (const b of byLauncher.get(afterOf[before.launcher[a]]) ?? [])
      if (before.kind[a] === after.kind[b]) candidates.push({ a, b, score: weightLikeness(trees, a, b) });
  }
  yield* joinBest(trees, candidates, "launched");
}

function weightLikeness({ before, after }: Trees, a: number, b: number): number {
  const larger = Math.max(before.weight[a], after.weight[b]);
  return larger === 0 ? 1 : Math.min(before.weight[a], after.weight[b]) / larger;
}

/** The same name and kind elsewhere below a matched ancestor: something was wrapped, unwrapped or moved. */
function* matchMoved(trees: Trees): Sliced<void> {
  yield* matchElsewhere(trees, "moved", (tree, node) => tree.name[node]);
}

/** The same family of kernels, or host work of the same telling kind (input, waiting), below a matched ancestor. */
function* matchFamilies(trees: Trees): Sliced<void> {
  yield* matchElsewhere(trees, "family", (tree, node) =>
    tree.isDevice[node] === 1 ? familyOf(tree.name[node]) : isTellingKind(tree.kind[node]) ? "" : null,
  );
}

/** What a kernel does, by the words its name consists of; null for names that say nothing. */
export function familyOf(name: string): string | null {
  const lower = name.toLowerCase();
  return families.find(([, words]) => words.test(lower))?.[0] ?? null;
}

const families: readonly (readonly [family: string, words: RegExp])[] = [
  ["attention", /flash|attention|fmha|softmax/],
  ["matrix product", /gemm|gemv|matmul|cutlass|dot_general|(^|[^a-z])mm([^a-z]|$)/],
  ["convolution", /conv|wgrad|dgrad|fprop|winograd/],
  ["normalization", /norm|bn_fw|bn_bw/],
  ["reduction", /reduce|cumsum|scan/],
  ["gather and scatter", /gather|scatter|index|embedding/],
  ["fusion", /fusion|fused|triton/],
  ["elementwise", /elementwise|pointwise|vectorized|add|mul|relu|gelu|copy/],
];

function* matchElsewhere(
  trees: Trees,
  reason: MatchTier,
  keyOf: (tree: IndexedTree, node: number) => string | null,
): Sliced<void> {
  const { before, after, afterOf, beforeOf } = trees;
  const places = new Map<string, number[]>();
  for (let b = 1; b < after.length; b++) {
    if (beforeOf[b] >= 0 || after.parent[b] === 0) continue;
    const key = placeKey(after, b, keyOf(after, b), (node) => beforeOf[node]);
    if (key !== null) places.set(key, [...(places.get(key) ?? []), b]);
  }
  yield;
  const candidates: Candidate[] = [];
  for (let a = 1; a < before.length; a++) {
    if (afterOf[a] >= 0 || before.parent[a] === 0) continue;
    const key = placeKey(before, a, keyOf(before, a), (node) => (afterOf[node] < 0 ? -1 : node));
    const found = key === null ? undefined : places.get(key);
    for (const b of (found ?? []).slice(0, mostSiblings)) candidates.push({ a, b, score: weightLikeness(trees, a, b) });
  }
  yield* joinBest(trees, candidates, reason);
}

/** Nearest matched ancestor (as a node before), kind and key; null where the key says nothing. */
function placeKey(
  tree: IndexedTree,
  node: number,
  key: string | null,
  toBefore: (node: number) => number,
): string | null {
  if (key === null) return null;
  let ancestor = tree.parent[node];
  while (ancestor > 0 && toBefore(ancestor) < 0) ancestor = tree.parent[ancestor];
  return `${toBefore(ancestor)} ${tree.kind[node]} ${key}`;
}
