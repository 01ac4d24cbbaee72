import type { CallTree } from "../../electron/contract/engine-contract.ts";
import { nodeTotal, rootNode } from "./call-tree.ts";

/** One box of the flame graph; px from the upper left corner of the graph. */
export interface FlameBox {
  readonly node: number;
  readonly leftPx: number;
  readonly widthPx: number;
  readonly level: number;
}

/** Narrower boxes are left out with what lies above them. */
const minWidthPx = 0.5;

/** Boxes below `focus`, which takes the whole width; its ancestors lie above it at full width. Outermost first. */
export function layoutFlame(
  tree: CallTree,
  children: readonly (readonly number[])[],
  focus: number,
  widthPx: number,
): readonly FlameBox[] {
  const boxes: FlameBox[] = [];
  const ancestors: number[] = [];
  for (let node = focus; node > rootNode; node = tree.parent[node] ?? rootNode) ancestors.unshift(node);
  for (const [level, node] of ancestors.entries()) boxes.push({ node, leftPx: 0, widthPx, level });

  const wholeNs = focus === rootNode ? childrenTotal(tree, children, rootNode) : nodeTotal(tree, focus);
  if (wholeNs <= 0) return boxes;
  const waiting = [{ node: focus, leftPx: 0, level: ancestors.length }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    let leftPx = at.leftPx;
    // Concurrent children of other threads can add up to more than their parent; then they share its width.
    const squeeze =
      at.node === rootNode
        ? 1
        : Math.min(1, nodeTotal(tree, at.node) / Math.max(1, childrenTotal(tree, children, at.node)));
    for (const node of children[at.node] ?? []) {
      const boxPx = (nodeTotal(tree, node) / wholeNs) * widthPx * squeeze;
      if (boxPx >= minWidthPx) {
        boxes.push({ node, leftPx, widthPx: boxPx, level: at.level });
        waiting.push({ node, leftPx, level: at.level + 1 });
      }
      leftPx += boxPx;
    }
  }
  return boxes;
}

export function boxAt(boxes: readonly FlameBox[], xPx: number, level: number): FlameBox | null {
  return boxes.find((box) => box.level === level && xPx >= box.leftPx && xPx < box.leftPx + box.widthPx) ?? null;
}

function childrenTotal(tree: CallTree, children: readonly (readonly number[])[], node: number): number {
  return (children[node] ?? []).reduce((sum, child) => sum + nodeTotal(tree, child), 0);
}
