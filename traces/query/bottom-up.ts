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
 * nodes it begins at, its leaves; it is built when it is asked for, and only if it is as long as was asked: most names of
 * many are not, and are added up by name alone.
 */
export function* createBottomUp(trace: Trace, sums: TreeSums, byTrack: boolean): Sliced<TreeSource> {
  const { tree } = sums;
  const trackKeys = trace.strings.length;
  const nodes: NodeLeaves = { sums, trackKeys, outermost: byTrack ? yield* findOutermost(tree) : null };
  const keys = new KeySums(trackKeys + trace.tracks.length);
  const chains = new Chains(chainsAtFirst);
  const root = chains.add(0);
  const length = yield* sumNodes(nodes, keys, chains);
  let leaves = new Leaves(0, tree, trackKeys);
  let stepsLeft = mostSteps + 2 * length;
  let sinceYield = 0;

  /** Gives leaves [begin, end) their next chain; returns how many names were met that are too short to have one. */
  const goOutwards = (begin: number, end: number, leastNs: number): number => {
    const { outer, selfNs, count, key: keyOf, child: childOf } = leaves;
    const { totalNs, chainOf } = keys;
    let shorter = 0;
    for (let i = begin; i < end; i++) {
      const key = keyOf[i];
      childOf[i] = none;
      if (key === none) continue;
      if (totalNs[key] < leastNs) {
        if (chainOf[key] === noChain) shorter++;
        chainOf[key] = tooShort;
        continue;
      }
      if (chainOf[key] === noChain) chainOf[key] = chains.add(key);
      const child = chainOf[key];
      childOf[i] = child;
      chains.end[child]++;
      const node = outer[i];
      if (chains.addLeaf(child, count[i], selfNs[i])) chains.longest[child] = sums.longestOf(node);
      if (!leaves.goTo(i, tree.parentOf(node))) chains.endsNs[child] += selfNs[i];
    }
    return shorter;
  };
  return {
    root,
    *visitChildren(chain, leastNs, visit) {
      if (stepsLeft <= 0) return null;
      const firstChild = chains.length;
      let shorter = 0;
      if (chain === root) {
        stepsLeft -= length;
        const found = yield* placeNodes(nodes, keys, chains, leastNs);
        leaves = found.leaves;
        shorter = found.shorter;
        // Of many names most have no chain, and nobody asks any further.
        keys.leave();
      } else {
        yield* keys.clear();
        const begin = chains.begin[chain];
        const end = chains.end[chain];
        for (let first = begin; first < end; first += leavesPerSlice) {
          sumLeaves(leaves, keys, first, Math.min(end, first + leavesPerSlice));
          if (end - begin > leavesPerSlice) yield;
        }
        for (let first = begin; first < end; first += leavesPerSlice) {
          const stop = Math.min(end, first + leavesPerSlice);
          // Each leaf makes one chain at most.
          yield* chains.makeRoom(stop - first);
          shorter += goOutwards(first, stop, leastNs);
          stepsLeft -= stop - first;
          sinceYield += stop - first;
          if (sinceYield < leavesPerSlice) continue;
          yield;
          sinceYield = 0;
        }
        for (let child = firstChild; child < chains.length; child++) keys.forget(chains.key[child]);
        if (shorter > 0) yield* forgetShorter(leaves, keys, begin, end);
        yield* placeLeaves(chains, firstChild, leaves, begin, end);
      }
      for (let child = firstChild; child < chains.length; child++) {
        visit(child);
        if (child % leavesPerSlice === 0) yield;
      }
      return shorter;
    },
    ...readChains(chains, root, trace),
  };
}

/** Adds up, by the name that comes next, the leaves [begin, end). */
function sumLeaves({ key, selfNs }: Leaves, { totalNs }: KeySums, begin: number, end: number): void {
  for (let i = begin; i < end; i++) if (key[i] !== none) totalNs[key[i]] += selfNs[i];
}

/** Forgets the names that are too short, of leaves that have not moved yet. */
function* forgetShorter({ key, child }: Leaves, keys: KeySums, begin: number, end: number): Sliced<void> {
  for (let i = begin; i < end; i++) {
    if (i % leavesPerSlice === leavesPerSlice - 1) yield;
    if (child[i] === none && key[i] !== none) keys.forget(key[i]);
  }
}

/** In place of a chain: of a name that was not met, which the root never is, or has too little time. */
const noChain = 0;
const tooShort = -1;

/** What is known of each name or track while the leaves of one chain are looked at. */
class KeySums {
  readonly totalNs: Float64Array;
  /** Leaves of the root. */
  readonly leafCount: Uint32Array;
  readonly chainOf: Int32Array;
  #isClear = true;

  constructor(keys: number) {
    this.totalNs = new Float64Array(keys);
    this.leafCount = new Uint32Array(keys);
    this.chainOf = new Int32Array(keys);
  }

  /** Leaves of the root whose key is long enough, and how many keys are shorter. */
  *countLeaves(leastNs: number): Sliced<{ readonly length: number; readonly shorter: number }> {
    const { totalNs, leafCount } = this;
    let length = 0;
    let shorter = 0;
    for (let key = 0; key < totalNs.length; key++) {
      if (key % leavesPerSlice === 0) yield;
      if (leafCount[key] === 0) continue;
      if (totalNs[key] < leastNs) shorter++;
      else length += leafCount[key];
    }
    return { length, shorter };
  }

  /** Says that any key may have been met. */
  leave(): void {
    this.#isClear = false;
  }

  *clear(): Sliced<void> {
    for (let first = 0; first < this.totalNs.length && !this.#isClear; first += keysAtOnce) {
      this.totalNs.fill(0, first, first + keysAtOnce);
      this.chainOf.fill(noChain, first, first + keysAtOnce);
      yield;
    }
    this.#isClear = true;
  }

  /** A single one, where all others are clear. */
  forget(key: number): void {
    this.totalNs[key] = 0;
    this.chainOf[key] = noChain;
  }
}

const keysAtOnce = 1 << 17;

/** The leaves as nodes, in the order of which they are taken. */
interface NodeLeaves {
  readonly sums: TreeSums;
  /** Keys from here on are of tracks. */
  readonly trackKeys: number;
  /** By node, where tracks come first. */
  readonly outermost: Int32Array | null;
}

/** Adds all leaves up by their first key, and for the root; returns how many they are. */
function* sumNodes({ sums, trackKeys, outermost }: NodeLeaves, keys: KeySums, chains: Chains): Sliced<number> {
  const { tree } = sums;
  const { totalNs, leafCount } = keys;
  let length = 0;
  for (let node = 1; node < tree.length; node++) {
    if (node % leavesPerSlice === 0) yield;
    const count = sums.countOf(node);
    if (count === 0 || tree.keyOf(node) >= trackKeys) continue;
    const key = tree.keyOf(outermost === null ? node : outermost[node]);
    const selfNs = sums.selfNsOf(node);
    totalNs[key] += selfNs;
    leafCount[key]++;
    chains.addLeaf(0, count, selfNs);
    length++;
  }
  return length;
}

/** Gives the leaves of long enough keys their chains, side by side in the order in which these are met. */
function* placeNodes(
  { sums, trackKeys, outermost }: NodeLeaves,
  keys: KeySums,
  chains: Chains,
  leastNs: number,
): Sliced<{ readonly leaves: Leaves; readonly shorter: number }> {
  const { tree } = sums;
  const { length, shorter } = yield* keys.countLeaves(leastNs);
  const leaves = new Leaves(length, tree, trackKeys);
  let placed = 0;
  if (length === 0) return { leaves, shorter };
  for (let node = 1; node < tree.length; node++) {
    if (node % leavesPerSlice === 1) {
      yield;
      yield* chains.makeRoom(leavesPerSlice);
    }
    const count = sums.countOf(node);
    if (count === 0 || tree.keyOf(node) >= trackKeys) continue;
    const key = tree.keyOf(outermost === null ? node : outermost[node]);
    if (keys.totalNs[key] < leastNs) continue;
    if (keys.chainOf[key] === noChain) {
      keys.chainOf[key] = chains.addAt(key, placed);
      placed += keys.leafCount[key];
    }
    const chain = keys.chainOf[key];
    const selfNs = sums.selfNsOf(node);
    const isLongest = chains.addLeaf(chain, count, selfNs);
    const place = chains.end[chain]++;
    leaves.count[place] = count;
    leaves.selfNs[place] = selfNs;
    // Below a track the name comes next; else it is the first of the chain already.
    if (outermost === null && isLongest) chains.longest[chain] = sums.longestOf(node);
    if (!leaves.goTo(place, outermost === null ? tree.parentOf(node) : node)) chains.endsNs[chain] += selfNs;
  }
  return { leaves, shorter };
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
  readonly count: Uint32Array;
  readonly selfNs: Float64Array;
  /** The node that the next name of its chain comes from. */
  readonly outer: Int32Array;
  /** That name, so that nobody looks for the node to know it; none where the chain ends. */
  readonly key: Int32Array;
  /** The chain it is to move to; none for no further one. */
  readonly child: Int32Array;
  readonly #tree: PairTable;
  readonly #trackKeys: number;
  /** Of those that move. */
  readonly #count: Uint32Array;
  readonly #selfNs: Float64Array;
  readonly #outer: Int32Array;
  readonly #key: Int32Array;

  /** Memory that nobody touches costs nothing: few move at once. */
  constructor(length: number, tree: PairTable, trackKeys: number) {
    this.count = new Uint32Array(length);
    this.selfNs = new Float64Array(length);
    this.outer = new Int32Array(length);
    this.key = new Int32Array(length);
    this.child = new Int32Array(length);
    this.#tree = tree;
    this.#trackKeys = trackKeys;
    this.#count = new Uint32Array(length);
    this.#selfNs = new Float64Array(length);
    this.#outer = new Int32Array(length);
    this.#key = new Int32Array(length);
  }

  /** Lets the chain of one go on at a node; false: there it ends. */
  goTo(leaf: number, node: number): boolean {
    const key = this.#tree.keyOf(node);
    const goesOn = key < this.#trackKeys;
    this.outer[leaf] = node;
    this.key[leaf] = goesOn ? key : none;
    return goesOn;
  }

  /** Puts each of [begin, end) at the place that `next` has for its chain, and counts that one up. */
  *move(begin: number, end: number, next: Int32Array): Sliced<void> {
    for (let from = begin; from < end; from += leavesPerSlice) {
      const to = Math.min(end, from + leavesPerSlice);
      this.#count.set(this.count.subarray(from, to), from - begin);
      this.#selfNs.set(this.selfNs.subarray(from, to), from - begin);
      this.#outer.set(this.outer.subarray(from, to), from - begin);
      this.#key.set(this.key.subarray(from, to), from - begin);
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
        this.key[place] = this.#key[i - begin];
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

  /** One whose leaves are put from a place on. */
  addAt(key: number, place: number): number {
    const chain = this.add(key);
    this.begin[chain] = place;
    this.end[chain] = place;
    return chain;
  }

  /** Whether it has more self time than those before. */
  addLeaf(chain: number, count: number, selfNs: number): boolean {
    this.count[chain] += count;
    this.totalNs[chain] += selfNs;
    if (selfNs <= this.longestSelfNs[chain]) return false;
    this.longestSelfNs[chain] = selfNs;
    return true;
  }
}

const chainsAtFirst = 64;
