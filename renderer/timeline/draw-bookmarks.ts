import type { Bookmark } from "../../electron/contract/bookmark-contract.ts";
import type { Pen } from "../charts/svg-pen.ts";
import type { Viewport } from "../state/trace-tab.ts";
import type { Palette } from "../theme/palette.ts";
import { fitText } from "../ui/fit-text.ts";
import { toPx } from "./transform.ts";

export interface BookmarkScene {
  readonly widthPx: number;
  readonly view: Viewport;
  readonly palette: Palette;
  /** By time. */
  readonly bookmarks: readonly Bookmark[];
  /** The one that keys go on from. */
  readonly current: Bookmark | null;
}

const flagWidthPx = 9;
const flagHeightPx = 8;
const tagHeightPx = 16;
const longestTagPx = 180;
/** As near as this to its pole a flag is meant. */
const reachPx = 5;

/** Flags on the time axis, with a bar from start to end where it is a range. */
export function drawBookmarkFlags(context: Pen, scene: BookmarkScene, heightPx: number): void {
  const { css } = scene.palette;
  for (const bookmark of scene.bookmarks) {
    const x = Math.round(toPx(scene.view, scene.widthPx, bookmark.startNs));
    const to = Math.round(toPx(scene.view, scene.widthPx, bookmark.endNs));
    if (to < -flagWidthPx || x > scene.widthPx) continue;
    context.fillStyle = css.bookmark;
    if (to > x + flagWidthPx) {
      context.globalAlpha = 0.6;
      context.fillRect(Math.max(0, x), heightPx - 4, Math.min(scene.widthPx, to) - Math.max(0, x), 3);
      context.globalAlpha = 1;
    }
    // An edge in the color of the axis keeps the flag apart from the numbers that it may stand on.
    context.beginPath();
    context.moveTo(x, 1);
    context.lineTo(x + flagWidthPx, 1 + flagHeightPx / 2);
    context.lineTo(x, 1 + flagHeightPx);
    context.closePath();
    context.strokeStyle = css.surfaceRaised;
    context.lineWidth = 3;
    context.stroke();
    context.fill();
    context.fillRect(x, 0, bookmark === scene.current ? 2 : 1, heightPx);
  }
}

/** A line through the tracks for each, and its label at the top where it has room: the current one's always. */
export function drawBookmarkLines(context: Pen, scene: BookmarkScene, heightPx: number): void {
  const { palette, widthPx, current } = scene;
  const shown = scene.bookmarks.filter((bookmark) => {
    const x = toPx(scene.view, widthPx, bookmark.startNs);
    return x >= 0 && x <= widthPx;
  });
  context.fillStyle = palette.css.bookmark;
  for (const bookmark of shown)
    context.fillRect(
      Math.round(toPx(scene.view, widthPx, bookmark.startNs)),
      0,
      bookmark === current ? 2 : 1,
      heightPx,
    );
  context.font = `600 11px ${palette.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  let freeFromPx = 0;
  for (const [index, bookmark] of shown.entries()) {
    const x = Math.round(toPx(scene.view, widthPx, bookmark.startNs));
    const next = shown[index + 1];
    const roomPx =
      next === current && next !== undefined ? toPx(scene.view, widthPx, next.startNs) - x - 2 : longestTagPx;
    const text = fitText(context, bookmark.label, Math.min(longestTagPx, roomPx) - 12);
    if (text === "" || (x < freeFromPx && bookmark !== current)) continue;
    const tagPx = context.measureText(text).width + 12;
    context.fillStyle = palette.css.bookmark;
    context.fillRect(x, 2, tagPx, tagHeightPx);
    context.fillStyle = palette.css.onBookmark;
    context.fillText(text, x + 6, 2 + tagHeightPx / 2 + 0.5);
    freeFromPx = x + tagPx + 2;
  }
}

/** Where bookmarks lie in the whole trace. */
export function drawBookmarkTicks(
  context: Pen,
  { palette, bookmarks }: Pick<BookmarkScene, "palette" | "bookmarks">,
  {
    widthPx,
    heightPx,
    durationNs,
  }: { readonly widthPx: number; readonly heightPx: number; readonly durationNs: number },
): void {
  context.fillStyle = palette.css.bookmark;
  for (const { startNs } of bookmarks) {
    const x = Math.round((startNs / Math.max(1, durationNs)) * widthPx);
    context.fillRect(x, 0, 1, heightPx - 1);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x + 6, 3);
    context.lineTo(x, 6);
    context.fill();
  }
}

/** The bookmark whose flag is at a place of the axis. */
export function bookmarkAt(
  { view, widthPx, bookmarks }: Pick<BookmarkScene, "view" | "widthPx" | "bookmarks">,
  xPx: number,
): Bookmark | null {
  return (
    bookmarks.findLast(({ startNs }) => {
      const x = toPx(view, widthPx, startNs);
      return xPx >= x - reachPx && xPx <= x + flagWidthPx;
    }) ?? null
  );
}
