import { describe, expect, test } from "vitest";
import type { CallTree } from "../../../../electron/contract/engine-contract.ts";
import { childrenOf, heaviestPath, nodeName, nodePath, visibleNodes } from "../../../../renderer/dock/call-tree.ts";
import { boxAt, layoutFlame } from "../../../../renderer/dock/flame-layout.ts";
import { boxesInView, scrollToRow } from "../../../../renderer/ui/use-scroll-view.ts";

/*
 * root 100
 *   step 80
 *     forward 50
 *     backward 20
 *   io 20
 */
const tree: CallTree = {
  parent: Int32Array.of(-1, 0, 1, 1, 0),
  depth: Uint16Array.of(0, 1, 2, 2, 1),
  name: Uint32Array.of(0, 1, 2, 3, 4),
  names: ["", "step", "forward", "backward", "io"],
  slot: Uint8Array.of(0, 17, 49, 49, 177),
  kind: Uint8Array.of(0, 1, 3, 3, 11),
  count: Uint32Array.of(0, 2, 2, 2, 1),
  totalNs: Float64Array.of(100, 80, 50, 20, 20),
  selfNs: Float64Array.of(0, 10, 50, 20, 20),
  longestSpan: Int32Array.of(-1, 0, 1, 2, 3),
  omittedNodes: 0,
};
const children = childrenOf(tree);

test("a graph draws the rows on the screen alone, and scrolls to others no further than needed", () => {
  const boxes = [0, 1, 2, 3, 9999].map((level) => ({ level }));
  const levels = (topPx: number) =>
    boxesInView(boxes, 20, { widthPx: 100, heightPx: 40, topPx }).map(({ level }) => level);
  expect(levels(0)).toEqual([0, 1]);
  expect(levels(10)).toEqual([0, 1, 2]);
  expect(levels(199_970)).toEqual([9999]);
  const element = { scrollTop: 100, clientHeight: 40 };
  for (const [topPx, scrollTop] of [
    [100, 100],
    [120, 100],
    [140, 120],
    [40, 40],
  ] as const) {
    scrollToRow(element as HTMLElement, topPx, 20);
    expect(element.scrollTop).toBe(scrollTop);
  }
});

describe("call tree", () => {
  test("opens along the heaviest path", () => {
    expect(children).toEqual([[1, 4], [2, 3], [], [], []]);
    expect([...heaviestPath(tree, children)]).toEqual([1, 2]);
  });
  test("shows what lies below open nodes, in order", () => {
    expect(visibleNodes(children, new Set())).toEqual([1, 4]);
    expect(visibleNodes(children, new Set([1])).map((node) => nodeName(tree, node))).toEqual([
      "step",
      "forward",
      "backward",
      "io",
    ]);
    expect(nodePath(tree, 3)).toEqual(["step", "backward"]);
  });
});

describe("flame graph", () => {
  const at = (focus: number) =>
    layoutFlame(tree, children, focus, 1000)
      .map(({ node, leftPx, widthPx, level }) => [node, leftPx, widthPx, level])
      .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  test("gives every node its part of the width", () => {
    expect(at(0)).toEqual([
      [1, 0, 800, 0],
      [2, 0, 500, 1],
      [3, 500, 200, 1],
      [4, 800, 200, 0],
    ]);
  });
  test("zoomed in, the node takes the whole width below its ancestors", () => {
    expect(at(2)).toEqual([
      [1, 0, 1000, 0],
      [2, 0, 1000, 1],
    ]);
    expect(at(1)).toEqual([
      [1, 0, 1000, 0],
      [2, 0, 625, 1],
      [3, 625, 250, 1],
    ]);
  });
  test("finds the box under a point", () => {
    const boxes = layoutFlame(tree, children, 0, 1000);
    expect(boxAt(boxes, 650, 1)?.node).toBe(3);
    expect(boxAt(boxes, 750, 1)).toBeNull();
  });
  test("leaves out what is thinner than a hair, and children never outgrow their parent", () => {
    const narrow = layoutFlame(tree, children, 0, 2);
    expect(narrow.every((box) => box.widthPx >= 0.5)).toBe(true);
    const crowded: CallTree = { ...tree, totalNs: Float64Array.of(100, 80, 150, 50, 20) };
    const total = layoutFlame(crowded, children, 0, 1000)
      .filter((box) => box.level === 1)
      .reduce((sum, box) => sum + box.widthPx, 0);
    expect(total).toBeCloseTo(800);
  });
});
