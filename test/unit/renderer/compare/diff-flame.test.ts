import { describe, expect, test } from "vitest";
import { boxAt, layoutDiff } from "../../../../renderer/views/compare/diff-layout.ts";
import {
  afterOf,
  beforeOf,
  childrenOf,
  lookOf,
  nameOf,
  nodeOfRow,
  nodeWords,
  rootNode,
  stepInTree,
  weightOf,
} from "../../../../renderer/views/compare/diff-tree.ts";
import { changeColor } from "../../../../renderer/views/compare/draw-diff.ts";
import { contrastRatio } from "../../../../renderer/theme/color.ts";
import { labelOn } from "../../../../renderer/theme/palette.ts";
import { runSliced } from "../../../../traces/model/sliced.ts";
import { compareWork } from "../../../fixtures/compared-traces.ts";
import { readThemePalette } from "../../../fixtures/theme-palette.ts";

const { comparison } = compareWork({ load: 30e6, train: 70e6, log: 4e6 }, { load: 10e6, train: 70e6, save: 4e6 });
const tree = runSliced(comparison.tree(1000, "total", "step"));
const byName = childrenOf(tree, "name");
const find = (name: string): number => {
  const node = [...tree.parent.keys()].find((each) => nameOf(tree, each) === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return node;
};

describe("slots", () => {
  const boxes = layoutDiff(tree, byName, rootNode, 1000);
  test("siblings lie side by side inside their parent, and no side is wider than its slot", () => {
    for (const box of boxes) {
      if (box.node === null) continue;
      expect(Math.max(beforeOf(tree, box.node), afterOf(tree, box.node))).toBeLessThanOrEqual(
        weightOf(tree, box.node) * (1 + 1e-9),
      );
      const parent = boxes.find((other) => other.node === tree.parent[box.node ?? 0]);
      if (parent === undefined) continue;
      expect(box.leftPx).toBeGreaterThanOrEqual(parent.leftPx - 1e-6);
      expect(box.leftPx + box.widthPx).toBeLessThanOrEqual(parent.leftPx + parent.widthPx + 1e-6);
      expect(box.level).toBe(parent.level + 1);
    }
    const total = boxes.filter((box) => box.level === 0).reduce((sum, box) => sum + box.widthPx, 0);
    expect(total).toBeCloseTo(1000, 6);
  });
  test("a zoomed node takes the whole width, its ancestors above it", () => {
    const load = find("load");
    const zoomed = layoutDiff(tree, byName, load, 1000);
    expect(zoomed.at(-1)).toMatchObject({ node: load, leftPx: 0, widthPx: 1000 });
    expect(zoomed[0]?.level).toBe(0);
  });
  test("slots too narrow to see are one, with their number and sum", () => {
    const step = tree.parent[find("load")] ?? 0;
    const narrow = layoutDiff(tree, byName, rootNode, 8).filter((box) => box.node === null);
    const tiny = layoutDiff(tree, byName, step, 4);
    const merged = [...narrow, ...tiny.filter((box) => box.node === null)];
    expect(merged.length).toBeGreaterThan(0);
    for (const box of merged) {
      expect(box.nodeCount).toBeGreaterThanOrEqual(1);
      expect(box.widthPx).toBeGreaterThanOrEqual(0.5);
    }
  });
  test("the pointer finds the slot of its level", () => {
    const train = boxes.find((box) => box.node === find("train"));
    if (train === undefined) throw new Error("not drawn");
    expect(boxAt(boxes, train.leftPx + 1, train.level)?.node).toBe(train.node);
    expect(boxAt(boxes, train.leftPx + 1, 99)).toBeNull();
  });
});

describe("looks", () => {
  test("only decided changes have a tone; new and gone work has a pattern", () => {
    expect(lookOf(tree, find("load"))).toEqual({ tone: "faster", presence: "both" });
    expect(lookOf(tree, find("train"))).toEqual({ tone: "even", presence: "both" });
    expect(lookOf(tree, find("log"))).toEqual({ tone: "faster", presence: "removed" });
    expect(lookOf(tree, find("save"))).toEqual({ tone: "slower", presence: "added" });
  });
  test.each(["light", "dark"] as const)("labels can be read on every change of the %s theme", (theme) => {
    const palette = readThemePalette(theme);
    for (const tone of ["slower", "faster", "even"] as const)
      for (const relative of [0, 0.02, 0.1, 0.3, 1]) {
        const fill = changeColor(palette, { tone, presence: "both" }, relative);
        expect(contrastRatio(fill, labelOn(fill)), `${tone} ${relative}`).toBeGreaterThanOrEqual(4.5);
      }
  });
  test("a larger change is farther from the panel", () => {
    const palette = readThemePalette("light");
    const contrast = (relative: number): number =>
      contrastRatio(changeColor(palette, { tone: "slower", presence: "both" }, relative), palette.rgb.surfacePanel);
    expect(contrast(0.4)).toBeGreaterThan(contrast(0.1));
  });
});

describe("walking and words", () => {
  test("arrows lead to children, siblings and back", () => {
    const load = find("load");
    const step = tree.parent[load] ?? 0;
    expect(stepInTree("ArrowUp", tree, byName, load)).toBe(step);
    expect(stepInTree("ArrowDown", tree, byName, step)).toBe(byName[step]?.[0]);
    const right = stepInTree("ArrowRight", tree, byName, load);
    expect(stepInTree("ArrowLeft", tree, byName, right ?? 0)).toBe(load);
    expect(stepInTree("x", tree, byName, load)).toBeUndefined();
  });
  test("by change puts the largest first", () => {
    const step = tree.parent[find("load")] ?? 0;
    expect(nameOf(tree, childrenOf(tree, "change")[step]?.[0] ?? 0)).toBe("load");
  });
  test("a node says both sides, the change, and whether it is decided", () => {
    expect(nodeWords(tree, find("load"))).toMatch(
      /^30\.\d\u2009ms → (10\.\d|9\.\d\d)\u2009ms per step, \u2212.*improved, q /,
    );
    expect(nodeWords(tree, find("save"))).toContain("(new), only after");
    expect(nodeOfRow(tree, tree.row[find("train")] ?? -1)).toBe(find("train"));
    expect(nodeOfRow(tree, null)).toBeNull();
  });
});
