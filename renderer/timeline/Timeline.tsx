import { type KeyboardEvent, useId, useRef, useState, useSyncExternalStore } from "react";
import type { EngineClient, TraceSummary } from "../../electron/contract/engine-contract.ts";
import type { Hover, TimelineActions, TraceTab } from "../state/trace-tab.ts";
import { formatCount } from "../../traces/model/format-units.ts";
import type { Coloring } from "../theme/coloring.ts";
import { usePalette } from "../theme/theme.ts";
import { isMac } from "../ui/shortcut.ts";
import { ColumnHandle } from "./ColumnHandle.tsx";
import { runShortcut } from "./commands.ts";
import type { TimelineController } from "./controller.ts";
import { MirrorTree } from "./MirrorTree.tsx";
import styles from "./Timeline.module.css";
import { LeftLiveView, NoTracks, TimelineEmpty } from "./TimelineEmpty.tsx";
import { Tooltip } from "./Tooltip.tsx";
import { TrackButtons, TrackFilter } from "./TrackTools.tsx";
import { TrackTree } from "./TrackTree.tsx";
import { useTimeline } from "./use-timeline.ts";

export interface TimelineProps {
  readonly tab: TraceTab;
  readonly engine: EngineClient;
  readonly coloring: Coloring;
  /** Stable for the life of the tab. */
  readonly actions: TimelineActions;
  readonly hovered?: Hover | null;
  /** Gets the controller that `timelineCommands` act on, and null when it goes. */
  readonly onController?: (timeline: TimelineController | null) => void;
  /** Enter on the selection. */
  readonly onOpenDetails?: () => void;
  readonly treeWidthPx?: number;
  readonly onTreeWidthChange?: (px: number) => void;
  /** Without it the tracks take the whole width. */
  readonly isTreeShown?: boolean;
}

/** The timeline of one trace: minimap, steps, axis, tracks. Fills its parent. */
export function Timeline(props: TimelineProps) {
  const { summary } = props.tab;
  if (summary === null || (summary.spanCount === 0 && summary.instantCount === 0 && summary.sampleCount === 0))
    return <TimelineEmpty tab={props.tab} />;
  return <FilledTimeline key={props.tab.key} {...props} summary={summary} />;
}

const defaultTreeWidthPx = 272;
const keysInShort =
  "W and S zoom, A and D pan, arrow keys move between spans, F fits the selection, 0 shows the whole trace, Enter opens the details.";

function FilledTimeline({
  tab,
  engine,
  coloring,
  actions,
  hovered = null,
  summary,
  onController,
  onOpenDetails,
  treeWidthPx,
  onTreeWidthChange,
  isTreeShown = true,
}: TimelineProps & { readonly summary: TraceSummary }) {
  const palette = usePalette();
  const [widthPx, setWidthPx] = useState(treeWidthPx ?? defaultTreeWidthPx);
  const helpId = useId();
  const root = useRef<HTMLDivElement>(null);
  const timeline = useTimeline(root, {
    engine,
    actions,
    onController,
    inputs: { tab, summary, palette, coloring, hovered },
  });

  const resizeTree = (px: number): void => {
    setWidthPx(px);
    onTreeWidthChange?.(px);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (timeline !== null && !event.defaultPrevented) takeKey(event, timeline, onOpenDetails);
  };
  const hasSteps = summary.steps.length > 0;
  return (
    <div ref={root} className={styles["frame"]}>
      <div
        data-part="root"
        className={styles["root"]}
        data-tree={isTreeShown}
        style={{ gridTemplateColumns: `${isTreeShown ? widthPx : 0}px minmax(0, 1fr) auto` }}
      >
        <TrackFilter layout={tab.layout} actions={actions} />
        <div className={styles["top"]} data-steps={hasSteps}>
          <canvas data-part="minimap" className={styles["minimap"]} aria-hidden />
        </div>
        <div className={styles["corner"]} />
        <TrackButtons layout={tab.layout} actions={actions} timeline={timeline} />
        <div data-part="ruler-area" className={styles["rulerArea"]} data-steps={hasSteps}>
          <canvas data-part="ruler" className={styles["ruler"]} aria-hidden />
          <canvas data-part="axis" className={styles["axis"]} aria-hidden />
        </div>
        <div className={styles["corner"]} />
        <TrackTree timeline={timeline} tab={tab} actions={actions} />
        {/* The canvas is a widget of its own: keys go to it, the tree beside it tells screen readers what it shows. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          data-part="area"
          className={styles["area"]}
          role="application"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          aria-label={`Timeline of ${tab.fileName}`}
          aria-describedby={helpId}
          onKeyDown={onKeyDown}
        >
          <canvas data-part="tracks" className={styles["canvas"]} aria-hidden />
          <canvas data-part="overlay" className={styles["canvas"]} aria-hidden />
          {timeline === null ? null : <Tooltip timeline={timeline} />}
          {timeline === null ? null : <TimelineNotice timeline={timeline} tab={tab} actions={actions} />}
        </div>
        <div data-part="scroller" className={styles["scroller"]} tabIndex={-1} aria-hidden>
          <div data-part="sizer" />
        </div>
        {isTreeShown ? <ColumnHandle widthPx={widthPx} onChange={resizeTree} /> : null}
      </div>
      <p id={helpId} className={styles["hidden"]}>
        {keysInShort}
      </p>
      {timeline === null ? null : <MirrorTree timeline={timeline} tab={tab} actions={actions} />}
    </div>
  );
}

function takeKey(event: KeyboardEvent, timeline: TimelineController, openDetails: (() => void) | undefined): void {
  if (event.key === "Enter" && timeline.tab.selection.kind !== "none" && openDetails !== undefined) openDetails();
  else if (!runShortcut(timeline, event, isMac())) return;
  event.preventDefault();
  event.stopPropagation();
}

/** A long run shows its newest rows until it has ended. */
function partialWords({ isLive, summary }: TraceTab): string {
  if (!isLive) return "Still reading: more spans will appear.";
  const older = summary?.ledger.dropped.find(({ code }) => code === "olderRows")?.count ?? 0;
  if (older === 0) return "Still running: more spans will appear.";
  return `Still running: the newest spans; ${formatCount(older)} earlier rows follow at the end.`;
}

/** What the engine could not do, and that more of the file is still to come. */
function TimelineNotice({
  timeline,
  tab,
  actions,
}: {
  readonly timeline: TimelineController;
  readonly tab: TraceTab;
  readonly actions: TimelineActions;
}) {
  const error = useSyncExternalStore(timeline.error.subscribe, timeline.error.get);
  const { blocks } = useSyncExternalStore(timeline.layout.subscribe, timeline.layout.get);
  const announcement = useSyncExternalStore(timeline.announcement.subscribe, timeline.announcement.get);
  return (
    <>
      {blocks.length === 0 ? <NoTracks layout={tab.layout} /> : <LeftLiveView tab={tab} actions={actions} />}
      <div className={styles["hidden"]} aria-live="polite">
        {announcement}
      </div>
      {error === null ? null : (
        <div className={styles["notice"]} role="alert">
          <span>The engine could not answer: {error}</span>
          <button type="button" onClick={() => timeline.error.set(null)}>
            Dismiss
          </button>
        </div>
      )}
      {error === null && tab.load.kind === "loading" ? (
        <div className={styles["partial"]}>{partialWords(tab)}</div>
      ) : null}
    </>
  );
}
