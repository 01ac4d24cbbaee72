import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockAt,
  layoutStrips,
  lineAt,
  linesBetween,
  placeOfRow,
  rowsOf,
} from "../../../../renderer/timeline/strips.ts";
import { plainLayout, randomLayout, randomTracks, track } from "./tracks.ts";

describe("layoutStrips", () => {
  it("stacks blocks without gaps or overlaps, pinned ones first", () => {
    fc.assert(
      fc.property(randomTracks, randomLayout, (tracks, layout) => {
        const strips = layoutStrips(tracks, layout);
        let yPx = 0;
        strips.blocks.forEach((block, index) => {
          expect(block.yPx).toBe(yPx);
          expect(block.heightPx).toBeGreaterThan(0);
          expect(block.pinned).toBe(index < strips.pinnedCount);
          yPx += block.heightPx;
        });
        expect(strips.totalPx).toBe(yPx);
      }),
    );
  });

  it("keeps the lines of a block inside of it and apart from each other", () => {
    fc.assert(
      fc.property(randomTracks, randomLayout, (tracks, layout) => {
        const strips = layoutStrips(tracks, layout);
        let bottom = 0;
        for (const line of linesBetween(strips, 0, strips.totalPx)) {
          expect(line.yPx).toBeGreaterThanOrEqual(bottom);
          expect(line.yPx).toBeGreaterThanOrEqual(line.block.yPx);
          bottom = line.yPx + line.heightPx;
          expect(bottom).toBeLessThanOrEqual(line.block.yPx + line.block.heightPx);
        }
      }),
    );
  });

  it("gives the same lines for a window as for the whole, cut to the window", () => {
    fc.assert(
      fc.property(
        randomTracks,
        randomLayout,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(600),
        (tracks, layout, at, heightPx) => {
          const strips = layoutStrips(tracks, layout);
          const from = at * strips.totalPx;
          const inWindow = linesBetween(strips, from, from + heightPx).map((line) => line.key);
          const ofAll = linesBetween(strips, 0, strips.totalPx).filter(
            (line) => line.yPx < from + heightPx && line.yPx + line.heightPx > from,
          );
          expect(inWindow).toEqual(ofAll.map((line) => line.key));
        },
      ),
    );
  });

  it("finds the line and the block at the place where they are drawn", () => {
    fc.assert(
      fc.property(randomTracks, randomLayout, (tracks, layout) => {
        const strips = layoutStrips(tracks, layout);
        for (const line of linesBetween(strips, 0, Math.min(strips.totalPx, 2000))) {
          expect(lineAt(strips, line.yPx + line.heightPx / 2)?.key).toBe(line.key);
          expect(blockAt(strips, line.yPx)?.track.id).toBe(line.block.track.id);
        }
        expect(lineAt(strips, strips.totalPx + 1)).toBeNull();
      }),
    );
  });

  it("places every row of a visible track, or the folded track that stands for it", () => {
    fc.assert(
      fc.property(randomTracks, randomLayout, (tracks, layout) => {
        const strips = layoutStrips(tracks, layout);
        for (const { track: each } of strips.blocks) {
          for (let row = each.firstRow; row < each.firstRow + Math.min(each.rowCount, 5); row++) {
            const place = placeOfRow(strips, each.id, row);
            expect(place).not.toBeNull();
            if (place?.exact === true) expect(lineAt(strips, place.yPx + 1)?.key).toBe(`r${row}`);
          }
        }
      }),
    );
  });

  it("never shows a hidden track or anything below it", () => {
    fc.assert(
      fc.property(randomTracks, randomLayout, (tracks, layout) => {
        const shown = new Set(layoutStrips(tracks, layout).blocks.map((block) => block.track.id));
        const isHidden = (id: number | null): boolean =>
          id !== null && (layout.hidden.has(id) || isHidden(tracks[id]?.parent ?? null));
        for (const id of shown) expect(isHidden(id)).toBe(false);
      }),
    );
  });

  it("draws a collapsed process as one merged strip of its outermost rows", () => {
    const tracks = [
      track(0, { kind: "process", rowCount: 0, firstRow: 0 }),
      track(1, { parent: 0, firstRow: 0, rowCount: 4, laneRows: [3] }),
      track(2, { parent: 0, firstRow: 4, rowCount: 2 }),
    ];
    const strips = layoutStrips(tracks, { ...plainLayout, collapsed: new Set([0]) });
    const lines = linesBetween(strips, 0, strips.totalPx);
    expect(lines.map((line) => line.strip)).toEqual([{ kind: "rows", rows: [0, 3, 4] }]);
    expect(placeOfRow(strips, 1, 2)).toMatchObject({ yPx: 0, exact: false });
    expect(rowsOf(lines).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("draws a collapsed thread as its first row", () => {
    const strips = layoutStrips([track(0, { rowCount: 5, instantCount: 3 })], {
      ...plainLayout,
      collapsed: new Set([0]),
    });
    expect(linesBetween(strips, 0, strips.totalPx).map((line) => line.key)).toEqual(["r0"]);
  });

  it("orders siblings by the user's order, then sort index, then id", () => {
    const tracks = [track(0, { sortIndex: 1 }), track(1), track(2), track(3, { sortIndex: -1 })];
    const ids = (order: ReadonlyMap<number, number>): number[] =>
      layoutStrips(tracks, { ...plainLayout, order: { process: order, role: new Map() } }).blocks.map(
        (block) => block.track.id,
      );
    expect(ids(new Map())).toEqual([3, 1, 2, 0]);
    expect(
      ids(
        new Map([
          [3, 3],
          [1, 1],
          [2, 0],
          [0, 2],
        ]),
      ),
    ).toEqual([2, 1, 0, 3]);
  });

  it("places tracks that hang one below the other, however many", () => {
    const tracks = Array.from({ length: 20_000 }, (_, id) => track(id, { parent: id === 0 ? null : id - 1 }));
    const { blocks } = layoutStrips(tracks, { ...plainLayout, pinned: [19_998] });
    expect(blocks.map(({ track: { id }, level }) => [id, level]).slice(0, 4)).toEqual([
      [19_998, 0],
      [19_999, 1],
      [0, 0],
      [1, 1],
    ]);
    expect(blocks.length).toBe(20_000);
  });

  it("keeps the holders and the contents of tracks that match the filter", () => {
    const tracks = [
      track(0, { kind: "process", name: "python", rowCount: 0 }),
      track(1, { parent: 0, name: "main" }),
      track(2, { parent: 0, name: "worker" }),
    ];
    const names = (filter: string): string[] =>
      layoutStrips(tracks, { ...plainLayout, filter }).blocks.map((block) => block.track.name);
    expect(names("MAIN ")).toEqual(["python", "main"]);
    expect(names("pyth")).toEqual(["python", "main", "worker"]);
    expect(names("nothing")).toEqual([]);
  });

  it("unfolds what holds tracks that match the filter, while there is one", () => {
    const tracks = [
      track(0, { kind: "process", name: "python", rowCount: 0 }),
      track(1, { parent: 0, name: "main", rowCount: 3 }),
    ];
    const shown = (filter: string) =>
      layoutStrips(tracks, { ...plainLayout, collapsed: new Set([0, 1]), filter }).blocks.map(
        ({ track: { name }, collapsed, collapsible }) => ({ name, collapsed, collapsible }),
      );
    expect(shown("main")).toEqual([
      { name: "python", collapsed: false, collapsible: false },
      { name: "main", collapsed: true, collapsible: true },
    ]);
    expect(shown("pyth")).toEqual([{ name: "python", collapsed: true, collapsible: true }]);
    expect(shown("")).toEqual([{ name: "python", collapsed: true, collapsible: true }]);
  });

  it("shows row heights of 12, 18 and 24 px and taller counters", () => {
    const tracks = [
      track(0, { rowCount: 3 }),
      track(1, { rowCount: 0, kind: "counter", sampleCount: 4, sampleRange: [0, 1] }),
    ];
    const heights = (rowHeight: "compact" | "normal" | "roomy"): number[] => {
      const strips = layoutStrips(tracks, { ...plainLayout, rowHeight });
      return linesBetween(strips, 0, strips.totalPx).map((line) => line.heightPx);
    };
    expect(heights("compact")).toEqual([12, 12, 12, 36]);
    expect(heights("normal")).toEqual([18, 18, 18, 36]);
    expect(heights("roomy")).toEqual([24, 24, 24, 36]);
  });

  it("reads only what a screen shows of ten thousand tracks with a thousand rows", () => {
    const tracks = Array.from({ length: 10_000 }, (_, id) => track(id, { firstRow: id * 1000, rowCount: 1000 }));
    const strips = layoutStrips(tracks, plainLayout);
    const lines = linesBetween(strips, 90_000_000, 90_001_080);
    expect(lines.length).toBeLessThanOrEqual(62);
    expect(lineAt(strips, 90_000_540)?.strip.kind).toBe("rows");
  });
});
