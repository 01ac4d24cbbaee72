import { spansPerSlice, type Sliced } from "../model/sliced.ts";

/** A tree whose nodes are numbers and are made when asked for. Children never have a larger total than their parent. */
export interface TreeSource {
  readonly root: number;
  /**
   * Calls `visit` with each whose total is at least so long, and returns how many are shorter; null: they are too many to
   * look for any further.
   */
  visitChildren(node: number, leastNs: number, visit: (child: number) => void): Sliced<number | null>;
  /** StringId, or strings.length + track. */
  keyOf(node: number): number;
  countOf(node: number): number;
  totalOf(node: number): number;
  selfOf(node: number): number;
  longestOf(node: number): number;
  kindOf(node: number): number;
}

export interface ChosenNodes {
  /** In preorder, siblings by total. */
  readonly nodes: number[];
  /** Index in `nodes`, -1 for the root. */
  readonly parents: number[];
  /** Children of chosen nodes that were not chosen. */
  readonly omittedNodes: number;
}

/** The root and the largest other nodes: at least `minShare` of the root each, and `maxNodes` in all. */
export function* chooseNodes(
  source: TreeSource,
  limits: { readonly minShare: number; readonly maxNodes: number },
): Sliced<ChosenNodes> {
  const leastNs = source.totalOf(source.root) * limits.minShare;
  const most = Math.max(1, limits.maxNodes);
  const waiting = createNodeHeap();
  waiting.push(source.root, source.totalOf(source.root), none);
  const chosen: number[] = [];
  const childrenOf: number[][] = [];
  let omittedNodes = 0;
  let budget = spansPerSlice;
  while (waiting.size() > 0 && chosen.length < most) {
    const { node, parent } = waiting.pop();
    const index = chosen.push(node) - 1;
    childrenOf.push([]);
    if (parent !== none) childrenOf[parent].push(index);
    const shorter = yield* source.visitChildren(node, leastNs, (child) => {
      waiting.push(child, source.totalOf(child), index);
      budget--;
    });
    omittedNodes += shorter ?? 1;
    if ((budget -= stepsPerNode) > 0) continue;
    yield;
    budget = spansPerSlice;
  }
  return { ...inPreorder(chosen, childrenOf), omittedNodes: omittedNodes + waiting.size() };
}

const none = -1;
/** Choosing a node costs about as much as looking at so many. */
const stepsPerNode = 16;

/** Nodes were taken largest first, so the children of each are in the order they are shown in. Indexes in `chosen`. */
function inPreorder(
  chosen: readonly number[],
  childrenOf: readonly (readonly number[])[],
): { nodes: number[]; parents: number[] } {
  const nodes: number[] = [];
  const parents: number[] = [];
  const stack: { index: number; parent: number }[] = [{ index: 0, parent: none }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const place = nodes.push(chosen[next.index]) - 1;
    parents.push(next.parent);
    const children = childrenOf[next.index];
    for (let i = children.length - 1; i >= 0; i--) stack.push({ index: children[i], parent: place });
  }
  return { nodes, parents };
}

interface NodeHeap {
  size(): number;
  /** `parent`: index among the chosen ones. */
  push(node: number, totalNs: number, parent: number): void;
  /** Node of the largest total; of equal ones the smallest number. */
  pop(): { readonly node: number; readonly parent: number };
}

function createNodeHeap(): NodeHeap {
  let nodes = new Int32Array(64);
  let parents = new Int32Array(64);
  let totalsNs = new Float64Array(64);
  let size = 0;
  const isBefore = (totalNs: number, node: number, at: number): boolean =>
    totalNs > totalsNs[at] || (totalNs === totalsNs[at] && node < nodes[at]);
  const put = (at: number, node: number, totalNs: number, parent: number): void => {
    nodes[at] = node;
    totalsNs[at] = totalNs;
    parents[at] = parent;
  };
  const grow = (): void => {
    const more = { nodes: new Int32Array(2 * size), parents: new Int32Array(2 * size) };
    const moreTotals = new Float64Array(2 * size);
    more.nodes.set(nodes);
    more.parents.set(parents);
    moreTotals.set(totalsNs);
    ({ nodes, parents } = more);
    totalsNs = moreTotals;
  };
  return {
    size: () => size,
    push(node, totalNs, parent) {
      if (size === nodes.length) grow();
      let at = size++;
      for (let up = (at - 1) >> 1; at > 0 && isBefore(totalNs, node, up); up = (at - 1) >> 1) {
        put(at, nodes[up], totalsNs[up], parents[up]);
        at = up;
      }
      put(at, node, totalNs, parent);
    },
    pop() {
      const top = { node: nodes[0], parent: parents[0] };
      size--;
      const node = nodes[size];
      const totalNs = totalsNs[size];
      let at = 0;
      for (let child = 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size && isBefore(totalsNs[child + 1], nodes[child + 1], child)) child++;
        if (isBefore(totalNs, node, child)) break;
        put(at, nodes[child], totalsNs[child], parents[child]);
        at = child;
      }
      put(at, node, totalNs, parents[size]);
      return top;
    },
  };
}
