import type { Pick, PickRequest } from "../../electron/contract/engine-contract.ts";
import type { Line } from "./strips.ts";

/** What lies under the pointer. */
export interface HoverHit {
  readonly line: Line;
  readonly pick: Pick;
  /** Time under the pointer when it was asked. */
  readonly atNs: number;
}

export interface HoverQuestion {
  readonly line: Line;
  readonly atNs: number;
  readonly nsPerPx: number;
}

export type AskPick = (request: Omit<PickRequest, "trace">) => Promise<Pick | null>;

/** How far from the pointer a span may lie and still be meant, px. */
const slackPx = 3;

/**
 * What a point means: the span under this very pixel, else the nearest within a few pixels.
 * A collapsed group stands for many rows, so its spans are picked all the same.
 */
export async function pickAt(ask: AskPick, { line, atNs, nsPerPx }: HoverQuestion): Promise<HoverHit | null> {
  const exact = await ask({ strip: line.strip, startNs: atNs - nsPerPx / 2, endNs: atNs + nsPerPx / 2 });
  if (exact !== null) return { line, pick: exact, atNs };
  if (line.strip.kind === "counter") return null;
  const near = await ask({ strip: line.strip, startNs: atNs - slackPx * nsPerPx, endNs: atNs + slackPx * nsPerPx });
  return near === null ? null : { line, pick: near, atNs };
}

/** Follows the pointer: one question under way, the newest waits; `onHit` hears of changes only. */
export class HoverTracker {
  readonly #ask: AskPick;
  readonly #onHit: (hit: HoverHit | null) => void;
  readonly #onError: (error: unknown) => void;
  #hit: HoverHit | null = null;
  #waiting: HoverQuestion | null = null;
  #asking = false;
  #epoch = 0;

  constructor(ask: AskPick, onHit: (hit: HoverHit | null) => void, onError: (error: unknown) => void) {
    this.#ask = ask;
    this.#onHit = onHit;
    this.#onError = onError;
  }

  get hit(): HoverHit | null {
    return this.#hit;
  }

  move(question: HoverQuestion | null): void {
    if (question === null) {
      this.#epoch++;
      this.#waiting = null;
      this.#asking = false;
      this.#setHit(null);
      return;
    }
    if (this.#asking) this.#waiting = question;
    else this.#start(question);
  }

  #start(question: HoverQuestion): void {
    const epoch = this.#epoch;
    this.#asking = true;
    pickAt(this.#ask, question).then(
      (hit) => this.#finish(epoch, () => this.#setHit(hit)),
      (error: unknown) => this.#finish(epoch, () => this.#onError(error)),
    );
  }

  #finish(epoch: number, use: () => void): void {
    if (epoch !== this.#epoch) return;
    this.#asking = false;
    const next = this.#waiting;
    this.#waiting = null;
    use();
    if (next !== null) this.#start(next);
  }

  #setHit(hit: HoverHit | null): void {
    if (hit === null && this.#hit === null) return;
    this.#hit = hit;
    this.#onHit(hit);
  }
}

/** Whether two hits are the same thing, wherever the pointer is on it. */
export function sameHit(a: HoverHit | null, b: HoverHit | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.line.key !== b.line.key) return false;
  if (a.pick.kind === "span" && b.pick.kind === "span") return a.pick.span.span === b.pick.span.span;
  if (a.pick.kind === "instant" && b.pick.kind === "instant") return a.pick.instant === b.pick.instant;
  return a.pick.kind === "sample" && b.pick.kind === "sample" && a.pick.timeNs === b.pick.timeNs;
}
