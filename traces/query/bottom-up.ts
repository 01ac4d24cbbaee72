import type { Trace } from "../model/trace.ts";
import { enlarge } from "./enlarge.ts";
import type { TreeSource } from "./choose-nodes.ts";
import type { PairTable } from "./pair-table.ts";
import type { Sliced } from "../model/sliced.ts";
import type { TreeSums } from "./tree-sums.ts";

const leavesPerSlice = 1 << 14;
const none = -1;

/** Steps from leaf to leaf after which no further chains are looked for: deep recursion has quadratically many. */
const mostSteps = 1 << 22;

/**
 * The top-down tree seen from its leaves. A chain of names from the innermost span outwards stands for the top-down
 * nodes it begins at, its leaves; it is built when it is asked for.
 */
export function* createBottomUp(trace: Trace, sums: TreeSums, byTrack: boolean): Sliced<TreeSource> {
  const { tree } = sums;
  const { strings, tracks } = trace;
  const trackKeys = strings.length;
  const isSpanNode = (node: number): boolean => node > 0 && tree.keyOf(node) < trackKeys;
  const placed = yield* placeFirst(sums, yield* findLeaves(sums, isSpanNode));
  const outermost = byTrack ? yield* findOutermost(tree) : null;
  const chains = new Chains(placed.length + chainsAtFirst);
  const chainOfKey = new Int32Array(strings.length + tracks.length).fill(none);
  yield;
  let stepsLeft = mostSteps + 2 * placed.length;
  let sinceYield = 0;

  const root = chains.add(0);
  for (let i = 0; i < placed.length; i++) {
    if (i % leavesPerSlice === leavesPerSlice - 1) yield;
    chains.addLeaf(root, placed.count[i], placed.selfNs[i]);
  }

  const childWith = (key: number): number => {
    if (chainOfKey[key] === none) chainOfKey[key] = chains.add(key);
    return chainOfKey[key];
  };
  const enterTracks = (begin: number, end: number, outermostOf: Int32Array): void => {
    for (let i = begin; i < end; i++) {
      const child = childWith(tree.keyOf(outermostOf[placed.outer[i]]));
      placed.child[i] = child;
      chains.addLeaf(child, placed.count[i], placed.selfNs[i]);
    }
  };
  const goOutwards = (begin: number, end: number): void => {
    const { outer, selfNs, count, child: childOf } = placed;
    for (let i = begin; i < end; i++) {
      const node = outer[i];
      if (node === none) {
        childOf[i] = none;
        continue;
      }
      const child = childWith(tree.keyOf(node));
      const parent = tree.parentOf(node);
      childOf[i] = child;
      if (chains.addLeaf(child, count[i], selfNs[i])) chains.longest[child] = sums.longestOf(node);
      if (isSpanNode(parent)) outer[i] = parent;
      else {
        outer[i] = none;
        chains.endsNs[child] += selfNs[i];
      }
    }
  };
  return {
    root,
    *visitChildren(chain, visit) {
      if (stepsLeft <= 0) return false;
      const begin = chains.begin[chain];
      const end = chains.end[chain];
      const firstChild = chains.length;
      for (let first = begin; first < end; first += leavesPerSlice) {
        const stop = Math.min(end, first + leavesPerSlice);
        // Each leaf makes one chain at most.
        yield* chains.makeRoom(stop - first);
        if (chain === root && outermost !== null) enterTracks(first, stop, outermost);
        else goOutwards(first, stop);
        stepsLeft -= stop - first;
        sinceYield += stop - first;
        if (sinceYield < leavesPerSlice) continue;
        yield;
        sinceYield = 0;
      }
      yield* placeLeaves(chains, firstChild, placed, begin, end);
      for (let child = firstChild; child < chains.length; child++) {
        chainOfKey[chains.key[child]] = none;
        visit(child);
        if (child % leavesPerSlice === 0) yield;
      }
      return true;
    },
    ...readChains(chains, root, trace),
  };
}

function readChains(
  chains: Chains,
  root: number,
  { spans, strings }: Trace,
): Omit<TreeSource, "root" | "visitChildren"> {
  return {
    keyOf: (chain) => chains.key[chain],
    countOf: (chain) => chains.count[chain],
    totalOf: (chain) => chains.totalNs[chain],
    selfOf: (chain) => (chain === root || chains.key[chain] >= strings.length ? 0 : chains.endsNs[chain]),
    longestOf: (chain) => chains.longest[chain],
    kindOf: (chain) => (chains.longest[chain] < 0 ? 0 : spans.kind[chains.longest[chain]]),
  };
}

/** The leaves in the order of their nodes. */
function* placeFirst(sums: TreeSums, nodes: Int32Array): Sliced<Leaves> {
  const leaves = new Leaves(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    if (i % leavesPerSlice === leavesPerSlice - 1) yield;
    leaves.outer[i] = nodes[i];
    leaves.count[i] = sums.countOf(nodes[i]);
    leaves.selfNs[i] = sums.selfNsOf(nodes[i]);
  }
  return leaves;
}

/** Top-down nodes with spans of their own. */
function* findLeaves(sums: TreeSums, isSpanNode: (node: number) => boolean): Sliced<Int32Array> {
  const { tree } = sums;
  const leaves = new Int32Array(tree.length);
  let length = 0;
  for (let node = 1; node < tree.length; node++) {
    if (node % leavesPerSlice === 0) yield;
    if (isSpanNode(node) && sums.countOf(node) > 0) leaves[length++] = node;
  }
  return leaves.slice(0, length);
}

/** The node below the root that each node lies in: its track. Parents come before children. */
function* findOutermost(tree: PairTable): Sliced<Int32Array> {
  const outermost = new Int32Array(tree.length);
  for (let node = 1; node < tree.length; node++) {
    if (node % leavesPerSlice === 0) yield;
    const parent = tree.parentOf(node);
    outermost[node] = parent === 0 ? node : outermost[parent];
  }
  return outermost;
}

/**
 * Brings the leaves at [begin, end) into the order of the chains that they were added to, from `firstChain` on, and
 * leaves out those whose chain ends. Leaves that follow each other are read in the order they lie in memory.
 */
function* placeLeaves(chains: Chains, firstChain: number, leaves: Leaves, begin: number, end: number): Sliced<void> {
  let at = begin;
  for (let chain = firstChain; chain < chains.length; chain++) {
    const length = chains.end[chain];
    chains.begin[chain] = at;
    chains.end[chain] = at;
    at += length;
    if (chain % leavesPerSlice === 0) yield;
  }
  // Most long chains go on as one.
  if (at === end && chains.length === firstChain + 1) chains.end[firstChain] = end;
  else yield* leaves.move(begin, end, chains.end);
}

/** The leaves, those of a chain side by side: each belongs to one at a time, to that of them which was asked for last. */
class Leaves {
  readonly length: number;
  readonly count: Uint32Array;
  readonly selfNs: Float64Array;
  /** The node that the next name of its chain comes from; none where the chain ends. */
  readonly outer: Int32Array;
  /** The chain it is to move to; none for no further one. */
  readonly child: Int32Array;
  /** Of those that move. */
  readonly #count: Uint32Array;
  readonly #selfNs: Float64Array;
  readonly #outer: Int32Array;

  /** Memory that nobody touches costs nothing: few move at once. */
  constructor(length: number) {
    this.length = length;
    this.count = new Uint32Array(length);
    this.selfNs = new Float64Array(length);
    this.outer = new Int32Array(length);
    this.child = new Int32Array(length);
    this.#count = new Uint32Array(length);
    this.#selfNs = new Float64Array(length);
    this.#outer = new Int32Array(length);
  }

  /** Puts each of [begin, end) at the place that `next` has for its chain, and counts that one up. */
  *move(begin: number, end: number, next: Int32Array): Sliced<void> {
    for (let from = begin; from < end; from += leavesPerSlice) {
      const to = Math.min(end, from + leavesPerSlice);
      this.#count.set(this.count.subarray(from, to), from - begin);
      this.#selfNs.set(this.selfNs.subarray(from, to), from - begin);
      this.#outer.set(this.outer.subarray(from, to), from - begin);
      if (to < end) yield;
    }
    for (let from = begin; from < end; from += leavesPerSlice) {
      const to = Math.min(end, from + leavesPerSlice);
      for (let i = from; i < to; i++) {
        const chain = this.child[i];
        if (chain === none) continue;
        const place = next[chain]++;
        this.count[place] = this.#count[i - begin];
        this.selfNs[place] = this.#selfNs[i - begin];
        this.outer[place] = this.#outer[i - begin];
      }
      if (to < end) yield;
    }
  }
}

/** Chains of names met so far, one number each. */
class Chains {
  length = 0;
  key: Uint32Array;
  /** Places of its leaves: [begin, end). */
  begin: Int32Array;
  end: Int32Array;
  count: Float64Array;
  totalNs: Float64Array;
  /** Part whose chain ends here. */
  endsNs: Float64Array;
  longest: Int32Array;
  longestSelfNs: Float64Array;

  /** `room`: chains for which there is room; memory that nobody touches costs nothing. */
  constructor(room: number) {
    this.key = new Uint32Array(room);
    this.begin = new Int32Array(room);
    this.end = new Int32Array(room);
    this.count = new Float64Array(room);
    this.totalNs = new Float64Array(room);
    this.endsNs = new Float64Array(room);
    this.longest = new Int32Array(room);
    this.longestSelfNs = new Float64Array(room);
  }

  /** Lets so many further chains come. */
  *makeRoom(count: number): Sliced<void> {
    const needed = this.length + count;
    if (needed <= this.key.length) return;
    const size = Math.max(needed, 2 * this.key.length);
    this.key = yield* enlarge(this.key, new Uint32Array(size));
    this.begin = yield* enlarge(this.begin, new Int32Array(size));
    yield;
    this.end = yield* enlarge(this.end, new Int32Array(size));
    yield;
    this.count = yield* enlarge(this.count, new Float64Array(size));
    yield;
    this.totalNs = yield* enlarge(this.totalNs, new Float64Array(size));
    yield;
    this.endsNs = yield* enlarge(this.endsNs, new Float64Array(size));
    yield;
    this.longest = yield* enlarge(this.longest, new Int32Array(size));
    this.longestSelfNs = yield* enlarge(this.longestSelfNs, new Float64Array(size));
  }

  add(key: number): number {
    const chain = this.length++;
    this.key[chain] = key;
    this.longest[chain] = none;
    this.longestSelfNs[chain] = none;
    return chain;
  }

  /** Whether it has more self time than those before. */
  addLeaf(chain: number, count: number, selfNs: number): boolean {
    this.end[chain]++;
    this.count[chain] += count;
    this.totalNs[chain] += selfNs;
    if (selfNs <= this.longestSelfNs[chain]) return false;
    this.longestSelfNs[chain] = selfNs;
    return true;
  }
}

const chainsAtFirst = 64;
