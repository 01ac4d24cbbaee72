import type { Bookmark } from "../../electron/contract/bookmark-contract.ts";
import type { LinkPlace } from "../../electron/contract/view-link.ts";
import type { Correction } from "../../electron/contract/compare-contract.ts";
import type { PlainError } from "../../electron/contract/plain-error.ts";
import type {
  InstantDetails,
  Progress,
  SearchKey,
  SearchSummary,
  SpanBrief,
  TraceKey,
  TraceSummary,
} from "../../electron/contract/engine-contract.ts";
import type { MeasurementSet } from "../../traces/measure/measurement.ts";
import type { SpanKindName } from "../../traces/model/span-kind.ts";

/** What the window knows of one open file. Keys and small facts only; answers of the engine live in caches. */
export interface TraceTab {
  readonly key: TraceKey;
  /** Of the file; of a run a word of its own, for what names tabs by it. */
  readonly token: string;
  /** The spans of a run of this session: no file holds them. */
  readonly isLive: boolean;
  /** Read by the clock that fewer events tell of, where the file has two. */
  readonly isOtherClock: boolean;
  readonly fileName: string;
  readonly fileBytes: number;
  readonly load: LoadState;
  /** Grows while the file loads; null until the first snapshot. */
  readonly summary: TraceSummary | null;
  /** Set when the file holds benchmark results instead of a trace; units as the user corrected them. */
  readonly measurements: MeasurementSet | null;
  /** What the user set right in them. */
  readonly corrections: readonly Correction[];
  readonly viewport: Viewport;
  /** Until the user zooms, and when that shows the whole trace again, the viewport follows the growing trace. */
  readonly viewportTouched: boolean;
  /** The view that the next step of history returns to: where the last gesture ended. */
  readonly settledViewport: Viewport;
  readonly back: readonly Viewport[];
  readonly forward: readonly Viewport[];
  readonly layout: TrackLayout;
  readonly selection: Selection;
  readonly search: SearchState | null;
  /** Kinds drawn dimmed and left out of tables. */
  readonly mutedKinds: readonly SpanKindName[];
  readonly measure: Measure | null;
  /** By time. */
  readonly bookmarks: readonly Bookmark[];
  /** The one last jumped to or set, one of `bookmarks`. */
  readonly currentBookmark: Bookmark | null;
  /** The one deleted last, until it is brought back. */
  readonly deletedBookmark: Bookmark | null;
  /** What tells the content of the file from others; null before it is known, and of a run. */
  readonly fingerprint: string | null;
  /** Where a link wants to lead once the file is read. */
  readonly link: LinkPlace | null;
  readonly scrollTopPx: number;
  /** Goes up each time the selection asks to be scrolled into view. */
  readonly revealCount: number;
}

export type LoadState =
  | {
      readonly kind: "loading";
      readonly progress: Progress | null;
      /** Over the last second or so; null before the first is over. */
      readonly bytesPerSecond: number | null;
      readonly startedAtMs: number;
    }
  | { readonly kind: "ready" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: PlainError };

/** Visible range, ns since the origin of the trace. */
export interface Viewport {
  readonly startNs: number;
  readonly endNs: number;
}

export type TrackGrouping = "process" | "role";

export interface TrackLayout {
  readonly collapsed: ReadonlySet<number>;
  /** All were collapsed at once, and nothing expanded all since: what comes later is collapsed too. */
  readonly areAllCollapsed: boolean;
  readonly hidden: ReadonlySet<number>;
  /** In pin order; pinned tracks stay at the top. */
  readonly pinned: readonly number[];
  /** Sibling order chosen by the user in each grouping: track → position; absent = order of the trace. */
  readonly order: Readonly<Record<TrackGrouping, ReadonlyMap<number, number>>>;
  readonly rowHeight: "compact" | "normal" | "roomy";
  readonly groupBy: TrackGrouping;
  readonly filter: string;
}

export type Selection =
  | { readonly kind: "none" }
  | { readonly kind: "span"; readonly span: SpanBrief }
  | { readonly kind: "instant"; readonly instant: InstantDetails }
  /** An area: a time range over some rows of some tracks. */
  | { readonly kind: "area"; readonly startNs: number; readonly endNs: number; readonly rows: readonly number[] }
  /** A time range over everything. */
  | { readonly kind: "range"; readonly startNs: number; readonly endNs: number };

export interface SearchState {
  readonly query: string;
  /** Null while the engine still looks. */
  readonly key: SearchKey | null;
  readonly summary: SearchSummary | null;
  readonly currentIndex: number | null;
  readonly error: string | null;
}

export interface Measure {
  readonly fromNs: number;
  readonly toNs: number;
}

/** What the timeline asks the store to do; every one has a key and a palette entry. */
export interface TimelineActions {
  /** `keepHistory`: the view before becomes a step of "previous view". Continuous gestures pass false until they end. */
  zoomTo(viewport: Viewport, keepHistory: boolean): void;
  previousView(): void;
  nextView(): void;
  selectSpan(span: SpanBrief, reveal: boolean): void;
  selectInstant(instant: InstantDetails): void;
  selectArea(startNs: number, endNs: number, rows: readonly number[]): void;
  selectRange(startNs: number, endNs: number): void;
  clearSelection(): void;
  setMeasure(measure: Measure | null): void;
  /** Sets a bookmark and lets the user name it. */
  addBookmark(bookmark: Bookmark): void;
  /** Brings a bookmark into view, as the one that "next" and "previous" go on from. */
  showBookmark(bookmark: Bookmark): void;
  setScrollTop(px: number): void;
  toggleCollapsed(track: number): void;
  setHidden(track: number, hidden: boolean): void;
  togglePinned(track: number): void;
  moveTrack(track: number, before: number | null): void;
  /** Filter, row height, folding of many tracks at once. */
  changeLayout(change: Partial<TrackLayout>): void;
  setHovered(hover: Hover | null): void;
}

/** Under the pointer, in the timeline or as a row of the dock; highlighted in both. */
export interface Hover {
  readonly origin: "timeline" | "dock";
  readonly span: number | null;
  /** Every span of this name is highlighted. */
  readonly name: string | null;
}
