import { memo, useState, useSyncExternalStore } from "react";
import { formatCount } from "../../traces/model/format-units.ts";
import type { TimelineActions, TraceTab } from "../state/trace-tab.ts";
import type { TimelineController } from "./controller.ts";
import { Signal } from "./signal.ts";
import type { Block, StripLayout } from "./strips.ts";
import { TrackMenu } from "./TrackMenu.tsx";
import { TrackRow } from "./TrackRow.tsx";
import { runTreeKey } from "./track-keys.ts";
import { originOf } from "./tree-scroll.ts";
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
export const TrackTree = memo(function TrackTree({ timeline, tab, actions }: TrackTreeProps) {
  const layoutSignal: Pick<Signal<StripLayout | null>, "subscribe" | "get"> = timeline?.layout ?? noLayout;
  const rangeSignal = timeline?.tree.range ?? noRange;
  const layout = useSyncExternalStore(layoutSignal.subscribe, layoutSignal.get);
  const range = useSyncExternalStore(rangeSignal.subscribe, rangeSignal.get);
  const [active, setActive] = useState<number | null>(null);
  const [menu, setMenu] = useState<{ readonly track: number; readonly x: number; readonly y: number } | null>(null);
  const blocks = layout?.blocks ?? [];
  const pinned = blocks.slice(0, layout?.pinnedCount ?? 0);
  const shown = blocks.slice(range.first, range.last);

  const originPx = originOf(blocks, range.first);

  const row = (block: Block) => (
    <TrackRow
      key={`${block.pinned ? "pinned" : "track"} ${block.track.id}`}
      block={block}
      originPx={block.pinned ? 0 : originPx}
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
        const go = (block: Block): void => {
          setActive(block.track.id);
          timeline?.area.revealBlock(block);
        };
        if (runTreeKey(event, { blocks, active: activeBlock, actions, go })) event.preventDefault();
      }}
      onWheel={(event) => {
        if (event.ctrlKey || timeline === null) return;
        timeline.area.scrollAt(event.clientY - event.currentTarget.getBoundingClientRect().top, event.deltaY);
      }}
    >
      <div data-part="pinned-tree" className={styles["pinned"]} role="none">
        <div className={styles["scrolled"]} role="none">
          {pinned.map(row)}
        </div>
      </div>
      <div className={styles["window"]} role="none">
        <div data-part="scrolled-tree" data-origin={originPx} className={styles["scrolled"]} role="none">
          {shown.map(row)}
        </div>
      </div>
      {menu === null || layout === null ? null : (
        <TrackMenu at={menu} layout={tab.layout} strips={layout} actions={actions} onClose={() => setMenu(null)} />
      )}
    </div>
  );
});

/** Id of the element of a track, for `aria-activedescendant`. */
export const rowId = (tab: string, track: number): string => `track ${tab} ${track}`.replaceAll(" ", "-");
