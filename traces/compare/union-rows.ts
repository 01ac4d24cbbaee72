import type { Matching } from "./match-trees.ts";
import type { SideTree } from "./side-tree.ts";

/** A name by path that at least one side has. */
export interface UnionNode {
  /** Node of each tree, -1 for none. */
  readonly before: number;
  readonly after: number;
  /** Union node; -1 for the root. */
  readonly parent: number;
  /** Position among the rows; -1 for the root and track roles. */
  readonly row: number;
}

/** Both trees as one: matched nodes once. Parents precede children; node 0 is the root. */
export function uniteTrees(before: SideTree, after: SideTree, matching: Matching): readonly UnionNode[] {
  const union: UnionNode[] = [];
  const ofBefore = new Int32Array(before.length);
  const ofAfter = new Int32Array(after.length).fill(-1);
  let rows = 0;
  const rowFor = (parent: number): number => (parent <= 0 ? -1 : rows++);
  for (let node = 0; node < before.length; node++) {
    const parent = node === 0 ? -1 : ofBefore[before.parent[node]];
    const partner = matching.afterOf[node];
    ofBefore[node] = union.push({ before: node, after: partner, parent, row: rowFor(parent) }) - 1;
    if (partner >= 0) ofAfter[partner] = ofBefore[node];
  }
  for (let node = 0; node < after.length; node++) {
    if (ofAfter[node] >= 0) continue;
    const parent = ofAfter[after.parent[node]];
    ofAfter[node] = union.push({ before: -1, after: node, parent, row: rowFor(parent) }) - 1;
  }
  return union;
}

/** Union nodes that are rows, by row. */
export function rowNodes(union: readonly UnionNode[]): readonly number[] {
  const nodes: number[] = [];
  union.forEach((node, index) => {
    if (node.row >= 0) nodes[node.row] = index;
  });
  return nodes;
}

/** Names from the track's role inwards. */
export function pathOf(union: readonly UnionNode[], index: number, before: SideTree, after: SideTree): string[] {
  const path: string[] = [];
  for (let at = index; at > 0; at = union[at].parent) path.push(nameOfNode(union[at], before, after));
  return path.toReversed();
}

/** Raw name where it is unambiguous, of the side that has it. */
export function nameOfNode(node: UnionNode, before: SideTree, after: SideTree): string {
  return node.before >= 0 ? before.rawName[node.before] : after.rawName[node.after];
}
