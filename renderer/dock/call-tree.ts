import type { CallTree } from "../../electron/contract/engine-contract.ts";
import { type SpanKindName, spanKindNames } from "../../traces/model/span-kind.ts";

export const rootNode = 0;

/** Children of each node, largest first. */
export function childrenOf(tree: CallTree): readonly (readonly number[])[] {
  const children: number[][] = Array.from(tree.parent, () => []);
  for (let node = 1; node < tree.parent.length; node++) children[tree.parent[node] ?? rootNode]?.push(node);
  return children;
}

/** Nodes in the order of a table: a node, then, when it is open, what lies below it. */
export function visibleNodes(
  children: readonly (readonly number[])[],
  expanded: ReadonlySet<number>,
): readonly number[] {
  const out: number[] = [];
  const waiting = (children[rootNode] ?? []).toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    out.push(node);
    if (expanded.has(node)) for (const child of (children[node] ?? []).toReversed()) waiting.push(child);
  }
  return out;
}

/** What is open at first: the heaviest path, as long as one child carries most of its parent. */
export function heaviestPath(tree: CallTree, children: readonly (readonly number[])[]): ReadonlySet<number> {
  const out = new Set<number>();
  let node = rootNode;
  for (;;) {
    const child = children[node]?.[0];
    if (child === undefined || nodeTotal(tree, child) < 0.5 * nodeTotal(tree, node)) return out;
    out.add(child);
    node = child;
  }
}

export const nodeName = (tree: CallTree, node: number): string => tree.names[tree.name[node] ?? 0] ?? "";
export const nodeTotal = (tree: CallTree, node: number): number => tree.totalNs[node] ?? 0;
export const nodeSelf = (tree: CallTree, node: number): number => tree.selfNs[node] ?? 0;
export const nodeCount = (tree: CallTree, node: number): number => tree.count[node] ?? 0;
export const nodeKind = (tree: CallTree, node: number): SpanKindName => spanKindNames[tree.kind[node] ?? 0] ?? "other";

/** Names from the outermost to the node itself. */
export function nodePath(tree: CallTree, node: number): readonly string[] {
  const out: string[] = [];
  for (let at = node; at > rootNode; at = tree.parent[at] ?? rootNode) out.unshift(nodeName(tree, at));
  return out;
}
