import { type KeyboardEvent, useState, useSyncExternalStore } from "react";
import { formatCount } from "../../traces/model/format-units.ts";
import type { TimelineActions, TraceTab } from "../state/trace-tab.ts";
import type { TimelineController } from "./controller.ts";
import { Signal } from "./signal.ts";
import type { Block, StripLayout } from "./strips.ts";
import { TrackMenu } from "./TrackMenu.tsx";
import { moveBy } from "./track-moves.ts";
import { TrackRow } from "./TrackRow.tsx";
import styles from "./TrackTree.module.css";

const noLayout = new Signal<StripLayout | null>(null);
const noRange = new Signal({ first: 0, last: 0 });

export interface TrackTreeProps {
  /** Null until the canvases are there. */
  readonly timeline: TimelineController | null;
  readonly tab: TraceTab;
  readonly actions: TimelineActions;
}

/** Names of the tracks, level with their rows. Moved by the timeline every frame; renders only what is near the screen. */
export function TrackTree({ timeline, tab, actions }: TrackTreeProps) {
  const layoutSignal: Pick<Signal<StripLayout | null>, "subscribe" | "get"> = timeline?.layout ?? noLayout;
  const rangeSignal = timeline?.tree.range ?? noRange;
  const layout = useSyncExternalStore(layoutSignal.subscribe, layoutSignal.get);
  const range = useSyncExternalStore(rangeSignal.subscribe, rangeSignal.get);
  const [active, setActive] = useState<number | null>(null);
  const [menu, setMenu] = useState<{ readonly track: number; readonly x: number; readonly y: number } | null>(null);
  const blocks = layout?.blocks ?? [];
  const pinned = blocks.slice(0, layout?.pinnedCount ?? 0);
  const shown = blocks.slice(range.first, range.last);

  const row = (block: Block) => (
    <TrackRow
      key={`${block.pinned ? "pinned" : "track"} ${block.track.id}`}
      block={block}
      id={rowId(tab.key, block.track.id)}
      active={block.track.id === active}
      isPinned={tab.layout.pinned.includes(block.track.id)}
      actions={actions}
      blocks={blocks}
      onActivate={() => setActive(block.track.id)}
      onMenu={(x, y) => setMenu({ track: block.track.id, x, y })}
    />
  );
  const activeBlock = blocks.find((block) => block.track.id === active);
  return (
    <div
      className={styles["tree"]}
      role="tree"
      tabIndex={0}
      aria-label={`${formatCount(blocks.length)} tracks`}
      aria-activedescendant={activeBlock === undefined ? undefined : rowId(tab.key, activeBlock.track.id)}
      onKeyDown={(event) => {
        if (timeline !== null && handleKey(event, timeline, blocks, activeBlock, actions, setActive)) event.preventDefault();
      }}
      onWheel={(event) => {
        if (!event.ctrlKey) timeline?.scrollBy(event.deltaY);
      }}
    >
      <div data-part="pinned-tree" className={styles["pinned"]} role="group" aria-label="Pinned tracks">
        {pinned.map(row)}
      </div>
      <div className={styles["window"]} role="presentation">
        <div data-part="scrolled-tree" className={styles["scrolled"]} role="group" aria-label="Tracks">
          {shown.map(row)}
        </div>
      </div>
      {menu === null || layout === null ? null : <TrackMenu at={menu} layout={tab.layout} strips={layout} actions={actions} onClose={() => setMenu(null)} />}
    </div>
  );
}

/** Id of the element of a track, for `aria-activedescendant`. */
export const rowId = (tab: string, track: number): string => `track ${tab} ${track}`.replaceAll(" ", "-");

function handleKey(event: KeyboardEvent, timeline: TimelineController, blocks: readonly Block[], active: Block | undefined, actions: TimelineActions, setActive: (track: number) => void): boolean {
  const go = (block: Block | undefined): boolean => {
    if (block === undefined) return true;
    setActive(block.track.id);
    timeline.revealBlock(block);
    return true;
  };
  const index = active === undefined ? -1 : blocks.indexOf(active);
  if (event.altKey && active !== undefined && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    moveBy(blocks, active, event.key === "ArrowUp" ? -1 : 1, actions);
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (event.key) {
    case "ArrowDown":
      return go(blocks[index + 1]);
    case "ArrowUp":
      return go(blocks[Math.max(0, index - 1)]);
    case "Home":
      return go(blocks[0]);
    case "End":
      return go(blocks.at(-1));
    case "ArrowRight":
    case "ArrowLeft": {
      if (active === undefined) return false;
      const fold = event.key === "ArrowLeft";
      if (active.collapsible && active.collapsed !== fold) actions.toggleCollapsed(active.track.id);
      else if (fold) return go(blocks.find((block) => block.track.id === active.track.parent));
      else return go(blocks[index + 1]);
      return true;
    }
    case "Enter":
    case " ":
    case "c":
      if (active?.collapsible === true) actions.toggleCollapsed(active.track.id);
      return active !== undefined;
    case "x":
    case "p":
      if (active !== undefined) actions.togglePinned(active.track.id);
      return active !== undefined;
    case "h":
      if (active === undefined) return false;
      actions.setHidden(active.track.id, true);
      return go(blocks[index + 1] ?? blocks[index - 1]);
    default:
      return false;
  }
}
