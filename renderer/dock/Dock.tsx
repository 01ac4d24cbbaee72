import { ChevronDown, ChevronUp } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { hasLaunchesOnly } from "../state/has-launches-only.ts";
import { type DockTab, dockTabs } from "../state/settings-slice.ts";
import { useApp, useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { ErrorBoundary } from "../ui/ErrorBoundary.tsx";
import { BookmarksPanel } from "./BookmarksPanel.tsx";
import { CallTreePanel } from "./CallTreePanel.tsx";
import { DetailsPanel } from "./DetailsPanel.tsx";
import styles from "./Dock.module.css";
import { FlamePanel } from "./FlamePanel.tsx";
import { ImportPanel } from "./ImportPanel.tsx";
import { TopPanel } from "./TopPanel.tsx";

const css = classes(styles);

interface PanelEntry {
  readonly title: string;
  /** False: without spans there is nothing that it could show. */
  readonly needsSpans: boolean;
  readonly show: (tab: TraceTab) => ReactNode;
}

const panels: Readonly<Record<DockTab, PanelEntry>> = {
  details: { title: "Details", needsSpans: false, show: (tab) => <DetailsPanel tab={tab} /> },
  top: { title: "Top", needsSpans: true, show: (tab) => <TopPanel tab={tab} /> },
  callTree: { title: "Call tree", needsSpans: true, show: (tab) => <CallTreePanel tab={tab} /> },
  flame: { title: "Flame graph", needsSpans: true, show: (tab) => <FlamePanel tab={tab} /> },
  bookmarks: { title: "Bookmarks", needsSpans: true, show: (tab) => <BookmarksPanel tab={tab} /> },
  import: { title: "Import", needsSpans: false, show: (tab) => <ImportPanel tab={tab} /> },
};

interface DockProps {
  readonly tab: TraceTab;
  /** False while the window is busy with more urgent parts. */
  readonly arePanelsShown?: boolean;
}

/** The evidence below the timeline: what is selected, where the time goes, what the import did. */
export const Dock = memo(FullDock, sameForDock);

function FullDock({ tab, arePanelsShown = true }: DockProps) {
  const store = useAppStore();
  const chosen = useApp((state) => state.dockTab);
  const collapsed = useApp((state) => state.dockCollapsed);
  const { showDock, setDockCollapsed } = store.getState();
  const isTable = tab.summary !== null && hasLaunchesOnly(tab.summary);
  const ids = dockTabs.filter((id) => !(isTable && panels[id].needsSpans));
  const shown = ids.includes(chosen) ? chosen : "details";
  return (
    <Tabs
      className={css("dock")}
      selectedKey={shown}
      onSelectionChange={(key) => showDock(key as DockTab)}
      keyboardActivation="automatic"
    >
      <div className={css("head")}>
        <TabList aria-label="Panels" className={css("tabs")}>
          {ids.map((id) => (
            <Tab key={id} id={id} className={css("tab")} onPress={() => setDockCollapsed(false)}>
              {panels[id].title}
              {id === "import" && hasWarnings(tab) ? (
                <span className={css("dot")} title="The import has warnings" />
              ) : null}
            </Tab>
          ))}
        </TabList>
        <IconButton
          icon={collapsed ? <ChevronUp size={16} /> : <ChevronDown size={16} />}
          label={collapsed ? "Open the panels" : "Fold the panels"}
          shortcut="Mod+J"
          placement="left"
          onPress={() => setDockCollapsed(!collapsed)}
        />
      </div>
      {collapsed
        ? null
        : ids.map((id) => (
            <TabPanel key={id} id={id} className={css("panel")}>
              <ErrorBoundary what={panels[id].title}>{arePanelsShown ? panels[id].show(tab) : null}</ErrorBoundary>
            </TabPanel>
          ))}
    </Tabs>
  );
}

/** The view moves with every frame of a gesture; nothing in the dock depends on it. */
function sameForDock({ tab: a, ...before }: DockProps, { tab: b, ...after }: DockProps): boolean {
  return (
    before.arePanelsShown === after.arePanelsShown &&
    a.key === b.key &&
    a.summary === b.summary &&
    a.load.kind === b.load.kind &&
    a.selection === b.selection &&
    a.bookmarks === b.bookmarks &&
    a.currentBookmark === b.currentBookmark &&
    a.deletedBookmark === b.deletedBookmark &&
    a.mutedKinds === b.mutedKinds
  );
}

function hasWarnings(tab: TraceTab): boolean {
  const ledger = tab.summary?.ledger;
  return (
    ledger !== undefined &&
    (ledger.outcome === "partial" || [...ledger.dropped, ...ledger.notes].some((line) => line.level === "warning"))
  );
}
