import { useEffect } from "react";
import { Group, Panel, Separator, usePanelRef } from "react-resizable-panels";
import { Dock } from "../../dock/Dock.tsx";
import { hasLaunchesOnly } from "../../state/has-launches-only.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { findTab } from "../../state/update-tab.ts";
import { classes } from "../../ui/css.ts";
import { Empty } from "../../ui/Empty.tsx";
import { ErrorBoundary } from "../../ui/ErrorBoundary.tsx";
import { OtherClockBanner } from "../OtherClockBanner.tsx";
import { OverwrittenBanner } from "../OverwrittenBanner.tsx";
import { useMountStages } from "../../ui/use-mount-stages.ts";
import { TimelinePane } from "../TimelinePane.tsx";
import { MeasurementsPane } from "../measurements/MeasurementsPane.tsx";
import { LaunchesPane } from "./launches/LaunchesPane.tsx";
import { KindBar } from "./KindBar.tsx";
import { LoadBar, LoadScreen } from "./LoadBar.tsx";
import { StoppedScreen } from "./StoppedScreen.tsx";
import { TruncationBanner } from "./TruncationBanner.tsx";
import styles from "./TraceView.module.css";

const css = classes(styles);
const dockHeadPx = 33;
/** Frame, timeline, tabs of the dock, the panel in it. */
const lastStage = 3;

/** One trace: timeline above, evidence below. */
export function TraceView() {
  const tab = useApp((state) => findTab(state, state.activeKey));
  if (tab === null) return null;
  if (tab.load.kind === "failed" || tab.load.kind === "cancelled") return <StoppedScreen tab={tab} load={tab.load} />;
  if (tab.measurements !== null) return <MeasurementsPane tab={tab} set={tab.measurements} />;
  return <ReadTrace key={tab.key} tab={tab} />;
}

/** Here from before the first spans on: a trace whose reading was watched comes in stages, even if it is whole at once. */
function ReadTrace({ tab }: { readonly tab: TraceTab }) {
  const stage = useMountStages(tab.load.kind === "loading", tab.summary === null ? 0 : lastStage);
  if (tab.summary !== null) return <OpenTrace tab={tab} stage={stage} />;
  return tab.isLive ? <Empty title="No spans yet">The run has just begun.</Empty> : <LoadScreen tab={tab} />;
}

function OpenTrace({ tab, stage }: { readonly tab: TraceTab; readonly stage: number }) {
  const store = useAppStore();
  const collapsed = useApp((state) => state.dockCollapsed);
  const { dockHeightPx, setDockHeight, setDockCollapsed } = store.getState();
  const isTable = tab.summary !== null && hasLaunchesOnly(tab.summary);
  const dockRef = usePanelRef();
  useEffect(() => {
    const dock = dockRef.current;
    if (dock === null || dock.isCollapsed() === collapsed) return;
    if (collapsed) dock.collapse();
    else dock.resize(store.getState().dockHeightPx);
  }, [collapsed, dockRef, store]);
  // Only what the user drags is worth remembering, not what a smaller window left.
  const rememberDock = (): void => {
    const dock = dockRef.current;
    if (dock === null) return;
    setDockCollapsed(dock.isCollapsed());
    if (!dock.isCollapsed()) setDockHeight(dock.getSize().inPixels);
  };

  return (
    <div className={css("trace")}>
      <h1 className="visually-hidden">{tab.fileName}</h1>
      {tab.load.kind === "loading" && !tab.isLive ? <LoadBar tab={tab} /> : null}
      <TruncationBanner tab={tab} />
      <OverwrittenBanner tab={tab} />
      <OtherClockBanner key={tab.key} tab={tab} />
      <KindBar tab={tab} />
      <Group
        orientation="vertical"
        className={css("group")}
        id="trace-panels"
        onLayoutChanged={(_layout, { isUserInteraction }) => isUserInteraction && rememberDock()}
      >
        <Panel id="timeline" minSize={140} className={css("timeline")}>
          <ErrorBoundary what={isTable ? "The kernel table" : "The timeline"}>
            {stage < 1 ? null : isTable ? <LaunchesPane tab={tab} /> : <TimelinePane tab={tab} />}
          </ErrorBoundary>
        </Panel>
        <Separator className={css("separator")} aria-label="Height of the panels" />
        <Panel
          id="dock"
          panelRef={dockRef}
          collapsible
          collapsedSize={dockHeadPx}
          minSize={120}
          defaultSize={collapsed ? dockHeadPx : dockHeightPx}
          groupResizeBehavior="preserve-pixel-size"
        >
          {stage >= 2 ? <Dock tab={tab} arePanelsShown={stage >= 3} /> : null}
        </Panel>
      </Group>
    </div>
  );
}
