import type { Trace } from "../model/trace.ts";
import { enlarge } from "./enlarge.ts";
import type { TreeSource } from "./choose-nodes.ts";
import type { PairTable } from "./pair-table.ts";
import type { Sliced } from "./sliced.ts";
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
  const { parents, keys } = tree;
  const { strings, tracks } = trace;
  const trackKeys = strings.length;
  const isSpanNode = (node: number): boolean => node > 0 && keys[node] < trackKeys;
  const leaves = yield* findLeaves(sums, isSpanNode);
  const outermost = byTrack ? yield* findOutermost(tree) : null;
  const chains = new Chains(leaves.length + chainsAtFirst);
  // Each leaf belongs to one chain at a time: to that of them which was asked for last. The node it has come to, and
  // the next leaf of its chain.
  const reached = leaves.slice();
  yield;
  const next = new Int32Array(leaves.length).fill(none);
  yield;
  const chainOfKey = new Int32Array(strings.length + tracks.length).fill(none);
  yield;
  let stepsLeft = mostSteps + 2 * leaves.length;

  const addTo = (key: number, leaf: number, node: number): void => {
    let chain = chainOfKey[key];
    if (chain === none) {
      chain = chains.add(key);
      chainOfKey[key] = chain;
    }
    const last = chains.lastLeaf[chain];
    if (last === none) chains.firstLeaf[chain] = leaf;
    else next[last] = leaf;
    chains.lastLeaf[chain] = leaf;
    next[leaf] = none;
    reached[leaf] = node;
    const selfNs = sums.selfNs[leaves[leaf]];
    chains.count[chain] += sums.count[leaves[leaf]];
    chains.totalNs[chain] += selfNs;
    if (!isSpanNode(parents[node])) chains.endsNs[chain] += selfNs;
    if (selfNs > chains.longestSelfNs[chain]) {
      chains.longestSelfNs[chain] = selfNs;
      chains.longest[chain] = key < trackKeys ? sums.longest[node] : none;
    }
  };

  const root = chains.add(0);
  for (let leaf = 0; leaf < leaves.length; leaf++) {
    if (leaf % leavesPerSlice === leavesPerSlice - 1) yield;
    next[leaf] = leaf + 1 < leaves.length ? leaf + 1 : none;
    chains.count[root] += sums.count[leaves[leaf]];
    chains.totalNs[root] += sums.selfNs[leaves[leaf]];
  }
  if (leaves.length > 0) chains.firstLeaf[root] = 0;
  return {
    root,
    *visitChildren(chain, visit) {
      if (stepsLeft <= 0) return false;
      const key = chains.key[chain];
      const isTrack = chain !== root && key >= strings.length;
      const firstChild = chains.length;
      let room = 0;
      for (let leaf = chains.firstLeaf[chain], following; leaf !== none; leaf = following) {
        following = next[leaf];
        if (--stepsLeft % leavesPerSlice === 0) yield;
        if (room-- === 0) {
          room = leavesPerSlice;
          // Each leaf makes one chain at most.
          yield* chains.makeRoom(Math.min(leavesPerSlice, leaves.length) + 1);
        }
        if (chain === root && outermost !== null) {
          const node = leaves[leaf];
          addTo(keys[outermost[node]], leaf, node);
        } else {
          const outer = chain === root || isTrack ? leaves[leaf] : parents[reached[leaf]];
          if (isSpanNode(outer)) addTo(keys[outer], leaf, outer);
        }
      }
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

/** Top-down nodes with spans of their own. */
function* findLeaves({ tree, count }: TreeSums, isSpanNode: (node: number) => boolean): Sliced<Int32Array> {
  const leaves = new Int32Array(tree.length);
  let length = 0;
  for (let node = 1; node < tree.length; node++) {
    if (node % leavesPerSlice === 0) yield;
    if (isSpanNode(node) && count[node] > 0) leaves[length++] = node;
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

/** Chains of names met so far, one number each. */
class Chains {
  length = 0;
  key: Uint32Array;
  firstLeaf: Int32Array;
  lastLeaf: Int32Array;
  count: Float64Array;
  totalNs: Float64Array;
  /** Part whose chain ends here. */
  endsNs: Float64Array;
  longest: Int32Array;
  longestSelfNs: Float64Array;

  /** `room`: chains for which there is room; memory that nobody touches costs nothing. */
  constructor(room: number) {
    this.key = new Uint32Array(room);
    this.firstLeaf = new Int32Array(room);
    this.lastLeaf = new Int32Array(room);
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
    this.firstLeaf = yield* enlarge(this.firstLeaf, new Int32Array(size));
    yield;
    this.lastLeaf = yield* enlarge(this.lastLeaf, new Int32Array(size));
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
    this.firstLeaf[chain] = none;
    this.lastLeaf[chain] = none;
    this.longest[chain] = none;
    this.longestSelfNs[chain] = none;
    return chain;
  }
}

const chainsAtFirst = 64;
