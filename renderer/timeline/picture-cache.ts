import type { Strip, ViewPicture, ViewRequest } from "../../electron/contract/engine-contract.ts";
import type { Viewport } from "../state/trace-tab.ts";

/** What the screen shows now; asked for in every frame, answered from memory in nearly all of them. */
export interface Wanted {
  readonly view: Viewport;
  /** Visible width, device px. */
  readonly widthPx: number;
  readonly durationNs: number;
  /** Strips on the screen: all of them must be in the picture. */
  readonly visibleKeys: readonly string[];
  /** Strips to ask for: the visible ones and about a screen on both sides. Called only when a picture is needed. */
  readonly surroundings: () => readonly KeyedStrip[];
  /** Identity of what is drawn: the summary, the search. Changes make the picture old, not useless. */
  readonly content: readonly unknown[];
  readonly search: ViewRequest["search"];
  /** The view still moves: a stretched picture is good enough. */
  readonly moving: boolean;
}

export interface KeyedStrip {
  readonly key: string;
  readonly strip: Strip;
}

export interface CachedPicture {
  readonly picture: ViewPicture;
  /** Strip index of every key, in strip order. */
  readonly stripOf: ReadonlyMap<string, number>;
  readonly content: readonly unknown[];
}

export interface PictureCacheOptions {
  readonly ask: (request: PictureQuestion) => Promise<ViewPicture>;
  readonly onPicture: (picture: CachedPicture) => void;
  readonly onError: (error: unknown) => void;
}

/** What the cache decides of a view request; the rest is the asker's. */
export type PictureQuestion = Pick<ViewRequest, "strips" | "startNs" | "endNs" | "widthPx" | "search" | "generation">;

/** Pictures are this much wider than the view. */
export const overscan = 2;
/** Share of the picture in which the middle of the view may wander before the next picture is asked for. */
const middleShare = 1 / 3;
const maxScaleRatio = 1.5;

/**
 * Keeps the newest picture and asks for the next one in time: one question under way, and the latest wish waiting
 * for its answer. Answers to questions from before `reset` are dropped.
 */
export class PictureCache {
  readonly #options: PictureCacheOptions;
  #current: CachedPicture | null = null;
  #inFlight = false;
  #waiting: Wanted | null = null;
  #generation = 0;
  #epoch = 0;
  #failed: Wanted | null = null;

  constructor(options: PictureCacheOptions) {
    this.#options = options;
  }

  get current(): CachedPicture | null {
    return this.#current;
  }

  /** Whether an answer is still to come. */
  get busy(): boolean {
    return this.#inFlight;
  }

  /** Tells what the screen shows; asks the engine when the picture at hand no longer serves. */
  want(wanted: Wanted): void {
    if (this.#inFlight) {
      this.#waiting = wanted;
      return;
    }
    if (this.#failed !== null && sameWish(this.#failed, wanted)) return;
    if (needsPicture(this.#current, wanted)) this.#ask(wanted);
  }

  /** Forgets everything: another trace, or an engine that started anew. */
  reset(): void {
    this.#epoch++;
    this.#current = null;
    this.#waiting = null;
    this.#inFlight = false;
    this.#failed = null;
  }

  #ask(wanted: Wanted): void {
    const strips = wanted.surroundings();
    if (strips.length === 0) return;
    const epoch = this.#epoch;
    this.#inFlight = true;
    this.#waiting = null;
    const request = {
      ...pictureRange(wanted),
      strips: strips.map((each) => each.strip),
      search: wanted.search,
      generation: ++this.#generation,
    };
    this.#options.ask(request).then(
      (picture) => {
        if (epoch !== this.#epoch) return;
        this.#current = {
          picture,
          stripOf: new Map(strips.map((each, index) => [each.key, index])),
          content: wanted.content,
        };
        this.#failed = null;
        this.#finish();
        this.#options.onPicture(this.#current);
      },
      (error: unknown) => {
        if (epoch !== this.#epoch) return;
        this.#failed = wanted;
        this.#finish();
        this.#options.onError(error);
      },
    );
  }

  #finish(): void {
    this.#inFlight = false;
    const next = this.#waiting;
    this.#waiting = null;
    if (next !== null) this.want(next);
  }
}

/**
 * The range to ask for: the view in the middle, twice its width, and the start of the view on a whole texel so that
 * a still picture is sharp.
 */
export function pictureRange(wanted: Pick<Wanted, "view" | "widthPx">): {
  startNs: number;
  endNs: number;
  widthPx: number;
} {
  const { startNs, endNs } = wanted.view;
  const nsPerPx = (endNs - startNs) / wanted.widthPx;
  const sidePx = Math.round((wanted.widthPx * (overscan - 1)) / 2);
  return { startNs: startNs - sidePx * nsPerPx, endNs: endNs + sidePx * nsPerPx, widthPx: wanted.widthPx + 2 * sidePx };
}

/** Whether the picture at hand is too old, too far off or too coarse for what the screen shows. */
export function needsPicture(current: CachedPicture | null, wanted: Wanted): boolean {
  if (current === null || !sameContent(current.content, wanted.content)) return true;
  if (wanted.visibleKeys.some((key) => !current.stripOf.has(key))) return true;
  const { picture } = current;
  const nsPerPx = (wanted.view.endNs - wanted.view.startNs) / wanted.widthPx;
  const ratio = (picture.endNs - picture.startNs) / picture.widthPx / nsPerPx;
  const drift = Math.abs(ratio - 1) * wanted.widthPx;
  if (wanted.moving ? ratio > maxScaleRatio || ratio < 1 / maxScaleRatio : drift > 0.01) return true;
  const middle = (wanted.view.startNs + wanted.view.endNs) / 2;
  const pictureMiddle = (picture.startNs + picture.endNs) / 2;
  if (Math.abs(middle - pictureMiddle) > ((picture.endNs - picture.startNs) * middleShare) / 2) return true;
  return uncovered(picture, wanted);
}

/** Whether part of the trace is on the screen and not in the picture. */
function uncovered(picture: ViewPicture, wanted: Wanted): boolean {
  const from = Math.max(0, wanted.view.startNs);
  const to = Math.min(wanted.durationNs, wanted.view.endNs);
  return from < to && (from < picture.startNs || to > picture.endNs);
}

function sameContent(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}

/** A wish that failed is not repeated until it changes. */
function sameWish(a: Wanted, b: Wanted): boolean {
  return (
    a.view.startNs === b.view.startNs &&
    a.view.endNs === b.view.endNs &&
    a.widthPx === b.widthPx &&
    sameContent(a.content, b.content) &&
    sameContent(a.visibleKeys, b.visibleKeys)
  );
}
