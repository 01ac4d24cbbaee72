import { X } from "lucide-react";
import { type DragEvent, type KeyboardEvent, memo, useRef } from "react";
import { formatBytes } from "../../traces/model/format-units.ts";
import { distinctNames, shortRunNames } from "../state/distinct-names.ts";
import { useApp, useAppStore } from "../state/store.ts";
import { shownKeyOf } from "../state/tabs-slice.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { classes } from "../ui/css.ts";
import { NameInMiddle } from "../ui/NameInMiddle.tsx";
import { SideBadge } from "../ui/SideBadge.tsx";
import styles from "./TabStrip.module.css";

const css = classes(styles);
const tabDragType = "application/x-deltaflame-tab";

/** The open traces. Arrows walk, Delete closes; a tab can be dragged to another place. */
export function TabStrip() {
  const store = useAppStore();
  const tabs = useApp((state) => state.tabs);
  const activeKey = useApp(shownKeyOf);
  const listRef = useRef<HTMLDivElement>(null);
  const { activateTab, closeTab, cycleTab } = store.getState();

  const handleKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight") cycleTab(1);
    else if (event.key === "ArrowLeft") cycleTab(-1);
    else if (event.key === "Delete" && activeKey !== null) closeTab(activeKey);
    else return;
    event.preventDefault();
    queueMicrotask(() => listRef.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  if (tabs.length === 0) return null;
  const names = tabNames(tabs);
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the focus is on its tabs
    <div ref={listRef} role="tablist" aria-label="Open traces" className={css("tabs")} onKeyDown={handleKey}>
      {tabs.map((tab, index) => (
        <TabButton
          key={tab.key}
          tab={tab}
          name={names[index] ?? tab.fileName}
          isActive={tab.key === activeKey}
          isReachable={tab.key === activeKey || (activeKey === null && index === 0)}
          onActivate={activateTab}
          onClose={closeTab}
        />
      ))}
    </div>
  );
}

/** Longer names do not fit into a tab. */
const longestWholeName = 30;

/** Names that do not fit lose what all such files, or all such runs behind their number, begin with. */
function tabNames(tabs: readonly TraceTab[]): readonly string[] {
  const long = tabs.filter(({ fileName }) => fileName.length > longestWholeName);
  const files = long.filter(({ isLive }) => !isLive);
  const runs = long.filter(({ isLive }) => isLive);
  const fileNames = distinctNames(files.map(({ fileName }) => fileName));
  const runNames = shortRunNames(runs.map(({ fileName }) => fileName));
  const short = new Map([
    ...files.map((tab, index) => [tab, fileNames[index]] as const),
    ...runs.map((tab, index) => [tab, runNames[index]] as const),
  ]);
  return tabs.map((tab) => short.get(tab) ?? tab.fileName);
}

/** Which sides of the comparison the trace is on. */
function SideBadges({ token }: { readonly token: string }) {
  const sides = useApp((state) => state.compareSides);
  return (["before", "after"] as const)
    .filter((side) => sides[side].some((part) => part.token === token))
    .map((side) => (
      <span key={side}>
        <SideBadge side={side} />
        <span className="visually-hidden">{`${side}: `}</span>
      </span>
    ));
}

interface TabButtonProps {
  readonly tab: TraceTab;
  /** That of its file, shortened where others begin alike. */
  readonly name: string;
  readonly isActive: boolean;
  readonly isReachable: boolean;
  readonly onActivate: (key: string) => void;
  readonly onClose: (key: string) => void;
}

const TabButton = memo(function TabButton({ tab, name, isActive, isReachable, onActivate, onClose }: TabButtonProps) {
  const store = useAppStore();
  const drop = (event: DragEvent): void => {
    const moved = event.dataTransfer.getData(tabDragType);
    if (moved === "") return;
    event.preventDefault();
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const { tabs, moveTab } = store.getState();
    const index = tabs.findIndex((other) => other.key === tab.key);
    moveTab(moved, event.clientX < left + width / 2 ? tab.key : (tabs[index + 1]?.key ?? null));
  };
  return (
    <div
      role="tab"
      id={`tab-${tab.key}`}
      aria-selected={isActive}
      aria-controls="main-view"
      tabIndex={isReachable ? 0 : -1}
      className={css("tab", isActive && "active")}
      title={`${tab.fileName}${tab.isLive ? "" : `, ${formatBytes(tab.fileBytes)}`}${tab.summary === null ? "" : `\n${tab.summary.formatLabel}`}`}
      draggable
      onDragStart={(event) => event.dataTransfer.setData(tabDragType, tab.key)}
      onDragOver={(event) => event.dataTransfer.types.includes(tabDragType) && event.preventDefault()}
      onDrop={drop}
      onClick={() => onActivate(tab.key)}
      onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && onActivate(tab.key)}
      onAuxClick={(event) => event.button === 1 && onClose(tab.key)}
    >
      <span className={css("state", tab.load.kind)} aria-hidden />
      <SideBadges token={tab.token} />
      <NameInMiddle name={name} whole={tab.fileName} />
      <span className="visually-hidden">{tab.load.kind === "ready" ? "" : `, ${tab.load.kind}`}</span>
      <span
        className={css("close")}
        title="Close"
        aria-hidden
        onClick={(event) => {
          event.stopPropagation();
          onClose(tab.key);
        }}
      >
        <X size={14} />
      </span>
    </div>
  );
});
