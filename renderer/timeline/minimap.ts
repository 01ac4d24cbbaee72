import type { Strip, TraceSummary, ViewPicture } from "../../electron/contract/engine-contract.ts";
import type { Viewport } from "../state/trace-tab.ts";
import type { Palette } from "../theme/palette.ts";
import { outermostRows } from "./strips.ts";

/** More groups than this would be lines too thin to read. */
const maxStrips = 8;
/** Half the width of the handles at the edges of the window, px. */
export const handlePx = 5;
/** A window narrower than this could not be grabbed. */
const minWindowPx = 6;

export interface MinimapScene {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpr: number;
  readonly view: Viewport;
  readonly summary: TraceSummary;
  readonly palette: Palette;
  readonly image: OffscreenCanvas | null;
  readonly picture: ViewPicture | null;
}

/** One strip for every root group, busiest first when there are many; kept in the order of the trace. */
export function minimapStrips(summary: TraceSummary): readonly Strip[] {
  const rootOf = new Map<number, number>();
  const parentOf = new Map(summary.tracks.map((track) => [track.id, track.parent]));
  const findRoot = (id: number): number => {
    const known = rootOf.get(id);
    if (known !== undefined) return known;
    rootOf.set(id, id);
    const parent = parentOf.get(id) ?? null;
    const root = parent === null ? id : findRoot(parent);
    rootOf.set(id, root);
    return root;
  };
  const groups = new Map<number, { rows: number[]; spans: number; sortIndex: number }>();
  for (const track of summary.tracks) {
    if (track.rowCount === 0) continue;
    const root = findRoot(track.id);
    const group = groups.get(root) ?? { rows: [], spans: 0, sortIndex: summary.tracks.find((each) => each.id === root)?.sortIndex ?? 0 };
    for (const row of outermostRows(track)) group.rows.push(row);
    group.spans += track.spanCount;
    groups.set(root, group);
  }
  const kept = new Set([...groups].toSorted((a, b) => b[1].spans - a[1].spans).slice(0, maxStrips).map(([root]) => root));
  return [...groups]
    .filter(([root]) => kept.has(root))
    .toSorted((a, b) => a[1].sortIndex - b[1].sortIndex || a[0] - b[0])
    .map(([, group]) => ({ kind: "rows", rows: group.rows }));
}

/** Left and right edge of the window over the minimap, px; at least a few pixels wide. */
export function windowEdges(view: Viewport, durationNs: number, widthPx: number): readonly [left: number, right: number] {
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
    const stripPx = Math.min(12, (heightPx - 8) / picture.stripCount);
    const top = (heightPx - stripPx * picture.stripCount) / 2;
    const gap = stripPx >= 4 ? 1 : 0;
    for (let strip = 0; strip < picture.stripCount; strip++) {
      context.drawImage(image, 0, strip, picture.widthPx, 1, 0, top + strip * stripPx, widthPx, stripPx - gap);
    }
    drawHits(context, scene, picture);
  }
  drawWindow(context, scene);
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
