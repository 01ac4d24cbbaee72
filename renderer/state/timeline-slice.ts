import type { SpanBrief, TraceKey } from "../../electron/contract/engine-contract.ts";
import type { SpanKindName } from "../../traces/model/span-kind.ts";
import { groupTracks } from "./group-tracks.ts";
import type { DockTab } from "./settings-slice.ts";
import type { AppStore, SliceCreator } from "./store.ts";
import type { Hover, Measure, Selection, TimelineActions, TraceTab, TrackLayout, Viewport } from "./trace-tab.ts";
import { rememberLayout, siblingsInOrder, trackAndHolders } from "./track-layout.ts";
import { findTab, updateTab } from "./update-tab.ts";
import { revealInViewport, viewportAround } from "./viewport.ts";

const historyLength = 100;

export interface TimelineSlice {
  /** Under the pointer in the active tab. */
  readonly hover: Hover | null;
  setHover(hover: Hover | null): void;
  zoomTo(key: TraceKey, viewport: Viewport, keepHistory: boolean): void;
  /** Shows the span with some air on both sides. */
  zoomToSpan(key: TraceKey, span: SpanBrief): void;
  zoomToSelection(key: TraceKey): void;
  zoomToWhole(key: TraceKey): void;
  previousView(key: TraceKey): void;
  nextView(key: TraceKey): void;
  select(key: TraceKey, selection: Selection): void;
  /** `reveal`: brings the span into view, its track too when it was hidden. */
  selectSpan(key: TraceKey, span: SpanBrief, reveal: boolean): void;
  setMeasure(key: TraceKey, measure: Measure | null): void;
  setScrollTop(key: TraceKey, px: number): void;
  changeLayout(key: TraceKey, change: (layout: TrackLayout) => Partial<TrackLayout>): void;
  toggleMuted(key: TraceKey, kind: SpanKindName): void;
  /** Mutes every other kind; a second time shows all again. */
  muteOthers(key: TraceKey, kind: SpanKindName): void;
}

export const createTimelineSlice: SliceCreator<TimelineSlice> = () => (set, get) => ({
  hover: null,
  setHover: (hover) => set({ hover }),

  zoomTo: (key, viewport, keepHistory) => set(updateTab(key, (tab) => viewportChange(tab, viewport, keepHistory))),

  zoomToSpan(key, span) {
    set(
      updateTab(key, (tab) => ({
        ...viewportChange(tab, viewportAround(span.startNs, span.startNs + span.durationNs), true),
        revealCount: tab.revealCount + 1,
      })),
    );
  },
  zoomToSelection(key) {
    const selection = findTab(get(), key)?.selection;
    if (selection === undefined || selection.kind === "none") return;
    if (selection.kind === "span") get().zoomToSpan(key, selection.span);
    else if (selection.kind === "instant")
      get().zoomTo(key, viewportAround(selection.instant.timeNs, selection.instant.timeNs), true);
    else get().zoomTo(key, viewportAround(selection.startNs, selection.endNs, 0), true);
  },
  zoomToWhole(key) {
    const summary = findTab(get(), key)?.summary;
    if (summary != null) get().zoomTo(key, { startNs: 0, endNs: Math.max(1, summary.durationNs) }, true);
  },
  previousView: (key) => set(updateTab(key, (tab) => stepHistory(tab, "back"))),
  nextView: (key) => set(updateTab(key, (tab) => stepHistory(tab, "forward"))),

  select: (key, selection) => set(updateTab(key, () => ({ selection }))),
  selectSpan(key, span, reveal) {
    set(
      updateTab(key, (tab) => ({
        selection: { kind: "span", span },
        ...(reveal
          ? {
              ...viewportChange(
                tab,
                revealInViewport(tab.viewport, span.startNs, span.startNs + span.durationNs),
                true,
              ),
              layout: showTrack(tab, span.track),
              revealCount: tab.revealCount + 1,
            }
          : {}),
      })),
    );
  },
  setMeasure: (key, measure) => set(updateTab(key, () => ({ measure }))),
  setScrollTop: (key, px) => set(updateTab(key, () => ({ scrollTopPx: px }))),

  changeLayout(key, change) {
    set(updateTab(key, (tab) => ({ layout: { ...tab.layout, ...change(tab.layout) } })));
    const tab = findTab(get(), key);
    if (tab?.summary == null) return;
    const { format } = tab.summary;
    const remembered = get().layouts[format] ?? null;
    get().rememberLayout(format, rememberLayout(tab.summary, tab.layout, remembered));
  },
  toggleMuted(key, kind) {
    set(
      updateTab(key, (tab) => ({
        mutedKinds: tab.mutedKinds.includes(kind)
          ? tab.mutedKinds.filter((other) => other !== kind)
          : [...tab.mutedKinds, kind],
      })),
    );
  },
  muteOthers(key, kind) {
    set(
      updateTab(key, (tab) => {
        const others = (tab.summary?.kinds ?? []).map((entry) => entry.kind).filter((other) => other !== kind);
        const alone = others.every((other) => tab.mutedKinds.includes(other)) && !tab.mutedKinds.includes(kind);
        return { mutedKinds: alone ? [] : others };
      }),
    );
  },
});

const areaPanels: ReadonlySet<DockTab> = new Set(["details", "top", "callTree", "flame"]);

/** The actions of one tab, as the timeline wants them. Stable for the life of the tab: make it once. */
export function timelineActionsOf(store: AppStore, key: TraceKey): TimelineActions {
  const app = store.getState();
  const toggled = (set: ReadonlySet<number>, track: number, on: boolean): ReadonlySet<number> => {
    const out = new Set(set);
    if (on) out.add(track);
    else out.delete(track);
    return out;
  };
  // What was pointed at is what the user wants to read, unless the panels are folded away.
  const showDetails = (): void => {
    if (!store.getState().dockCollapsed) app.showDock("details");
  };
  // Panels that say nothing of a part of the trace give way to one that does.
  const showArea = (): void => {
    if (!areaPanels.has(store.getState().dockTab)) showDetails();
  };
  return {
    zoomTo: (viewport, keepHistory) => app.zoomTo(key, viewport, keepHistory),
    previousView: () => app.previousView(key),
    nextView: () => app.nextView(key),
    selectSpan(span, reveal) {
      app.selectSpan(key, span, reveal);
      showDetails();
    },
    selectInstant(instant) {
      app.select(key, { kind: "instant", instant });
      showDetails();
    },
    selectArea(startNs, endNs, rows) {
      app.select(key, { kind: "area", startNs, endNs, rows });
      showArea();
    },
    selectRange(startNs, endNs) {
      app.select(key, { kind: "range", startNs, endNs });
      showArea();
    },
    clearSelection: () => app.select(key, { kind: "none" }),
    setMeasure: (measure) => app.setMeasure(key, measure),
    addBookmark: (bookmark) => app.addBookmark(key, bookmark),
    showBookmark: (bookmark) => app.showBookmark(key, bookmark),
    setScrollTop: (px) => app.setScrollTop(key, px),
    toggleCollapsed: (track) =>
      app.changeLayout(key, ({ collapsed }) => ({ collapsed: toggled(collapsed, track, !collapsed.has(track)) })),
    setHidden: (track, hidden) =>
      app.changeLayout(key, (layout) => ({ hidden: toggled(layout.hidden, track, hidden) })),
    togglePinned: (track) =>
      app.changeLayout(key, ({ pinned }) => ({
        pinned: pinned.includes(track) ? pinned.filter((other) => other !== track) : [...pinned, track],
      })),
    moveTrack: (track, before) =>
      app.changeLayout(key, (layout) => ({
        order: moveInOrder(findTab(store.getState(), key), layout, track, before),
      })),
    changeLayout: (change) => app.changeLayout(key, () => change),
    setHovered: (hover) => app.setHover(hover),
  };
}

function viewportChange(tab: TraceTab, viewport: Viewport, keepHistory: boolean): Partial<TraceTab> {
  if (!keepHistory) return { viewport, viewportTouched: true };
  const settled = tab.settledViewport;
  const same = settled.startNs === viewport.startNs && settled.endNs === viewport.endNs;
  if (same) return { viewport, viewportTouched: true };
  return {
    viewport,
    settledViewport: viewport,
    viewportTouched: true,
    back: [...tab.back, settled].slice(-historyLength),
    forward: [],
  };
}

function stepHistory(tab: TraceTab, direction: "back" | "forward"): Partial<TraceTab> {
  const opposite = direction === "back" ? "forward" : "back";
  const viewport = tab[direction].at(-1);
  if (viewport === undefined) return {};
  return {
    viewport,
    settledViewport: viewport,
    viewportTouched: true,
    [direction]: tab[direction].slice(0, -1),
    [opposite]: [...tab[opposite], tab.viewport],
  };
}

function showTrack(tab: TraceTab, track: number): TrackLayout {
  if (tab.summary === null) return tab.layout;
  const shown = trackAndHolders(tab.summary, tab.layout, track);
  if (!shown.some((id) => tab.layout.hidden.has(id))) return tab.layout;
  return { ...tab.layout, hidden: new Set([...tab.layout.hidden].filter((id) => !shown.includes(id))) };
}

/** Numbers all siblings of the moved track anew, in the order they are shown. */
function moveInOrder(
  tab: TraceTab | null,
  layout: TrackLayout,
  track: number,
  before: number | null,
): TrackLayout["order"] {
  const tracks = tab?.summary == null ? [] : groupTracks(tab.summary, layout);
  const parent = tracks.find(({ id }) => id === track)?.parent ?? null;
  const order = new Map(layout.order[layout.groupBy]);
  const siblings = siblingsInOrder(
    tracks.filter((other) => other.parent === parent),
    order,
  )
    .map(({ id }) => id)
    .filter((id) => id !== track);
  const index = before === null ? siblings.length : siblings.indexOf(before);
  for (const [place, id] of siblings.toSpliced(index < 0 ? siblings.length : index, 0, track).entries())
    order.set(id, place);
  return { ...layout.order, [layout.groupBy]: order };
}
