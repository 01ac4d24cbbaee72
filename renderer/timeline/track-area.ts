import type { PaintSizes, TimelineCanvases } from "./painter.ts";
import { maxPinnedScroll, maxScroll, splitOf, toContentY, toScreenY } from "./scene.ts";
import type { Signal } from "./signal.ts";
import { type Block, blockAt, type Line, lineAt, placeOfRow, type StripLayout } from "./strips.ts";

/** The DOM that the timeline draws into; React made it and owns it. */
export interface TimelineElements extends TimelineCanvases {
  readonly root: HTMLElement;
  /** Scrolls natively; everything else follows it. */
  readonly scroller: HTMLElement;
  readonly sizer: HTMLElement;
  readonly pinnedTree: HTMLElement;
  readonly scrolledTree: HTMLElement;
}

/** Chromium makes no element taller than 2^25 px: beyond half of that the scrollbar moves less than the tracks. */
const tallestBarPx = 2 ** 24;

/** Where things are in the tracks: sizes, scroll position, what lies at a height. Canvas coordinates are CSS px. */
export class TrackArea {
  readonly #elements: Pick<TimelineElements, "tracks" | "minimap" | "scroller" | "sizer">;
  readonly #layout: Pick<Signal<StripLayout>, "get">;
  /** Track px per px of the scrollbar. */
  #scale = 1;
  /** Where the tracks are, and where the scrollbar was when it was asked last. */
  #topPx = 0;
  #pinnedTopPx = 0;
  #barPx = 0;
  #sizes: PaintSizes = { widthPx: 1, heightPx: 1, minimapWidthPx: 1, minimapHeightPx: 1, dpr: 1 };

  constructor(
    elements: Pick<TimelineElements, "tracks" | "minimap" | "scroller" | "sizer">,
    layout: Pick<Signal<StripLayout>, "get">,
  ) {
    this.#elements = elements;
    this.#layout = layout;
  }

  /** As of the last `measure`. */
  get sizes(): PaintSizes {
    return this.#sizes;
  }

  /** As of the last `readScroll`: asking the scrollbar in the middle of a frame would lay the page out once more. */
  get scrollTopPx(): number {
    return this.#topPx;
  }

  set scrollTopPx(px: number) {
    const topPx = Math.max(0, Math.min(px, maxScroll(this.#layout.get(), this.#sizes.heightPx)));
    if (topPx !== this.#topPx) this.#moveTo(topPx);
  }

  /** How far the pinned tracks are scrolled: beyond 0 only where they are taller than their place. */
  get pinnedTopPx(): number {
    return this.#pinnedTopPx;
  }

  set pinnedTopPx(px: number) {
    const topPx = Math.max(0, Math.min(px, maxPinnedScroll(this.#layout.get(), this.#sizes.heightPx)));
    if (topPx === this.#pinnedTopPx) return;
    this.#pinnedTopPx = topPx;
    this.#elements.scroller.dispatchEvent(new Event("scroll"));
  }

  /** Scrolls what lies at a y of the canvas: the pinned tracks where not all of them are on the screen, else the others. */
  scrollAt(yPx: number, deltaPx: number): void {
    if (this.#isCutPinned(yPx)) this.pinnedTopPx += deltaPx;
    else this.scrollTopPx += deltaPx;
  }

  /** Scroll position of what lies at a y of the canvas, and the way to change it: for drags. */
  scrollOf(yPx: number): { readonly fromPx: number; readonly to: (px: number) => void } {
    return this.#isCutPinned(yPx)
      ? { fromPx: this.pinnedTopPx, to: (px) => (this.pinnedTopPx = px) }
      : { fromPx: this.scrollTopPx, to: (px) => (this.scrollTopPx = px) };
  }

  /** Takes over where the scrollbar was moved to. */
  readScroll(): void {
    const { scrollTop } = this.#elements.scroller;
    if (scrollTop === this.#barPx) return;
    this.#barPx = scrollTop;
    this.#topPx = scrollTop * this.#scale;
  }

  /** Reads the sizes of the elements and makes the scrollbar as long as the tracks are. */
  measure(): void {
    const { tracks, minimap, sizer, scroller } = this.#elements;
    this.#sizes = {
      widthPx: Math.max(1, tracks.clientWidth),
      heightPx: Math.max(1, tracks.clientHeight),
      minimapWidthPx: Math.max(1, minimap.clientWidth),
      minimapHeightPx: Math.max(1, minimap.clientHeight),
      dpr: devicePixelRatio,
    };
    this.readScroll();
    this.#pinnedTopPx = Math.min(this.#pinnedTopPx, maxPinnedScroll(this.#layout.get(), this.#sizes.heightPx));
    const mostPx = maxScroll(this.#layout.get(), this.#sizes.heightPx);
    const scale = Math.max(1, mostPx / tallestBarPx);
    const contentPx = `${Math.min(mostPx, tallestBarPx) + scroller.clientHeight}px`;
    if (sizer.style.height !== contentPx) sizer.style.height = contentPx;
    // Bars stand on whole pixels of the screen, up to one beyond the end.
    if (scale === this.#scale && this.#topPx <= mostPx + 1) return;
    this.#scale = scale;
    this.#moveTo(Math.min(this.#topPx, mostPx));
  }

  /** From a y of the canvas to a y of the content. */
  contentY(yPx: number): number {
    return toContentY(this.#layout.get(), this, this.#sizes.heightPx, yPx);
  }

  /** From a y of the content to a y of the canvas. */
  screenY(contentPx: number): number {
    return toScreenY(this.#layout.get(), this, this.#sizes.heightPx, contentPx);
  }

  /** The line at a y of the canvas; null on headers, in gaps and outside. */
  lineAtY(yPx: number): Line | null {
    return this.#isInside(yPx) ? lineAt(this.#layout.get(), this.contentY(yPx)) : null;
  }

  blockAtY(yPx: number): Block | null {
    return this.#isInside(yPx) ? blockAt(this.#layout.get(), this.contentY(yPx)) : null;
  }

  /** Scrolls until the row is on the screen. */
  revealRow(track: number, row: number): void {
    const place = placeOfRow(this.#layout.get(), track, row);
    if (place !== null) this.#reveal(place.yPx, place.heightPx);
  }

  revealBlock(block: Block): void {
    this.#reveal(block.yPx, Math.min(block.heightPx, this.#sizes.heightPx / 2));
  }

  /** Brings a pinned track to the top: the one pinned last stands below the others, where it may be cut off. */
  showPinned(track: number | undefined): void {
    const { blocks, blockOfTrack } = this.#layout.get();
    const block = blocks[blockOfTrack.get(track ?? -1) ?? -1];
    if (block?.pinned === true) this.pinnedTopPx = block.yPx;
  }

  #moveTo(topPx: number): void {
    const { scroller } = this.#elements;
    scroller.scrollTop = topPx / this.#scale;
    this.#barPx = scroller.scrollTop;
    this.#topPx = this.#scale === 1 ? this.#barPx : topPx;
    // The bar may not have moved by a pixel, and then nobody would hear of it.
    if (this.#scale !== 1) scroller.dispatchEvent(new Event("scroll"));
  }

  #isCutPinned(yPx: number): boolean {
    const layout = this.#layout.get();
    const splitPx = splitOf(layout, this.#sizes.heightPx);
    return yPx < splitPx && layout.pinnedPx > splitPx;
  }

  #isInside(yPx: number): boolean {
    return yPx >= 0 && yPx < this.#sizes.heightPx;
  }

  #reveal(contentPx: number, lengthPx: number): void {
    const layout = this.#layout.get();
    const { heightPx } = this.#sizes;
    const yPx = this.screenY(contentPx);
    const topPx = splitOf(layout, heightPx);
    if (contentPx < layout.pinnedPx) {
      if (yPx < 0 || yPx + lengthPx > topPx) this.pinnedTopPx += yPx - topPx / 3;
      return;
    }
    if (yPx >= topPx && yPx + lengthPx <= heightPx) return;
    this.scrollTopPx += yPx - topPx - (heightPx - topPx) / 3;
  }
}
