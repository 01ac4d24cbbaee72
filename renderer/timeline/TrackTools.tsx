import { memo } from "react";
import { ChevronsDownUp, ChevronsUpDown, EyeOff, Rows2, Rows3, Rows4, Server, Shapes } from "lucide-react";
import { nextGrouping, regroup } from "../state/group-tracks.ts";
import type { TimelineActions, TrackLayout } from "../state/trace-tab.ts";
import { nextRowHeight } from "../state/track-layout.ts";
import { formatCount } from "../../traces/model/format-units.ts";
import { IconButton } from "../ui/Button.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { setAllCollapsed } from "./commands.ts";
import type { TimelineController } from "./controller.ts";
import styles from "./TrackTools.module.css";

/** Narrows the tracks by name. */
export const TrackFilter = memo(function TrackFilter({
  layout,
  actions,
}: {
  readonly layout: TrackLayout;
  readonly actions: TimelineActions;
}) {
  return (
    <div className={styles["filter"]}>
      <SearchField
        label="Filter tracks"
        placeholder="Filter tracks"
        value={layout.filter}
        onChange={(filter) => actions.changeLayout({ filter })}
      />
    </div>
  );
});

const heightIcons = { compact: <Rows4 size={14} />, normal: <Rows3 size={14} />, roomy: <Rows2 size={14} /> };

const groupIcons = { process: <Server size={14} />, role: <Shapes size={14} /> };

/** Folding, row height, grouping, and the way back to hidden tracks. */
export const TrackButtons = memo(function TrackButtons({
  layout,
  actions,
  timeline,
}: {
  readonly layout: TrackLayout;
  readonly actions: TimelineActions;
  readonly timeline: TimelineController | null;
}) {
  const fold = (collapsed: boolean) => () => {
    if (timeline !== null) setAllCollapsed(timeline, collapsed);
  };
  return (
    <div className={styles["buttons"]}>
      <IconButton
        icon={<ChevronsDownUp size={14} />}
        label="Collapse all tracks"
        shortcut="Shift+C"
        onPress={fold(true)}
      />
      <IconButton
        icon={<ChevronsUpDown size={14} />}
        label="Expand all tracks"
        shortcut="Shift+X"
        onPress={fold(false)}
      />
      <IconButton
        icon={heightIcons[layout.rowHeight]}
        label={`Row height: ${layout.rowHeight}. Change to ${nextRowHeight[layout.rowHeight]}`}
        shortcut="R"
        onPress={() => actions.changeLayout({ rowHeight: nextRowHeight[layout.rowHeight] })}
      />
      <IconButton
        icon={groupIcons[layout.groupBy]}
        label={`Tracks grouped by ${layout.groupBy}. Group by ${nextGrouping[layout.groupBy]}`}
        shortcut="G"
        onPress={() => actions.changeLayout(regroup(layout, nextGrouping[layout.groupBy]))}
      />
      {layout.hidden.size === 0 ? null : (
        <button type="button" className={styles["hidden"]} onClick={() => actions.changeLayout({ hidden: new Set() })}>
          <EyeOff size={12} aria-hidden /> {formatCount(layout.hidden.size)} hidden: show
        </button>
      )}
    </div>
  );
});
