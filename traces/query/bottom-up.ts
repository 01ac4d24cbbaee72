import type { Trace } from "../model/trace.ts";
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
  const { strings, tracks, spans } = trace;
  const isSpanNode = (node: number): boolean => node > 0 && tree.keyOf(node) < strings.length;
  const leaves = yield* findLeaves(sums, isSpanNode);
  const outermost = byTrack ? yield* findOutermost(tree) : null;
  const chains = createChains();
  // Each leaf belongs to one chain at a time: to that of them which was asked for last. The node it has come to, and
  // the next leaf of its chain.
  const reached = leaves.slice();
  const next = new Int32Array(leaves.length).fill(none);
  const chainOfKey = new Int32Array(strings.length + tracks.length).fill(none);
  let stepsLeft = mostSteps + 2 * leaves.length;

  const addTo = (key: number, leaf: number, node: number, children: number[]): void => {
    let chain = chainOfKey[key];
    if (chain === none) {
      chain = chains.add(key);
      chainOfKey[key] = chain;
      children.push(chain);
    }
    const last = chains.lastLeaf.at(chain);
    if (last === none) chains.firstLeaf.set(chain, leaf);
    else next[last] = leaf;
    chains.lastLeaf.set(chain, leaf);
    next[leaf] = none;
    reached[leaf] = node;
    const selfNs = sums.selfNs[leaves[leaf]];
    chains.count.add(chain, sums.count[leaves[leaf]]);
    chains.totalNs.add(chain, selfNs);
    if (!isSpanNode(tree.parentOf(node))) chains.endsNs.add(chain, selfNs);
    if (selfNs > chains.longestSelfNs.at(chain)) {
      chains.longestSelfNs.set(chain, selfNs);
      chains.longest.set(chain, key < strings.length ? sums.longest[node] : none);
    }
  };

  const root = chains.add(0);
  for (let leaf = 0; leaf < leaves.length; leaf++) {
    if (leaf % leavesPerSlice === leavesPerSlice - 1) yield;
    next[leaf] = leaf + 1 < leaves.length ? leaf + 1 : none;
    chains.count.add(root, sums.count[leaves[leaf]]);
    chains.totalNs.add(root, sums.selfNs[leaves[leaf]]);
  }
  if (leaves.length > 0) chains.firstLeaf.set(root, 0);
  return {
    root,
    *childrenOf(chain) {
      if (stepsLeft <= 0) return null;
      const key = chains.key.at(chain);
      const isTrack = chain !== root && key >= strings.length;
      const children: number[] = [];
      for (let leaf = chains.firstLeaf.at(chain), following; leaf !== none; leaf = following) {
        following = next[leaf];
        if (--stepsLeft % leavesPerSlice === 0) yield;
        if (chain === root && outermost !== null) {
          const node = leaves[leaf];
          addTo(tree.keyOf(outermost[node]), leaf, node, children);
        } else {
          const outer = chain === root || isTrack ? leaves[leaf] : tree.parentOf(reached[leaf]);
          if (isSpanNode(outer)) addTo(tree.keyOf(outer), leaf, outer, children);
        }
      }
      for (const child of children) chainOfKey[chains.key.at(child)] = none;
      return children;
    },
    keyOf: (chain) => chains.key.at(chain),
    countOf: (chain) => chains.count.at(chain),
    totalOf: (chain) => chains.totalNs.at(chain),
    selfOf: (chain) => (chain === root || chains.key.at(chain) >= strings.length ? 0 : chains.endsNs.at(chain)),
    longestOf: (chain) => chains.longest.at(chain),
    kindOf: (chain) => (chains.longest.at(chain) < 0 ? 0 : spans.kind[chains.longest.at(chain)]),
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

/** One number a chain, for as many chains as there will be. */
interface ChainColumn {
  at(chain: number): number;
  set(chain: number, value: number): void;
  add(chain: number, value: number): void;
  push(value: number): void;
}

function createColumn(): ChainColumn {
  let values = new Float64Array(64);
  let length = 0;
  return {
    at: (chain) => values[chain],
    set(chain, value) {
      values[chain] = value;
    },
    add(chain, value) {
      values[chain] += value;
    },
    push(value) {
      if (length === values.length) {
        const more = new Float64Array(2 * length);
        more.set(values);
        values = more;
      }
      values[length++] = value;
    },
  };
}

function createChains() {
  const chains = {
    key: createColumn(),
    firstLeaf: createColumn(),
    lastLeaf: createColumn(),
    count: createColumn(),
    totalNs: createColumn(),
    /** Part whose chain ends here. */
    endsNs: createColumn(),
    longest: createColumn(),
    longestSelfNs: createColumn(),
  };
  let length = 0;
  return {
    ...chains,
    add(key: number): number {
      chains.key.push(key);
      chains.firstLeaf.push(none);
      chains.lastLeaf.push(none);
      chains.count.push(0);
      chains.totalNs.push(0);
      chains.endsNs.push(0);
      chains.longest.push(none);
      chains.longestSelfNs.push(none);
      return length++;
    },
  };
}
