import type { Measure, Viewport } from "../state/trace-tab.ts";
import { axisTicks } from "./axis-ticks.ts";
import type { LabelCache } from "./fit-label.ts";
import type { HoverHit } from "./hover.ts";
import type { TimelineInputs } from "./inputs.ts";
import type { OverlayScene } from "./overlay.ts";
import type { PictureSource } from "./picture-source.ts";
import { placeLines, type Scene, type ScrollPlace } from "./scene.ts";
import type { StripLayout } from "./strips.ts";
import type { TrackArea } from "./track-area.ts";

/** A place on the canvas of the tracks, CSS px. */
export interface Pointer {
  readonly x: number;
  readonly y: number;
}

/** Where the tracks are now, and what is known of their pictures. */
export interface SceneParts {
  readonly layout: StripLayout;
  readonly area: Pick<TrackArea, "sizes" | keyof ScrollPlace>;
  readonly view: Viewport;
  readonly pictures: Pick<PictureSource, "raster" | "nameOf" | "nameCount">;
  readonly labels: LabelCache;
  readonly isMuted: Scene["isMuted"];
}

/** What the gestures of the moment add. */
export interface Gestures {
  readonly hit: HoverHit | null;
  readonly pointer: Pointer | null;
  readonly drag: OverlayScene["drag"];
  readonly draftMeasure: Measure | null;
  readonly arrows: OverlayScene["arrows"];
}

/** What a frame of the tracks is drawn from. */
export function sceneOf({ summary, palette, tab }: TimelineInputs, parts: SceneParts): Scene {
  const { layout, area, view, pictures, labels, isMuted } = parts;
  const { widthPx, heightPx, dpr } = area.sizes;
  const { raster, nameOf, nameCount } = pictures;
  return {
    widthPx,
    heightPx,
    dpr,
    view,
    scrollTopPx: area.scrollTopPx,
    pinnedTopPx: area.pinnedTopPx,
    layout,
    lines: placeLines(layout, area, heightPx),
    summary,
    palette,
    raster,
    ticks: axisTicks(view, widthPx),
    labels,
    nameOf,
    nameCount,
    isMuted,
    bookmarks: tab.bookmarks,
    currentBookmark: tab.currentBookmark,
    searching: tab.search?.key != null && raster !== null && raster.picture.hits.length > 0,
  };
}

/** What a frame of the overlay is drawn from. */
export function overlayOf(
  { tab, hovered }: Pick<TimelineInputs, "tab" | "hovered">,
  scene: Scene,
  { hit, pointer, drag, draftMeasure, arrows }: Gestures,
): OverlayScene {
  const pick = hit !== null && hit.pick.kind === "span" ? hit.pick.span : null;
  return {
    ...scene,
    selection: tab.selection,
    hovered: pick,
    hoveredName: pick?.name ?? hovered?.name ?? null,
    pointerX: pointer?.x ?? null,
    drag,
    measure: draftMeasure ?? tab.measure,
    arrows,
  };
}
