import type { TraceSummary } from "../../electron/contract/engine-contract.ts";
import { kindOfSlot } from "../../traces/model/color-slot.ts";
import { SpanKind } from "../../traces/model/span-kind.ts";
import type { Hover, TraceTab } from "../state/trace-tab.ts";
import type { Coloring } from "../theme/coloring.ts";
import type { Palette } from "../theme/palette.ts";

/** What the timeline is drawn from, as the store and the theme say it. */
export interface TimelineInputs {
  readonly tab: TraceTab;
  readonly summary: TraceSummary;
  readonly palette: Palette;
  readonly coloring: Coloring;
  readonly hovered: Hover | null;
}

/** Whether the kind of a slot is muted. */
export function mutedTest(tab: TraceTab): (slot: number) => boolean {
  const muted = new Set<number>(tab.mutedKinds.map((kind) => SpanKind[kind]));
  return (slot) => muted.has(kindOfSlot(slot));
}

/** Whether the trace has grown, as it does while it is read or recorded, and nothing else of what is drawn has changed. */
export function hasOnlyGrown(now: TimelineInputs, before: TimelineInputs): boolean {
  const { tab, summary, palette, coloring, hovered } = now;
  return (
    tab.load.kind === "loading" &&
    summary !== before.summary &&
    palette === before.palette &&
    coloring === before.coloring &&
    hovered === before.hovered &&
    (
      [
        "layout",
        "mutedKinds",
        "selection",
        "measure",
        "bookmarks",
        "currentBookmark",
        "search",
        "scrollTopPx",
        "revealCount",
      ] as const
    ).every((part) => tab[part] === before.tab[part])
  );
}
