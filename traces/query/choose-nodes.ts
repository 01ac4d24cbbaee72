import { spansPerSlice, type Sliced } from "./sliced.ts";

/** A tree whose nodes are numbers and are made when asked for. Children never have a larger total than their parent. */
export interface TreeSource {
  readonly root: number;
  /** Null: they are too many to look for any further. */
  childrenOf(node: number): Sliced<readonly number[] | null>;
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
  const childrenOfChosen = new Map<number, number[]>();
  const waiting = createNodeHeap(source);
  waiting.push(source.root);
  let chosen = 0;
  let omittedNodes = 0;
  let budget = spansPerSlice;
  while (waiting.size() > 0 && chosen < Math.max(1, limits.maxNodes)) {
    const node = waiting.pop();
    chosen++;
    childrenOfChosen.set(node, []);
    const children = yield* source.childrenOf(node);
    if (children === null) omittedNodes++;
    for (const child of children ?? []) {
      if (source.totalOf(child) >= leastNs) waiting.push(child, node);
      else omittedNodes++;
    }
    const parent = waiting.parentOf(node);
    if (parent !== undefined) childrenOfChosen.get(parent)?.push(node);
    budget -= 16 + (children?.length ?? 0);
    if (budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
  return { ...inPreorder(source.root, childrenOfChosen), omittedNodes: omittedNodes + waiting.size() };
}

/** Nodes were taken largest first, so the children of each are in the order they are shown in. */
function inPreorder(
  root: number,
  childrenOf: ReadonlyMap<number, readonly number[]>,
): { nodes: number[]; parents: number[] } {
  const nodes: number[] = [];
  const parents: number[] = [];
  const stack: { node: number; parent: number }[] = [{ node: root, parent: -1 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const index = nodes.push(next.node) - 1;
    parents.push(next.parent);
    const children = childrenOf.get(next.node) ?? [];
    for (let i = children.length - 1; i >= 0; i--) stack.push({ node: children[i], parent: index });
  }
  return { nodes, parents };
}

interface NodeHeap {
  size(): number;
  push(node: number, parent?: number): void;
  /** Node of the largest total; of equal ones the smallest number. */
  pop(): number;
  parentOf(node: number): number | undefined;
}

function createNodeHeap(source: TreeSource): NodeHeap {
  const heap: number[] = [];
  const parents = new Map<number, number>();
  const isBefore = (a: number, b: number): boolean => {
    const difference = source.totalOf(a) - source.totalOf(b);
    return difference > 0 || (difference === 0 && a < b);
  };
  return {
    size: () => heap.length,
    parentOf: (node) => parents.get(node),
    push(node, parent) {
      if (parent !== undefined) parents.set(node, parent);
      let at = heap.push(node) - 1;
      for (let up = (at - 1) >> 1; at > 0 && isBefore(node, heap[up]); up = (at - 1) >> 1) {
        heap[at] = heap[up];
        at = up;
      }
      heap[at] = node;
    },
    pop() {
      const top = heap[0];
      const moved = heap[heap.length - 1];
      heap.length--;
      if (heap.length === 0) return top;
      let at = 0;
      for (let child = 1; child < heap.length; child = 2 * at + 1) {
        if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
        if (!isBefore(heap[child], moved)) break;
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = moved;
      return top;
    },
  };
}
