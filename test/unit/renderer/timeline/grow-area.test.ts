import { describe, expect, it } from "vitest";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import type { Selection } from "../../../../renderer/state/trace-tab.ts";
import type { TimelineController } from "../../../../renderer/timeline/controller.ts";
import { runShortcut } from "../../../../renderer/timeline/commands.ts";
import { layoutStrips } from "../../../../renderer/timeline/strips.ts";
import { track } from "./tracks.ts";

interface Area {
  readonly startNs: number;
  readonly endNs: number;
  readonly rows: readonly number[];
}

/** Two tracks of two rows each; keys are pressed, and what they select is what the next key starts from. */
function openTimeline(first: Selection) {
  const tab = createTab("t", { token: "f", name: "a.json", bytes: 0 }, 0);
  const tracks = [track(0, { firstRow: 0, rowCount: 2 }), track(1, { firstRow: 2, rowCount: 2 })];
  const layout = layoutStrips(tracks, tab.layout);
  let selection = first;
  const said: string[] = [];
  const timeline = {
    get tab() {
      return { ...tab, selection };
    },
    summary: { durationNs: 1000, tracks },
    live: { target: { startNs: -100, endNs: 900 } },
    layout: { get: () => layout },
    area: { scrollTopPx: 0, pinnedTopPx: 0, sizes: { heightPx: 1000 } },
    actions: {
      selectArea(startNs: number, endNs: number, rows: readonly number[]) {
        selection = { kind: "area", startNs, endNs, rows };
      },
    },
    announce: (text: string) => void said.push(text),
  } as unknown as TimelineController;
  return {
    said,
    press(key: string, shiftKey: boolean): Area | null {
      const ran = runShortcut(timeline, { key, shiftKey, ctrlKey: false, metaKey: false, altKey: false }, false);
      expect(ran).toBe(true);
      return selection.kind === "area"
        ? { startNs: selection.startNs, endNs: selection.endNs, rows: selection.rows }
        : null;
    },
  };
}

const span = { span: 3, track: 0, row: 1, startNs: 400, durationNs: 100 };
const ofSpan = { kind: "span", span } as unknown as Selection;

describe("an area by keys", () => {
  it("starts from the selected span and grows on each side, within the trace", () => {
    const { press } = openTimeline(ofSpan);
    expect(press("ArrowRight", true)).toEqual({ startNs: 400, endNs: 550, rows: [1] });
    expect(press("ArrowLeft", true)).toEqual({ startNs: 350, endNs: 550, rows: [1] });
    expect(press("ArrowDown", true)?.rows).toEqual([1, 2]);
    expect(press("ArrowUp", true)?.rows.toSorted()).toEqual([0, 1, 2]);
    for (let i = 0; i < 20; i++) press("ArrowRight", true);
    expect(press("ArrowLeft", true)?.endNs).toBe(1000);
  });

  it("takes what is on the screen", () => {
    const { press } = openTimeline({ kind: "none" });
    expect(press("v", false)).toEqual({ startNs: 0, endNs: 900, rows: [0, 1, 2, 3] });
  });

  it("says what is missing without a selection", () => {
    const { press, said } = openTimeline({ kind: "none" });
    expect(press("ArrowRight", true)).toBeNull();
    expect(said).toEqual(["Select a span or an area first"]);
  });
});
