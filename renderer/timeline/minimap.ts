import type { Bookmark } from "../../electron/contract/bookmark-contract.ts";
import type { Strip, TraceSummary, TrackSummary, ViewPicture } from "../../electron/contract/engine-contract.ts";
import { compareTracks, outermostFinder } from "../../traces/model/track-tree.ts";
import type { Viewport } from "../state/trace-tab.ts";
import type { Palette } from "../theme/palette.ts";
import { drawBookmarkTicks } from "./draw-bookmarks.ts";

/** More strips than this would be lines too thin to read. */
const maxStrips = 12;
/** Half the width of the handles at the edges of the window, px. */
export const handlePx = 5;
/** A window narrower than this could not be grabbed. */
const minWindowPx = 6;
const groupGapPx = 2;

export interface MinimapScene {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpr: number;
  readonly view: Viewport;
  readonly summary: TraceSummary;
  readonly palette: Palette;
  readonly image: OffscreenCanvas | null;
  readonly picture: ViewPicture | null;
  readonly groupOf: readonly number[];
  readonly bookmarks: readonly Bookmark[];
}

/** What the minimap draws: a flame chart in small for every root group. */
export interface MinimapPlan {
  readonly strips: readonly Strip[];
  /** Group number of each strip; groups are drawn apart. */
  readonly groupOf: readonly number[];
}

/** Tracks that the minimap draws over each other. */
interface Group {
  readonly members: TrackSummary[];
  spans: number;
}

/**
 * Root groups, as the tracks are grouped on the screen and in the order of the trace, none left out: neighbors share a
 * strip when there are more than strips. Outer depths first, more of the busiest, the tracks of a group over each other.
 */
export function planMinimap(tracks: readonly TrackSummary[]): MinimapPlan {
  const groups = shareStrips(rootGroups(tracks));
  const depths = Math.floor(maxStrips / Math.max(1, groups.length));
  const bySpans = groups.toSorted((a, b) => b.spans - a.spans);
  const busiest = new Set(bySpans.slice(0, maxStrips % Math.max(1, groups.length)));
  const strips: Strip[] = [];
  const groupOf: number[] = [];
  groups.forEach((group, index) => {
    for (let depth = 0; depth < depths + (busiest.has(group) ? 1 : 0); depth++) {
      const rows = group.members.flatMap((track) => rowsAtDepth(track, depth));
      if (rows.length === 0) break;
      strips.push({ kind: "rows", rows });
      groupOf.push(index);
    }
  });
  return { strips, groupOf };
}

function rootGroups(tracks: readonly TrackSummary[]): readonly Group[] {
  const rootOf = outermostFinder(tracks);
  const groups = new Map<number, Group & { readonly root: TrackSummary }>();
  for (const track of tracks) {
    if (track.rowCount === 0) continue;
    const root = rootOf(track);
    const group = groups.get(root.id) ?? { root, members: [], spans: 0 };
    group.members.push(track);
    group.spans += track.spanCount;
    groups.set(root.id, group);
  }
  return [...groups.values()].toSorted((a, b) => compareTracks(a.root, b.root));
}

function shareStrips(groups: readonly Group[]): readonly Group[] {
  if (groups.length <= maxStrips) return groups;
  const shared = Array.from({ length: maxStrips }, (): Group => ({ members: [], spans: 0 }));
  groups.forEach((group, index) => {
    const into = shared[Math.floor((index * maxStrips) / groups.length)];
    if (into === undefined) return;
    for (const track of group.members) into.members.push(track);
    into.spans += group.spans;
  });
  return shared;
}

/** Lanes fill from the first on: behind so many, further ones would hardly show. */
const maxLanes = 256;

/** Rows of one depth in the first lanes of a track. */
function rowsAtDepth(track: TrackSummary, depth: number): readonly number[] {
  const rows: number[] = [];
  for (let lane = 0; lane < Math.min(maxLanes, track.laneRows.length + 1); lane++) {
    const start = lane === 0 ? 0 : (track.laneRows[lane - 1] ?? 0);
    if (start + depth < (track.laneRows[lane] ?? track.rowCount)) rows.push(track.firstRow + start + depth);
  }
  return rows;
}

/** Left and right edge of the window over the minimap, px; at least a few pixels wide. */
export function windowEdges(
  view: Viewport,
  durationNs: number,
  widthPx: number,
): readonly [left: number, right: number] {
  const scale = widthPx / Math.max(1, durationNs);
  const left = Math.max(0, view.startNs * scale);
  const right = Math.min(widthPx, view.endNs * scale);
  if (right - left >= minWindowPx) return [left, right];
  const middle = Math.min(widthPx - minWindowPx / 2, Math.max(minWindowPx / 2, (left + right) / 2));
  return [middle - minWindowPx / 2, middle + minWindowPx / 2];
}

/** Draws the occupancy of the whole trace, steps, search hits, and the window. */
export function drawMinimap(context: CanvasRenderingContext2D, scene: MinimapScene): void {
  const { css } = scene.palette;
  const { widthPx, heightPx, image, picture } = scene;
  context.setTransform(scene.dpr, 0, 0, scene.dpr, 0, 0);
  context.fillStyle = css.surfacePanel;
  context.fillRect(0, 0, widthPx, heightPx);
  drawSteps(context, scene);
  if (image !== null && picture !== null && picture.stripCount > 0) {
    context.imageSmoothingEnabled = false;
    const { groupOf } = scene;
    const gaps = (groupOf.at(-1) ?? 0) * groupGapPx;
    const stripPx = Math.min(8, Math.max(1, Math.floor((heightPx - 6 - gaps) / picture.stripCount)));
    const top = Math.floor((heightPx - stripPx * picture.stripCount - gaps) / 2);
    for (let strip = 0; strip < picture.stripCount; strip++) {
      context.drawImage(
        image,
        0,
        strip,
        picture.widthPx,
        1,
        0,
        top + strip * stripPx + (groupOf[strip] ?? 0) * groupGapPx,
        widthPx,
        stripPx,
      );
    }
    drawHits(context, scene, picture);
  }
  drawWindow(context, scene);
  drawBookmarkTicks(context, scene, { widthPx, heightPx, durationNs: scene.summary.durationNs });
  context.fillStyle = css.border;
  context.fillRect(0, heightPx - 1, widthPx, 1);
}

function drawSteps(context: CanvasRenderingContext2D, scene: MinimapScene): void {
  const scale = scene.widthPx / Math.max(1, scene.summary.durationNs);
  const { steps } = scene.summary;
  // Denser than this they would be a solid block that says nothing.
  if (steps.length > scene.widthPx / 4) return;
  context.fillStyle = scene.palette.css.grid;
  for (const step of steps) context.fillRect(Math.round(step.startNs * scale), 0, 1, scene.heightPx);
}

function drawHits(context: CanvasRenderingContext2D, scene: MinimapScene, picture: ViewPicture): void {
  if (picture.hits.length === 0) return;
  const scale = scene.widthPx / picture.widthPx;
  context.fillStyle = scene.palette.css.hit;
  for (let x = 0; x < picture.widthPx; x++) {
    for (let strip = 0; strip < picture.stripCount; strip++) {
      if (picture.hits[strip * picture.widthPx + x] !== 1) continue;
      context.fillRect(x * scale, 0, Math.max(1, scale), 4);
      break;
    }
  }
}

function drawWindow(context: CanvasRenderingContext2D, scene: MinimapScene): void {
  const { css } = scene.palette;
  const { widthPx, heightPx } = scene;
  const [left, right] = windowEdges(scene.view, scene.summary.durationNs, widthPx);
  context.fillStyle = css.viewportShade;
  context.globalAlpha = 0.28;
  context.fillRect(0, 0, left, heightPx);
  context.fillRect(right, 0, widthPx - right, heightPx);
  context.globalAlpha = 1;
  context.fillStyle = css.borderStrong;
  context.fillRect(left, 0, 1, heightPx);
  context.fillRect(right - 1, 0, 1, heightPx);
  const gripTop = heightPx / 2 - 7;
  if (right - left > 4 * handlePx) {
    context.fillRect(left, gripTop, 3, 14);
    context.fillRect(right - 3, gripTop, 3, 14);
  }
}
