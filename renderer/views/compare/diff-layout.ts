import type { DiffTree } from "../../../traces/compare/comparison.ts";
import { deltaOf, rootNode, weightOf } from "./diff-tree.ts";

/** One slot; the three panels share it. px from the left of a panel. */
export interface DiffBox {
  /** Null: siblings too narrow to draw, taken together. */
  readonly node: number | null;
  readonly leftPx: number;
  readonly widthPx: number;
  readonly level: number;
  /** How many nodes it stands for, and their change. */
  readonly nodeCount: number;
  readonly deltaNs: number;
}

/** Narrower slots are merged with their neighbors. */
const minWidthPx = 0.5;

/** Slots below `focus`, which takes the whole width; its ancestors lie above it. Outermost first. */
export function layoutDiff(
  tree: DiffTree,
  children: readonly (readonly number[])[],
  focus: number,
  widthPx: number,
): readonly DiffBox[] {
  const boxes: DiffBox[] = [];
  const own = (node: number, leftPx: number, boxPx: number, level: number): void =>
    void boxes.push({ node, leftPx, widthPx: boxPx, level, nodeCount: 1, deltaNs: deltaOf(tree, node) });
  const ancestors: number[] = [];
  for (let node = focus; node > rootNode; node = tree.parent[node] ?? rootNode) ancestors.unshift(node);
  for (const [level, node] of ancestors.entries()) own(node, 0, widthPx, level);

  const wholeNs = focus === rootNode ? sumOf(tree, children[rootNode] ?? []) : weightOf(tree, focus);
  if (wholeNs <= 0 || widthPx <= 0) return boxes;
  const waiting = [{ node: focus, leftPx: 0, level: ancestors.length }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    let leftPx = at.leftPx;
    let merged: DiffBox | null = null;
    const flush = (): void => {
      if (merged !== null && merged.widthPx >= minWidthPx) boxes.push(merged);
      merged = null;
    };
    for (const node of children[at.node] ?? []) {
      const boxPx = (weightOf(tree, node) / wholeNs) * widthPx;
      if (boxPx >= minWidthPx) {
        flush();
        own(node, leftPx, boxPx, at.level);
        waiting.push({ node, leftPx, level: at.level + 1 });
      } else merged = mergeInto(merged, leftPx, boxPx, at.level, deltaOf(tree, node));
      leftPx += boxPx;
    }
    flush();
  }
  return boxes;
}

export function boxAt(boxes: readonly DiffBox[], xPx: number, level: number): DiffBox | null {
  return boxes.find((box) => box.level === level && xPx >= box.leftPx && xPx < box.leftPx + box.widthPx) ?? null;
}

function mergeInto(merged: DiffBox | null, leftPx: number, boxPx: number, level: number, deltaNs: number): DiffBox {
  return merged === null
    ? { node: null, leftPx, widthPx: boxPx, level, nodeCount: 1, deltaNs }
    : {
        ...merged,
        widthPx: merged.widthPx + boxPx,
        nodeCount: merged.nodeCount + 1,
        deltaNs: merged.deltaNs + deltaNs,
      };
}

function sumOf(tree: DiffTree, nodes: readonly number[]): number {
  return nodes.reduce((sum, node) => sum + weightOf(tree, node), 0);
}
