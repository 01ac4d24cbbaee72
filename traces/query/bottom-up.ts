import type { Trace } from "../model/trace.ts";
import type { TreeSource } from "./choose-nodes.ts";
import type { Sliced } from "./sliced.ts";
import type { TreeSums } from "./tree-sums.ts";

/** A chain of names from the innermost span outwards, and the top-down nodes it stands for. */
interface Chain {
  readonly key: number;
  /** Where the chain begins: the innermost nodes. */
  readonly leaves: number[];
  /** Where it has come to, for each leaf: a node of the same name. */
  readonly reached: number[];
  count: number;
  totalNs: number;
  /** Part whose chain ends here. */
  endsNs: number;
  longest: number;
  longestSelfNs: number;
}

const leavesPerSlice = 1 << 14;

/**
 * The top-down tree seen from its leaves. Chains are built when they are asked for: a tree of deep recursion has
 * quadratically many.
 */
export function* createBottomUp(trace: Trace, sums: TreeSums, byTrack: boolean): Sliced<TreeSource> {
  const { tree } = sums;
  const { strings, spans } = trace;
  const isSpanNode = (node: number): boolean => node > 0 && tree.keyOf(node) < strings.length;
  const chains: Chain[] = [];

  const addTo = (groups: Map<number, number>, children: number[], key: number, leaf: number, reached: number): void => {
    let child = groups.get(key);
    if (child === undefined) {
      child =
        chains.push({ key, leaves: [], reached: [], count: 0, totalNs: 0, endsNs: 0, longest: -1, longestSelfNs: -1 }) -
        1;
      groups.set(key, child);
      children.push(child);
    }
    const chain = chains[child];
    chain.leaves.push(leaf);
    chain.reached.push(reached);
    chain.count += sums.count[leaf];
    chain.totalNs += sums.selfNs[leaf];
    if (!isSpanNode(tree.parentOf(reached))) chain.endsNs += sums.selfNs[leaf];
    if (sums.selfNs[leaf] > chain.longestSelfNs) {
      chain.longestSelfNs = sums.selfNs[leaf];
      chain.longest = key < strings.length ? sums.longest[reached] : -1;
    }
  };
  const trackNode = (node: number): number => {
    let outermost = node;
    while (tree.parentOf(outermost) !== 0) outermost = tree.parentOf(outermost);
    return outermost;
  };

  const root = yield* createRoot(sums, isSpanNode);
  chains.push(root);
  return {
    root: 0,
    *childrenOf(index) {
      const { key, leaves, reached } = chains[index];
      const groups = new Map<number, number>();
      const children: number[] = [];
      const isTrack = index > 0 && key >= strings.length;
      for (let i = 0; i < leaves.length; i++) {
        if (i % leavesPerSlice === leavesPerSlice - 1) yield;
        if (index === 0 && byTrack) {
          const track = trackNode(leaves[i]);
          addTo(groups, children, tree.keyOf(track), leaves[i], leaves[i]);
        } else {
          const outer = index === 0 || isTrack ? leaves[i] : tree.parentOf(reached[i]);
          if (isSpanNode(outer)) addTo(groups, children, tree.keyOf(outer), leaves[i], outer);
        }
      }
      // Asked once a chain; what it stood for is in its children now.
      leaves.length = 0;
      reached.length = 0;
      return children;
    },
    keyOf: (index) => chains[index].key,
    countOf: (index) => chains[index].count,
    totalOf: (index) => chains[index].totalNs,
    selfOf: (index) => (index === 0 || chains[index].key >= strings.length ? 0 : chains[index].endsNs),
    longestOf: (index) => chains[index].longest,
    kindOf: (index) => (chains[index].longest < 0 ? 0 : spans.kind[chains[index].longest]),
  };
}

function* createRoot(sums: TreeSums, isSpanNode: (node: number) => boolean): Sliced<Chain> {
  const root: Chain = {
    key: 0,
    leaves: [],
    reached: [],
    count: 0,
    totalNs: 0,
    endsNs: 0,
    longest: -1,
    longestSelfNs: -1,
  };
  for (let node = 1; node < sums.tree.length; node++) {
    if (node % leavesPerSlice === 0) yield;
    if (!isSpanNode(node) || sums.count[node] === 0) continue;
    root.leaves.push(node);
    root.reached.push(node);
    root.count += sums.count[node];
    root.totalNs += sums.selfNs[node];
  }
  return root;
}
