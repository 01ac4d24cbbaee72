import type {
  EngineClient,
  SpanDetails,
  TraceKey,
  TraceSummary,
  TrackSummary,
} from "../../electron/contract/engine-contract.ts";
import { CancelledError } from "../../traces/model/errors.ts";
import { formatDuration } from "../../traces/model/format-units.ts";
import { groupTracks } from "../state/group-tracks.ts";
import type { Measure, TimelineActions, TraceTab, Viewport } from "../state/trace-tab.ts";
import { readLightPalette } from "../theme/palette.ts";
import { exactTime } from "./axis-ticks.ts";
import { HoverTracker, type HoverHit, sameHit } from "./hover.ts";
import { hasOnlyGrown, mutedTest, type TimelineInputs } from "./inputs.ts";
import { LiveView } from "./live-view.ts";
import type { OverlayScene } from "./overlay.ts";
import { Painter } from "./painter.ts";
import { pictureOfView } from "./picture-of-view.ts";
import type { PinChange } from "./pin-track.ts";
import { PictureSource } from "./picture-source.ts";
import type { Scene } from "./scene.ts";
import { overlayOf, type Pointer, sceneOf } from "./scene-of.ts";
import { svgOfView } from "./svg-of-view.ts";
import { SelectedSpan } from "./selected-span.ts";
import { Signal } from "./signal.ts";
import { snapTime, type SnapPoint } from "./snap.ts";
import { layoutStrips, rowsOf, type StripLayout } from "./strips.ts";
import { type TimelineElements, TrackArea } from "./track-area.ts";
import { clampViewport, sameViewport, toNs, type ZoomLimits, zoomLimits } from "./transform.ts";
import { TreeScroll } from "./tree-scroll.ts";

/** What the tooltip describes, and the lower and upper edge of that on the canvas. */
export interface TooltipState {
  readonly hit: HoverHit;
  readonly pointer: Pointer;
  readonly topPx: number;
  readonly bottomPx: number;
}

export type DragArea = NonNullable<OverlayScene["drag"]>;

/** After this much rest a view counts as reached: sharp picture, entry in the history. */
const restMs = 100;
/** A trace that has grown is drawn with its new picture; when that takes longer, with the old one. */
const longestWaitMs = 100;

/**
 * Draws one trace and follows the store and the gestures, outside of React: React hears of what changes rarely,
 * through signals. One instance per trace on the screen; the owner calls `dispose`.
 */
export class TimelineController {
  readonly elements: TimelineElements;
  readonly engine: EngineClient;
  readonly actions: TimelineActions;
  readonly trace: TraceKey;
  readonly layout: Signal<StripLayout>;
  readonly tooltip = new Signal<TooltipState | null>(null);
  readonly error = new Signal<string | null>(null);
  readonly announcement = new Signal("");
  readonly area: TrackArea;
  readonly tree: TreeScroll;
  readonly live: LiveView;

  readonly #pictures: PictureSource;
  readonly #painter: Painter;
  readonly #hover: HoverTracker;
  readonly #selected: SelectedSpan;
  readonly #resize: ResizeObserver;
  readonly #reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
  #inputs: TimelineInputs;
  /** Of the summary, as the layout groups them. */
  #tracks: readonly TrackSummary[];
  #isMuted: Scene["isMuted"];
  #pointer: Pointer | null = null;
  #frame = 0;
  #onlyOverlay = false;
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #waitTimer: ReturnType<typeof setTimeout> | undefined;
  #committed: Viewport;
  #drag: DragArea | null = null;
  #draftMeasure: Measure | null = null;
  /** What the key of pins did last; see `takeBackPin`. */
  lastPin: PinChange | null = null;
  #held = false;
  #drawn: Scene | null = null;
  #disposed = false;

  constructor(elements: TimelineElements, engine: EngineClient, actions: TimelineActions, inputs: TimelineInputs) {
    const { tab, summary, palette, coloring } = inputs;
    const fail = (error: unknown): void => this.#fail(error);
    this.elements = elements;
    this.engine = engine;
    this.actions = actions;
    this.trace = tab.key;
    this.#inputs = inputs;
    this.#committed = tab.viewport;
    this.#isMuted = mutedTest(tab);
    this.live = new LiveView(tab.viewport);
    this.#tracks = groupTracks(summary, tab.layout);
    this.layout = new Signal(layoutStrips(this.#tracks, tab.layout));
    this.area = new TrackArea(elements, this.layout);
    this.tree = new TreeScroll(elements.pinnedTree, elements.scrolledTree);
    this.#painter = new Painter(elements, () => this.invalidate());
    this.#pictures = new PictureSource({
      engine,
      trace: tab.key,
      summary,
      tracks: this.#tracks,
      tab,
      palette,
      coloring,
      onChange: () => this.invalidate(),
      onError: fail,
    });
    this.#hover = new HoverTracker(
      (request) => engine.call("timeline.pick", { ...request, trace: tab.key }),
      (hit) => this.#takeHit(hit),
      fail,
    );
    this.#selected = new SelectedSpan(
      (span) => engine.call("span.details", { trace: tab.key, span }),
      () => this.invalidate(),
      fail,
    );
    this.#selected.take(tab.selection);
    this.#resize = new ResizeObserver(() => this.invalidate());
    this.#resize.observe(elements.root);
    this.#resize.observe(elements.tracks);
    elements.scroller.addEventListener("scroll", this.#onScroll, { passive: true });
    this.area.measure();
    this.live.jump(clampViewport(tab.viewport, this.limits), performance.now());
    this.area.scrollTopPx = tab.scrollTopPx;
    // Now, not with the first frame: until that has been drawn, the picture may be here.
    this.#wantPictures(this.scene());
    this.#coverTracks();
    this.invalidate();
  }

  get summary(): TraceSummary {
    return this.#inputs.summary;
  }

  get tab(): TraceTab {
    return this.#inputs.tab;
  }

  get limits(): ZoomLimits {
    return zoomLimits(this.summary.durationNs, this.area.sizes.widthPx);
  }

  get hit(): HoverHit | null {
    return this.#hover.hit;
  }

  get pointer(): Pointer | null {
    return this.#pointer;
  }

  /** Details of the selected span, once the engine told. */
  get selectedDetails(): SpanDetails | null {
    return this.#selected.details;
  }

  /** The measuring bar that is being drawn. */
  get draftMeasure(): Measure | null {
    return this.#draftMeasure;
  }

  /** Takes over what the store says now. */
  update(inputs: TimelineInputs): void {
    const before = this.#inputs;
    const isMoved = this.#isMoved();
    this.#inputs = inputs;
    const { tab, palette, coloring, summary } = inputs;
    this.#placeTracks(before);
    if (tab.mutedKinds !== before.tab.mutedKinds) this.#isMuted = mutedTest(tab);
    this.#pictures.update(summary, this.#tracks, tab, palette, coloring);
    this.#takeView(before, isMoved);
    if (tab.selection !== before.tab.selection) this.#selected.take(tab.selection);
    if (tab.revealCount !== before.tab.revealCount && tab.selection.kind === "span") {
      this.area.revealRow(tab.selection.span.track, tab.selection.span.row);
    }
    if (tab === before.tab && palette === before.palette && coloring === before.coloring) this.#invalidateOverlay();
    else if (this.#frame === 0 && hasOnlyGrown(inputs, before)) this.#awaitPicture();
    else this.invalidate();
  }

  /** Goes where the store says; a trace that grows during a gesture leaves that alone: the store hears of it when it rests. */
  #takeView(before: TimelineInputs, isMoved: boolean): void {
    const { viewport, viewportTouched, selection } = this.tab;
    if (sameViewport(viewport, this.#committed)) return;
    this.#committed = viewport;
    if (viewportTouched || !isMoved)
      this.live.glide(clampViewport(viewport, this.limits), performance.now(), this.motion && viewportTouched);
    if (viewportTouched && selection === before.tab.selection) this.#announceView(viewport);
  }

  /** Groups and places the tracks anew where something about that has changed. */
  #placeTracks(before: TimelineInputs): void {
    const { summary, tab } = this.#inputs;
    const { layout } = tab;
    const hasGrown = summary !== before.summary;
    if (!hasGrown && layout === before.tab.layout) return;
    if (hasGrown || layout.groupBy !== before.tab.layout.groupBy) this.#tracks = groupTracks(summary, layout);
    this.layout.set(layoutStrips(this.#tracks, layout));
    this.area.measure();
    if (layout.pinned.length > before.tab.layout.pinned.length) this.area.showPinned(layout.pinned.at(-1));
    this.#coverTracks();
  }

  /** Has the names of the tracks on the screen rendered, beside the next frame instead of within it. */
  #coverTracks(): void {
    this.tree.cover(this.layout.get(), this.area.scrollTopPx, this.area.sizes.heightPx);
  }

  /** Draws once, when the picture of what is new has come, instead of twice: the old one stretched, then the new one. */
  #awaitPicture(): void {
    this.#wantPictures(this.scene());
    if (this.#pictures.busy) this.#waitTimer ??= setTimeout(() => this.invalidate(), longestWaitMs);
    else this.invalidate();
  }

  get motion(): boolean {
    return !this.#reducedMotion.matches;
  }

  /** Draws at the next frame. */
  invalidate(): void {
    clearTimeout(this.#waitTimer);
    this.#waitTimer = undefined;
    this.#onlyOverlay = false;
    this.#schedule();
  }

  /** Moves the view at once, as part of a gesture. */
  jump(view: Viewport): void {
    this.live.jump(view, performance.now());
    this.invalidate();
  }

  glide(view: Viewport): void {
    this.live.glide(view, performance.now(), this.motion);
    this.invalidate();
  }

  /** While a pointer holds the view, it does not count as at rest. */
  hold(held: boolean): void {
    this.#held = held;
    this.invalidate();
  }

  setDrag(area: DragArea | null): void {
    this.#drag = area;
    this.#invalidateOverlay();
  }

  setDraftMeasure(measure: Measure | null): void {
    this.#draftMeasure = measure;
    this.#invalidateOverlay();
  }

  /** The pointer is over the tracks, or has left. */
  movePointer(pointer: Pointer | null): void {
    this.#pointer = pointer;
    this.#askHover();
    this.#invalidateOverlay();
  }

  timeAt(xPx: number): { atNs: number; nsPerPx: number } {
    const { view } = this.live;
    return {
      atNs: toNs(view, this.area.sizes.widthPx, xPx),
      nsPerPx: (view.endNs - view.startNs) / this.area.sizes.widthPx,
    };
  }

  /** The time of a place, caught by the edges of spans close by. */
  snapAt(pointer: Pointer): SnapPoint {
    return snapTime(this.scene(), pointer.x, pointer.y);
  }

  /** Rows on the screen, those behind collapsed tracks included. */
  visibleRows(): readonly number[] {
    const { pinned, scrolled } = this.scene().lines;
    return rowsOf([...pinned, ...scrolled].map((placed) => placed.line));
  }

  /** Runs questions to the engine; what fails is shown in the timeline. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(error);
    }
  }

  announce(text: string): void {
    this.announcement.set(text);
  }

  /** The view as a PNG, as it is on the screen. */
  picture(): Promise<Blob> {
    const { raster, nameOf } = this.#pictures;
    return pictureOfView(this.elements.root, { ...this.#inputs, raster, nameOf });
  }

  /** The view as SVG, in light colors. */
  vectorPicture(): Promise<Blob> {
    const scene = this.scene();
    const { tab, coloring } = this.#inputs;
    const { rulerLabels } = this.#painter;
    const source = {
      scene,
      overlay: this.#overlayScene(scene),
      tab,
      coloring,
      rulerLabels,
      palette: readLightPalette(),
    };
    return Promise.resolve(new Blob([svgOfView(this.elements, source)], { type: "image/svg+xml" }));
  }

  /** What the tracks are drawn from now. */
  scene(): Scene {
    const layout = this.layout.get();
    return sceneOf(this.#inputs, {
      layout,
      area: this.area,
      view: this.live.view,
      pictures: this.#pictures,
      labels: this.#painter.labelsFor(this.#inputs.palette, layout.rowPx),
      isMuted: this.#isMuted,
    });
  }

  dispose(): void {
    this.#commit();
    this.#disposed = true;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#restTimer);
    clearTimeout(this.#waitTimer);
    this.#resize.disconnect();
    this.elements.scroller.removeEventListener("scroll", this.#onScroll);
    this.#hover.move(null);
    this.#pictures.close();
  }

  #askHover(): void {
    const pointer = this.#pointer;
    const line = pointer === null || this.#drag !== null || this.#held ? null : this.area.lineAtY(pointer.y);
    this.#hover.move(pointer === null || line === null ? null : { line, ...this.timeAt(pointer.x) });
  }

  readonly #onScroll = (): void => {
    this.area.readScroll();
    this.invalidate();
    this.#armRest();
  };

  #invalidateOverlay(): void {
    if (this.#frame === 0) this.#onlyOverlay = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame === 0 && !this.#disposed) this.#frame = requestAnimationFrame((now) => this.#drawFrame(now));
  }

  #drawFrame(now: number): void {
    this.#frame = 0;
    const startMs = performance.now();
    const moved = this.live.tick(now);
    if (this.#onlyOverlay && !moved && this.#waitTimer === undefined) {
      this.#painter.paintOverlay(this.#overlayScene(this.scene()));
    } else {
      this.area.measure();
      this.#painter.fit(this.area.sizes);
      const scene = this.scene();
      const atRest = this.#wantPictures(scene);
      this.#painter.paint(scene, this.#overlayScene(scene), this.#pictures.minimap, this.area.sizes);
      this.#pictures.fetchNames();
      this.tree.sync(scene);
      this.#followUnderPointer(scene);
      if (!atRest || this.#isAhead()) this.#armRest();
      clearTimeout(this.#waitTimer);
      this.#waitTimer = undefined;
    }
    this.#onlyOverlay = false;
    performance.measure("timeline.frame", { start: startMs, end: performance.now() });
    performance.clearMeasures("timeline.frame");
    if (this.live.gliding) this.invalidate();
  }

  /** Whether the view is at rest, and the picture is to be sharp. */
  #wantPictures(scene: Scene): boolean {
    const atRest = !this.live.gliding && !this.#held && performance.now() - this.live.movedMs >= restMs;
    this.#pictures.want({ ...scene, minimapWidthPx: this.area.sizes.minimapWidthPx, moving: !atRest });
    return atRest;
  }

  /** What lies under a resting pointer changes when the view moves under it. */
  #followUnderPointer(scene: Scene): void {
    const drawn = this.#drawn;
    this.#drawn = scene;
    const same =
      drawn !== null &&
      drawn.view === scene.view &&
      drawn.scrollTopPx === scene.scrollTopPx &&
      drawn.pinnedTopPx === scene.pinnedTopPx &&
      drawn.layout === scene.layout;
    if (!same && this.#pointer !== null) this.#askHover();
  }

  #overlayScene(scene: Scene): OverlayScene {
    return overlayOf(this.#inputs, scene, {
      hit: this.#hover.hit,
      pointer: this.#pointer,
      drag: this.#drag,
      draftMeasure: this.#draftMeasure,
      arrows: this.#selected.arrows,
    });
  }

  #takeHit(hit: HoverHit | null): void {
    const before = this.tooltip.get();
    if (!sameHit(before?.hit ?? null, hit)) {
      this.actions.setHovered(
        hit?.pick.kind === "span" ? { origin: "timeline", span: hit.pick.span.span, name: hit.pick.span.name } : null,
      );
    }
    if (hit === null || this.#pointer === null) {
      this.tooltip.set(null);
    } else {
      const topPx = this.area.screenY(hit.line.yPx);
      this.tooltip.set({ hit, pointer: this.#pointer, topPx, bottomPx: topPx + hit.line.heightPx });
    }
    this.#invalidateOverlay();
  }

  #armRest(): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      if (this.#held || this.live.gliding) return;
      this.#commit();
      this.invalidate();
    }, restMs + 10);
  }

  /** Whether the screen is somewhere else than the store thinks. */
  #isAhead(): boolean {
    return this.area.scrollTopPx !== this.tab.scrollTopPx || this.#isMoved();
  }

  #isMoved(): boolean {
    return !sameViewport(this.live.target, clampViewport(this.#committed, this.limits));
  }

  /** Tells the store where a gesture ended. */
  #commit(): void {
    if (this.#disposed || !this.#isAhead()) return;
    if (this.area.scrollTopPx !== this.tab.scrollTopPx) this.actions.setScrollTop(this.area.scrollTopPx);
    if (!this.#isMoved()) return;
    const { target } = this.live;
    this.#committed = target;
    this.actions.zoomTo(target, true);
    this.#announceView(target);
  }

  #announceView({ startNs, endNs }: Viewport): void {
    this.announce(`Showing ${exactTime(startNs)} to ${exactTime(endNs)}, ${formatDuration(endNs - startNs)} wide`);
  }

  /** Shows an error of the engine in the timeline; a cancelled call says nothing. */
  #fail(error: unknown): void {
    if (error instanceof CancelledError || this.#disposed) return;
    this.error.set(error instanceof Error ? error.message : String(error));
  }
}
