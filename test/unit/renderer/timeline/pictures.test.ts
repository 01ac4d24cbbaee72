import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { counterScale, paintCounter } from "../../../../renderer/timeline/counter-raster.ts";
import { formatValue, lonePositions } from "../../../../renderer/timeline/draw-tracks.ts";
import { arrowsOf } from "../../../../renderer/timeline/flow-arrows.ts";
import { groupTracks } from "../../../../renderer/state/group-tracks.ts";
import { planMinimap, windowEdges } from "../../../../renderer/timeline/minimap.ts";
import { boxAt, boxesOf, indexBoxes } from "../../../../renderer/timeline/picture-raster.ts";
import type { SpanBrief } from "../../../../electron/contract/engine-contract.ts";
import { createPicture } from "../../../../traces/timeline/picture.ts";
import { randomTrace } from "../../query/random-trace.ts";
import { track } from "./tracks.ts";

describe("indexBoxes", () => {
  it("finds every box of a real picture at its own place, and nothing beside it", () => {
    fc.assert(
      fc.property(randomTrace, (trace) => {
        const rows = Array.from({ length: trace.rows.length }, (_, row) => row);
        const picture = createPicture(
          trace,
          {
            strips: rows.map((row) => ({ kind: "rows", rows: [row] })),
            startNs: -5,
            endNs: 100,
            widthPx: 420,
            minBoxPx: 4,
          },
          null,
        );
        const index = indexBoxes(picture.boxes, picture.stripCount);
        let seen = 0;
        for (const strip of rows) {
          let right = Number.NEGATIVE_INFINITY;
          for (const box of boxesOf(index, strip)) {
            const [from, to] = [picture.boxes.leftPx[box] ?? 0, picture.boxes.rightPx[box] ?? 0];
            expect(picture.boxes.strip[box]).toBe(strip);
            expect(from).toBeGreaterThanOrEqual(right - 0.01);
            expect(boxAt(index, strip, (from + to) / 2)).toBe(box);
            right = to;
            seen++;
          }
          expect(boxAt(index, strip, -1000)).toBe(-1);
        }
        expect(seen).toBe(picture.boxes.span.length);
      }),
    );
  });
});

describe("paintCounter", () => {
  const paint = (
    last: readonly number[],
    min: readonly number[],
    max: readonly number[],
    range: readonly [number, number],
  ): number[][] => {
    const heightPx = 11;
    const out = new Uint8ClampedArray(last.length * heightPx * 4);
    paintCounter(
      { strip: 0, last: Float64Array.from(last), min: Float64Array.from(min), max: Float64Array.from(max) },
      range,
      [1, 2, 3],
      heightPx,
      out,
    );
    return last.map((_, x) => Array.from({ length: heightPx }, (__, y) => out[(y * last.length + x) * 4 + 3] ?? 0));
  };

  it("fills from the value down, and nothing above it", () => {
    const [column = []] = paint([5], [5], [5], [0, 10]);
    expect(column.map((alpha) => alpha > 0)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(column[5]).toBe(255);
  });

  it("shows the whole range of a pixel as a band", () => {
    const [column = []] = paint([5], [2], [9], [0, 10]);
    expect(column.findIndex((alpha) => alpha > 0)).toBe(1);
    expect(column[5]).toBe(255);
    expect(column[7]).toBeGreaterThan(column[10] ?? 255);
  });

  it("leaves pixels before the first sample empty and joins steps", () => {
    const columns = paint([Number.NaN, 0, 10], [Number.NaN, 0, 10], [Number.NaN, 0, 10], [0, 10]);
    expect(columns[0]?.every((alpha) => alpha === 0)).toBe(true);
    expect(columns[2]?.every((alpha) => alpha === 255)).toBe(true);
  });

  it("starts at zero unless the values are far from it, and never divides by zero", () => {
    expect(counterScale([3, 10])).toEqual({ low: 0, high: 10 });
    expect(counterScale([990, 1000])).toEqual({ low: 990, high: 1000 });
    expect(counterScale([-10, -2])).toEqual({ low: -10, high: 0 });
    for (const range of [[0, 0], [5, 5], [-5, -5], null] as const) {
      const { low, high } = counterScale(range);
      expect(high).toBeGreaterThan(low);
    }
  });
});

describe("minimap", () => {
  it("draws every root group as a flame chart in small, outermost first", () => {
    const tracks = [
      track(0, { kind: "process", rowCount: 0, firstRow: 0 }),
      track(1, { parent: 0, firstRow: 0, rowCount: 3, laneRows: [2] }),
      track(2, { parent: 0, firstRow: 3, rowCount: 1 }),
      track(3, { kind: "device", rowCount: 0, firstRow: 4, sortIndex: -1 }),
      track(4, { parent: 3, firstRow: 4, rowCount: 1 }),
    ];
    const plan = planMinimap(tracks);
    expect(plan.strips).toEqual([
      { kind: "rows", rows: [4] },
      { kind: "rows", rows: [0, 2, 3] },
      { kind: "rows", rows: [1] },
    ]);
    expect(plan.groupOf).toEqual([0, 1, 1]);
  });

  it("has the groups that the tracks have on the screen", () => {
    const tracks = [
      track(0, { kind: "process", rowCount: 0 }),
      track(1, { parent: 0 }),
      track(2, { kind: "device", rowCount: 0 }),
      track(3, { parent: 2, kind: "stream" }),
      track(4, { parent: 2 }),
    ];
    const rowsBy = (groupBy: "process" | "role"): readonly (readonly number[])[] =>
      planMinimap(groupTracks({ tracks, steps: [], stepCount: 0 }, { groupBy })).strips.map((strip) =>
        strip.kind === "rows" ? strip.rows : [],
      );
    expect(rowsBy("process")).toEqual([[10], [30, 40]]);
    expect(rowsBy("role")).toEqual([[10, 40], [30]]);
  });

  it("stays small for any number of tracks, and leaves none out", () => {
    for (const count of [1, 5, 7, 12, 13, 500]) {
      const tracks = Array.from({ length: count }, (_, id) => track(id, { firstRow: id * 30, rowCount: 30 }));
      const { strips } = planMinimap(tracks);
      expect(strips.length).toBeLessThanOrEqual(12);
      const rows = new Set(strips.flatMap((strip) => (strip.kind === "rows" ? strip.rows : [])));
      expect(tracks.filter(({ firstRow }) => !rows.has(firstRow))).toEqual([]);
    }
  });

  it("shows more depths of the busiest groups", () => {
    const tracks = Array.from({ length: 9 }, (_, id) =>
      track(id, { firstRow: id * 2, rowCount: 2, spanCount: id === 4 || id === 6 || id === 7 ? 50 : 10 }),
    );
    expect(planMinimap(tracks).groupOf).toEqual([0, 1, 2, 3, 4, 4, 5, 6, 6, 7, 7, 8]);
  });

  it("keeps a window of any width in sight and wide enough to grab", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -100, max: 1e9, noNaN: true }),
        fc.double({ min: 1, max: 1.1e9, noNaN: true }),
        (startNs, span) => {
          const [left, right] = windowEdges({ startNs, endNs: startNs + span }, 1e9, 800);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(800);
          expect(right - left).toBeGreaterThanOrEqual(5.99);
        },
      ),
    );
  });
});

describe("arrowsOf", () => {
  const brief = (span: number, startNs: number, durationNs: number): SpanBrief => ({
    span,
    name: "s",
    category: null,
    kind: "launch",
    track: 0,
    row: 0,
    depth: 0,
    startNs,
    durationNs,
    selfNs: 0,
    openEnded: false,
  });

  it("leads from the cause, while it runs, to the start of the effect", () => {
    const launch = brief(1, 100, 50);
    const kernel = brief(2, 120, 500);
    const late = brief(3, 900, 10);
    expect(arrowsOf(launch, [{ direction: "out", name: "launch", other: kernel }])).toMatchObject([
      { fromNs: 120, toNs: 120, from: launch, to: kernel },
    ]);
    expect(arrowsOf(late, [{ direction: "in", name: "launch", other: launch }])).toMatchObject([
      { fromNs: 150, toNs: 900, from: launch, to: late },
    ]);
    expect(arrowsOf(launch, [{ direction: "out", name: "back in time", other: brief(4, 10, 5) }])).toMatchObject([
      { fromNs: 100, toNs: 10 },
    ]);
  });
});

describe("small drawing helpers", () => {
  it("draws diamonds only where they do not touch", () => {
    expect(lonePositions([0, 20, 23, 26, 60], 8)).toEqual([0, 60]);
    expect(lonePositions([5], 8)).toEqual([5]);
  });

  it("writes counter values short", () => {
    expect([0, 12.3456, -3, 1234, 123_456, 9.7e9].map(formatValue)).toEqual([
      "0",
      "12.35",
      "−3",
      "1234",
      "123.5\u202fk",
      "9.7\u202fG",
    ]);
  });
});
