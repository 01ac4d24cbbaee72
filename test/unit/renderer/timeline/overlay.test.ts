import { expect, test } from "vitest";
import { isOverlayEmpty, type OverlayScene } from "../../../../renderer/timeline/overlay.ts";

const idle = {
  selection: { kind: "none" },
  hovered: null,
  hoveredName: null,
  pointerX: null,
  drag: null,
  measure: null,
  arrows: [],
} as unknown as OverlayScene;

test("an overlay is empty only without pointer, selection, drag, measuring bar and arrows", () => {
  expect(isOverlayEmpty(idle)).toBe(true);
  const changes: readonly Partial<OverlayScene>[] = [
    { selection: { kind: "range", startNs: 0, endNs: 1 } },
    { hovered: { span: 0, track: 0, row: 0, startNs: 0, durationNs: 1 } },
    { hoveredName: "step" },
    { pointerX: 0 },
    { drag: { startNs: 0, endNs: 1, topPx: 0, bottomPx: 1 } },
    { measure: { fromNs: 0, toNs: 1 } },
    { arrows: [{} as OverlayScene["arrows"][number]] },
  ];
  for (const change of changes) expect(isOverlayEmpty({ ...idle, ...change }), Object.keys(change)[0]).toBe(false);
});
