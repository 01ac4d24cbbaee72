import { useContext, useMemo } from "react";
import { useApp, useAppStore } from "../state/store.ts";
import { timelineActionsOf } from "../state/timeline-slice.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { Timeline } from "../timeline/Timeline.tsx";
import { Empty } from "../ui/Empty.tsx";
import { TimeGroupsBanner } from "./TimeGroupsBanner.tsx";
import styles from "./TimelinePane.module.css";
import { TimelineHandleContext } from "./timeline-handle.ts";

/** The timeline of a tab, in any view. Follows the hover by itself, so that nothing around it renders with the pointer. */
export function TimelinePane({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const engine = useApp((state) => state.engine);
  const hover = useApp((state) => state.hover);
  const coloring = useApp((state) => state.coloring);
  const treeWidthPx = useApp((state) => state.trackColumnPx);
  const isTreeShown = useApp((state) => state.trackTreeShown);
  const onController = useContext(TimelineHandleContext);
  const actions = useMemo(() => timelineActionsOf(store, tab.key), [store, tab.key]);
  const { setTrackColumn, showDock } = store.getState();
  if (engine === null)
    return (
      <Empty title="The engine is not running">
        {tab.isLive
          ? "The spans of this run were in its memory: they are lost."
          : "The timeline comes back when the file is read again."}
      </Empty>
    );
  return (
    <div className={styles["pane"]}>
      <TimeGroupsBanner key={tab.key} tab={tab} />
      <div className={styles["timeline"]}>
        <Timeline
          tab={tab}
          engine={engine}
          coloring={coloring}
          actions={actions}
          hovered={hover}
          onController={onController}
          onOpenDetails={() => showDock("details")}
          treeWidthPx={treeWidthPx}
          onTreeWidthChange={setTrackColumn}
          isTreeShown={isTreeShown}
        />
      </div>
    </div>
  );
}
