import type { Scene } from "./scene.ts";
import { Signal } from "./signal.ts";
import { type Block, blockIndexAt, type StripLayout } from "./strips.ts";

/** Blocks [first, last) that the track column renders. */
export interface BlockRange {
  readonly first: number;
  readonly last: number;
}

/** Blocks rendered beyond the screen, so that React works once per many frames of scrolling. */
const spareBlocks = 24;

/** Chromium places nothing beyond 2^25 px, and moves nothing exactly there: rows are placed from an origin close by. */
const originStepPx = 2 ** 20;

/** The origin of the rows that are rendered from block `first` on. */
export function originOf(blocks: readonly Block[], first: number): number {
  return Math.floor((blocks[first]?.yPx ?? 0) / originStepPx) * originStepPx;
}

/** Keeps the track column beside the canvas: moved every frame by a transform, rendered anew only when it runs out of rows. */
export class TreeScroll {
  readonly range = new Signal<BlockRange>({ first: 0, last: 0 });
  readonly #pinned: HTMLElement;
  readonly #scrolled: HTMLElement;
  #stuck: HTMLElement | null = null;

  constructor(pinned: HTMLElement, scrolled: HTMLElement) {
    this.#pinned = pinned;
    this.#scrolled = scrolled;
  }

  /** Decides which blocks are rendered; gives the topmost on the screen. Who follows `range` renders within this call's task. */
  cover(layout: StripLayout, scrollTopPx: number, heightPx: number): number {
    const topPx = layout.pinnedPx + scrollTopPx;
    const first = Math.max(layout.pinnedCount, blockIndexAt(layout, topPx));
    const last = Math.min(layout.blocks.length, blockIndexAt(layout, topPx + heightPx) + 1);
    const { range } = this;
    const known = range.get();
    if (first < known.first || last > known.last || known.last > layout.blocks.length) {
      range.set({
        first: Math.max(layout.pinnedCount, first - spareBlocks),
        last: Math.min(layout.blocks.length, last + spareBlocks),
      });
    }
    return first;
  }

  sync({
    layout,
    scrollTopPx,
    pinnedTopPx,
    heightPx,
    lines: { splitPx },
  }: Pick<Scene, "layout" | "scrollTopPx" | "pinnedTopPx" | "heightPx" | "lines">): void {
    const topPx = layout.pinnedPx + scrollTopPx;
    const first = this.cover(layout, scrollTopPx, heightPx);
    this.#pinned.style.height = `${splitPx}px`;
    const rows = this.#pinned.firstElementChild;
    if (rows instanceof HTMLElement) rows.style.transform = `translateY(${-pinnedTopPx}px)`;
    // The origin that React has rendered, which may be one render behind the range.
    const originPx = Number(this.#scrolled.dataset["origin"] ?? 0);
    this.#scrolled.style.transform = `translateY(${originPx - topPx}px)`;
    this.#stickLabel(layout, first, topPx);
  }

  /** The name of a track taller than the screen stays in view while its rows scroll by. */
  #stickLabel(layout: StripLayout, first: number, topPx: number): void {
    const block = layout.blocks[first];
    const label =
      block === undefined
        ? null
        : this.#scrolled.querySelector<HTMLElement>(`[data-track="${block.track.id}"] [data-label]`);
    if (this.#stuck !== null && this.#stuck !== label) this.#stuck.style.transform = "";
    this.#stuck = label;
    if (block === undefined || label === null) return;
    const hiddenPx = topPx - block.yPx;
    // A height is asked for where it matters alone: the answer lays the page out in the middle of a frame.
    const shift = hiddenPx <= 0 ? 0 : Math.max(0, Math.min(hiddenPx, block.heightPx - label.offsetHeight - 4));
    label.style.transform = shift > 0 ? `translateY(${shift}px)` : "";
  }
}
