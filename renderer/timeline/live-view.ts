import type { Viewport } from "../state/trace-tab.ts";
import { mixViewports, sameViewport } from "./transform.ts";

/** Longest time a change of view takes, ms. */
export const glideMs = 110;

/**
 * The viewport that is on the screen, ahead of the one in the store: gestures move it every frame, the store learns
 * of it when it rests.
 */
export class LiveView {
  #view: Viewport;
  #glide: { readonly from: Viewport; readonly to: Viewport; readonly startMs: number } | null = null;
  #movedMs = Number.NEGATIVE_INFINITY;

  constructor(view: Viewport) {
    this.#view = view;
  }

  get view(): Viewport {
    return this.#view;
  }

  /** Where the view is going; steps that follow each other quickly add up from here. */
  get target(): Viewport {
    return this.#glide?.to ?? this.#view;
  }

  get gliding(): boolean {
    return this.#glide !== null;
  }

  /** When the view moved last, ms on the clock of `tick`. */
  get movedMs(): number {
    return this.#movedMs;
  }

  jump(view: Viewport, nowMs: number): void {
    this.#glide = null;
    if (sameViewport(view, this.#view)) return;
    this.#view = view;
    this.#movedMs = nowMs;
  }

  /** Moves there within `glideMs`; at once when motion is not wanted. */
  glide(view: Viewport, nowMs: number, motion: boolean): void {
    if (!motion) {
      this.jump(view, nowMs);
      return;
    }
    if (sameViewport(view, this.target)) return;
    this.#glide = { from: this.#view, to: view, startMs: nowMs };
    this.#movedMs = nowMs;
  }

  /** Moves a gliding view on; whether it moved. */
  tick(nowMs: number): boolean {
    const glide = this.#glide;
    if (glide === null) return false;
    const t = Math.min(1, Math.max(0, (nowMs - glide.startMs) / glideMs));
    const eased = 1 - (1 - t) ** 3;
    this.#view = mixViewports(glide.from, glide.to, eased);
    this.#movedMs = nowMs;
    if (t >= 1) this.#glide = null;
    return true;
  }
}
