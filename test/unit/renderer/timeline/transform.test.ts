import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clampViewport,
  fitRange,
  mixViewports,
  panBy,
  toNs,
  toPx,
  zoomAt,
  zoomLimits,
} from "../../../../renderer/timeline/transform.ts";

const widthPx = 1000;
const fraction = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
/** A trace and a legal viewport over it. */
const scene = fc.tuple(fc.integer({ min: 10_000, max: 2 ** 50 }), fraction, fraction).map(([durationNs, at, size]) => {
  const limits = zoomLimits(durationNs, widthPx);
  const span = limits.minSpanNs * (limits.maxSpanNs / limits.minSpanNs) ** size;
  const start = at * durationNs;
  return { limits, view: clampViewport({ startNs: start - span / 2, endNs: start + span / 2 }, limits) };
});

/** A hundredth of a pixel, plus what float64 cannot say about times that far from the origin. */
const tolerancePx = (view: { startNs: number; endNs: number }, durationNs: number): number =>
  0.01 + ((durationNs * 2 ** -50) / (view.endNs - view.startNs)) * widthPx;

describe("zoomAt", () => {
  it("keeps the time under the pointer where it is when zooming in", () => {
    fc.assert(
      fc.property(scene, fraction, fc.double({ min: 1, max: 50, noNaN: true }), ({ limits, view }, at, factor) => {
        const ns = toNs(view, widthPx, at * widthPx);
        fc.pre(ns >= 0 && ns <= limits.durationNs);
        const after = zoomAt(view, ns, factor, limits);
        expect(Math.abs(toPx(after, widthPx, ns) - at * widthPx)).toBeLessThan(
          tolerancePx(after, limits.durationNs) + tolerancePx(view, limits.durationNs),
        );
      }),
    );
  });

  it("keeps it when zooming out too, until an end of the trace is reached", () => {
    fc.assert(
      fc.property(scene, fraction, fc.double({ min: 0.02, max: 1, noNaN: true }), ({ limits, view }, at, factor) => {
        const ns = toNs(view, widthPx, at * widthPx);
        const after = zoomAt(view, ns, factor, limits);
        const span = after.endNs - after.startNs;
        // Far from the origin an end is met no closer than float64 tells times apart.
        const near = 1e-6 * span + limits.durationNs * 2 ** -50;
        const atEnd = after.startNs <= -span * 0.05 + near || after.endNs >= limits.durationNs + span * 0.05 - near;
        if (!atEnd)
          expect(Math.abs(toPx(after, widthPx, ns) - at * widthPx)).toBeLessThan(
            tolerancePx(after, limits.durationNs) + tolerancePx(view, limits.durationNs),
          );
      }),
    );
  });

  it("goes from one nanosecond a pixel to 1.1 times the trace and no further", () => {
    const limits = zoomLimits(1e9, widthPx);
    let view = { startNs: 0, endNs: 1e9 };
    for (let step = 0; step < 200; step++) view = zoomAt(view, 123_456_789, 1.25, limits);
    expect(view.endNs - view.startNs).toBeCloseTo(widthPx, 6);
    for (let step = 0; step < 200; step++) view = zoomAt(view, 123_456_789, 1 / 1.25, limits);
    expect(view.endNs - view.startNs).toBeCloseTo(1.1e9, 0);
  });
});

describe("clampViewport", () => {
  it("never loses the trace and never changes a legal viewport", () => {
    fc.assert(
      fc.property(scene, fc.double({ min: -1e16, max: 1e16, noNaN: true }), ({ limits, view }, delta) => {
        const moved = panBy(view, delta, limits);
        expect(moved.startNs).toBeLessThan(limits.durationNs);
        expect(moved.endNs).toBeGreaterThan(0);
        const again = clampViewport(moved, limits);
        const span = moved.endNs - moved.startNs;
        // Far from the origin float64 has steps of its own.
        const stepNs = limits.durationNs * 2 ** -50;
        expect(Math.abs(again.startNs - moved.startNs)).toBeLessThanOrEqual(span * 1e-9 + stepNs);
      }),
    );
  });

  it("shows a trace of one instant", () => {
    const limits = zoomLimits(0, widthPx);
    const view = fitRange(0, 0, limits);
    expect(view.endNs - view.startNs).toBeGreaterThan(0);
    expect(toPx(view, widthPx, 0)).toBeGreaterThanOrEqual(0);
    expect(toPx(view, widthPx, 0)).toBeLessThan(widthPx);
  });
});

describe("mixViewports", () => {
  it("keeps the fixed point of a zoom fixed at every moment of it", () => {
    fc.assert(
      fc.property(scene, fraction, fraction, ({ limits, view }, at, t) => {
        const ns = toNs(view, widthPx, at * widthPx);
        fc.pre(ns >= 0 && ns <= limits.durationNs);
        const to = zoomAt(view, ns, 4, limits);
        expect(Math.abs(toPx(mixViewports(view, to, t), widthPx, ns) - at * widthPx)).toBeLessThan(
          tolerancePx(to, limits.durationNs) + tolerancePx(view, limits.durationNs),
        );
      }),
    );
  });

  it("ends exactly at its goal", () => {
    const goal = { startNs: 3.25, endNs: 1e9 + 0.125 };
    expect(mixViewports({ startNs: 0, endNs: 10 }, goal, 1)).toBe(goal);
  });
});
