/** What a wheel event means for a timeline. */
export type WheelMeaning =
  | { readonly kind: "zoom"; readonly factor: number; readonly smooth: boolean }
  | { readonly kind: "pan"; readonly deltaXPx: number; readonly deltaYPx: number };

export interface WheelInput {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

const linePx = 16;
const pagePx = 400;
/** A notch of a mouse wheel is 100 or 120 px in Chromium; touchpads and pinches send less at a time. */
const notchPx = 100;
const smallestNotchPx = 50;

/** Wheel scrolls, with Ctrl or Command (and pinching) it zooms, with Shift it pans. A notch zooms by `notchFactor`. */
export function readWheel(input: WheelInput, notchFactor: number): WheelMeaning {
  const unit = input.deltaMode === 1 ? linePx : input.deltaMode === 2 ? pagePx : 1;
  const deltaX = input.deltaX * unit;
  const deltaY = input.deltaY * unit;
  if (input.ctrlKey || input.metaKey) {
    if (Math.abs(deltaY) < smallestNotchPx) return { kind: "zoom", factor: Math.exp(-deltaY / notchPx), smooth: false };
    const notches = Math.max(1, Math.round(Math.abs(deltaY) / (notchPx * 1.2)));
    return { kind: "zoom", factor: notchFactor ** (-Math.sign(deltaY) * notches), smooth: true };
  }
  if (input.shiftKey && deltaX === 0) return { kind: "pan", deltaXPx: deltaY, deltaYPx: 0 };
  return { kind: "pan", deltaXPx: deltaX, deltaYPx: deltaY };
}
