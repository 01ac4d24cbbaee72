import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindOfSlot } from "../../../traces/model/color-slot.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { finestCells } from "../../../traces/model/level-of-detail.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { durationOf, endOf, type Trace } from "../../../traces/model/trace.ts";
import { pickStrip } from "../../../traces/timeline/pick.ts";
import { createPicture, drawPicture } from "../../../traces/timeline/picture.ts";
import { createRowBlocks } from "../../../traces/timeline/row-blocks.ts";
import { boxHitFlag, type Picture } from "../../../traces/timeline/view.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";

interface Spec {
  readonly gap: number;
  readonly duration: number;
  readonly kind: number;
}

/** One row of disjoint spans. */
function rowOf(specs: readonly Spec[], tailNs = 0): Trace {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "t" });
  let at = 0;
  const add = (duration: number, kind: number): void => {
    builder.ledger.read();
    builder.addSpan(track, at, duration, builder.intern(`k${kind}`), kind as SpanKind, builder.category("c"), 0);
    at += duration;
  };
  add(1, 0);
  for (const { gap, duration, kind } of specs) {
    at += gap;
    add(duration, kind);
  }
  at += tailNs;
  if (tailNs > 0) add(1, 0);
  return builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
}

/** Covered part of every pixel, span by span; NaN where no span lies in the pixel. */
function bruteForce(trace: Trace, row: number, startNs: number, endNs: number, widthPx: number): Float64Array {
  const covered = new Float64Array(widthPx).fill(NaN);
  const pxPerNs = widthPx / (endNs - startNs);
  for (let position = trace.rows.first[row]; position < trace.rows.first[row + 1]; position++) {
    const span = trace.rows.span[position];
    const from = (trace.spans.startNs[span] - startNs) * pxPerNs;
    const to = (endOf(trace.spans, span) - startNs) * pxPerNs;
    for (let px = Math.max(0, Math.floor(from)); px < widthPx && (px < to || px === Math.floor(from)); px++) {
      covered[px] = (Number.isNaN(covered[px]) ? 0 : covered[px]) + Math.min(to, px + 1) - Math.max(from, px);
    }
  }
  return covered;
}

const draw = (trace: Trace, startNs: number, endNs: number, widthPx: number, rows = [0]): Picture =>
  createPicture(
    trace,
    { strips: rows.map((row) => ({ kind: "rows", rows: [row] })), startNs, endNs, widthPx, minBoxPx: 4 },
    null,
  );

function manySpans(count: number): Spec[] {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  return Array.from({ length: count }, () => ({
    gap: random(5) === 0 ? random(40_000) : random(60),
    duration: random(9) === 0 ? random(20_000) : random(300),
    kind: random(5),
  }));
}

describe("picture", () => {
  it("equals a brute-force raster at near zooms (± 1/255), and shows every pixel that holds a span", () => {
    const spec = fc.record({
      gap: fc.integer({ min: 0, max: 400 }),
      duration: fc.integer({ min: 0, max: 900 }),
      kind: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(
        fc.array(spec, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 97 }),
        fc.double({ min: 0, max: 0.8, noNaN: true }),
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        (specs, widthPx, from, part) => {
          const trace = rowOf(specs);
          const startNs = Math.floor(from * trace.meta.durationNs);
          const endNs = startNs + Math.max(1, Math.ceil(part * trace.meta.durationNs));
          const picture = draw(trace, startNs, endNs, widthPx);
          const expected = bruteForce(trace, 0, startNs, endNs, widthPx);
          for (let px = 0; px < widthPx; px++) {
            const occupancy = picture.texels[px] >> 8;
            if (Number.isNaN(expected[px])) expect(occupancy).toBe(0);
            else expect(Math.abs(occupancy - Math.max(1, Math.min(255, expected[px] * 255)))).toBeLessThanOrEqual(1.01);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("stays within 1/255 of the brute-force raster through the mipmap, reading at most 3 cells a pixel", () => {
    const trace = rowOf(manySpans(30_000));
    const { durationNs } = trace.meta;
    const spansOnly = {
      strips: [{ kind: "rows", rows: [0] }],
      startNs: 0,
      endNs: durationNs,
      minBoxPx: Infinity,
    } as const;
    // 32,768 cells: whole cells a pixel, so that nothing but rounding differs.
    for (const widthPx of [1024, 2048, 4096]) {
      const picture = createPicture(trace, { ...spansOnly, widthPx }, null);
      const expected = bruteForce(trace, 0, 0, durationNs, widthPx);
      for (let px = 0; px < widthPx; px++) {
        const exact = Number.isNaN(expected[px]) ? 0 : Math.max(1, Math.min(255, expected[px] * 255));
        expect(Math.abs((picture.texels[px] >> 8) - exact)).toBeLessThanOrEqual(1);
      }
      expect(picture.cellsRead).toBeLessThanOrEqual(3 * widthPx);
    }
    // Any other width splits cells; the busy time of the whole must survive it.
    for (const widthPx of [997, 1900, 3840]) {
      const picture = createPicture(trace, { ...spansOnly, widthPx }, null);
      const drawn = picture.texels.reduce((sum, texel) => sum + (texel >> 8), 0) / 255 / widthPx;
      const busy =
        bruteForce(trace, 0, 0, durationNs, widthPx).reduce((sum, part) => sum + (Number.isNaN(part) ? 0 : part), 0) /
        widthPx;
      expect(Math.abs(drawn / busy - 1)).toBeLessThan(0.02);
      expect(picture.cellsRead).toBeLessThanOrEqual(3 * widthPx);
    }
  });

  it("shows a lone span of 1 ns in an hour", () => {
    const trace = rowOf([{ gap: 1_800_000_000_000, duration: 1, kind: 5 }], 1_800_000_000_000);
    const picture = draw(trace, 0, trace.meta.durationNs, 1000);
    expect(picture.texels[500] >> 8).toBeGreaterThan(0);
    expect(kindOfSlot(picture.texels[500] & 255)).toBe(SpanKind.kernel);
  });

  it("takes the color of the longest span of a pixel", () => {
    const trace = rowOf([
      { gap: 0, duration: 30, kind: 3 },
      { gap: 0, duration: 40, kind: 5 },
      { gap: 0, duration: 20, kind: 9 },
    ]);
    expect(kindOfSlot(draw(trace, 0, trace.meta.durationNs, 1).texels[0] & 255)).toBe(5);
  });

  it.each([
    [0.2, 0.4, 1500],
    [0.5, 0.503, 1500],
    [0.5, 0.5001, 700],
    [0, 1, 3840],
    [-0.3, 1.4, 97],
  ])("gives exactly the spans of at least the asked width as boxes, with their edges: %d–%d, %d px", (...view) => {
    const trace = rowOf(manySpans(6000));
    const [startNs, endNs] = [view[0], view[1]].map((part) => Math.floor(trace.meta.durationNs * part));
    const widthPx = view[2];
    const nsPerPx = (endNs - startNs) / widthPx;
    const picture = draw(trace, startNs, endNs, widthPx);
    const expected: number[] = [];
    for (let span = 0; span < trace.spans.length; span++) {
      const meets = endOf(trace.spans, span) > startNs && trace.spans.startNs[span] < endNs;
      if (meets && durationOf(trace.spans, span) >= 4 * nsPerPx) expected.push(span);
    }
    expect([...picture.boxes.span]).toEqual(expected);
    expected.forEach((span, i) => {
      expect(picture.boxes.leftPx[i]).toBeCloseTo(Math.max(-8, (trace.spans.startNs[span] - startNs) / nsPerPx), 2);
      expect(picture.boxes.rightPx[i]).toBeCloseTo(
        Math.min(widthPx + 8, (endOf(trace.spans, span) - startNs) / nsPerPx),
        2,
      );
    });
  });

  it("draws few spans far apart from a cell each", () => {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "thread", name: "t" });
    const name = builder.intern("span");
    const category = builder.category("c");
    let at = 0;
    for (let parent = 0; parent < 6000; parent++) {
      const duration = 100 + ((parent * 7919) % 300);
      builder.addSpan(track, at, duration, name, SpanKind.op, category, 0);
      for (let child = 0; child < 20; child++)
        builder.addSpan(track, at + child * 5, 3, name, SpanKind.op, category, 0);
      at += duration + ((parent * 104_729) % 400);
    }
    builder.ledger.read(6000 * 21);
    const trace = builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
    const widthPx = 8192;
    const picture = draw(trace, 0, trace.meta.durationNs, widthPx);
    expect(picture.cellsRead).toBeLessThan(widthPx + trace.rows.first[1]);
    const expected = bruteForce(trace, 0, 0, trace.meta.durationNs, widthPx);
    for (let px = 0; px < widthPx; px++) {
      const exact = Number.isNaN(expected[px]) ? 0 : Math.max(1, Math.min(255, expected[px] * 255));
      expect(Math.abs((picture.texels[px] >> 8) - exact)).toBeLessThanOrEqual(1);
    }
    const cells = (row: number): number => {
      const { mipmapFirst } = trace.rows.detail;
      return finestCells(mipmapFirst[row + 1] - mipmapFirst[row]);
    };
    expect([cells(0), cells(1)]).toEqual([8192, 32_768]);
  });

  it("keeps the longest 4,096 boxes of many rows", () => {
    const builder = createTraceBuilder();
    const trackCount = 24;
    for (let t = 0; t < trackCount; t++) {
      const track = builder.addTrack({ kind: "thread", name: `t${t}` });
      for (let i = 0; i < 700; i++) {
        builder.ledger.read();
        const duration = 40 + ((i * 7919 + t * 104_729) % 60);
        builder.addSpan(track, i * 100, duration, builder.intern("n"), SpanKind.op, builder.category("c"), 0);
      }
    }
    const trace = builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
    const rows = Array.from({ length: trackCount }, (_, row) => row);
    const { boxes } = draw(trace, 0, trace.meta.durationNs, 14_000, rows);
    const longestFirst = (durations: number[]): number[] => durations.toSorted((a, b) => b - a);
    const all = longestFirst(Array.from({ length: trace.spans.length }, (_, span) => durationOf(trace.spans, span)));
    expect(boxes.span.length).toBe(4096);
    expect(longestFirst(Array.from(boxes.span, (span) => durationOf(trace.spans, span)))).toEqual(all.slice(0, 4096));
    boxes.span.forEach((span, i) => expect(boxes.strip[i]).toBe(Math.floor(span / 700)));
  });

  it("merges the rows of a collapsed group into the fullest of each pixel", () => {
    const trace = traceFromText(`
      a | x---
      b |     y---
    `);
    const picture = createPicture(
      trace,
      { strips: [{ kind: "rows", rows: [0, 1] }], startNs: 0, endNs: 8000, widthPx: 8, minBoxPx: 4 },
      null,
    );
    expect([...picture.texels].map((texel) => texel >> 8)).toEqual([255, 255, 255, 255, 255, 255, 255, 255]);
    expect(picture.boxes.span.length).toBe(0);
  });

  it("merges no further rows once every pixel is full", () => {
    const builder = createTraceBuilder();
    const rowCount = 5000;
    for (let t = 0; t < rowCount; t++) {
      const track = builder.addTrack({ kind: "thread", name: `t${t}` });
      builder.addSpan(track, 0, 1000, builder.intern("all"), SpanKind.op, builder.category("c"), 0);
    }
    builder.ledger.read(rowCount);
    const trace = builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
    const rows = Array.from({ length: rowCount }, (_, row) => row);
    const picture = createPicture(
      trace,
      { strips: [{ kind: "rows", rows }], startNs: 0, endNs: 1000, widthPx: 800, minBoxPx: 4 },
      null,
    );
    expect(picture.texels.every((texel) => texel >> 8 === 255)).toBe(true);
    expect(picture.cellsRead).toBeLessThan(100);
  });

  it("pauses while it merges very many rows, and others may be drawn meanwhile", () => {
    const builder = createTraceBuilder();
    const rowCount = 20_000;
    for (let t = 0; t < rowCount; t++) {
      const track = builder.addTrack({ kind: "thread", name: `t${t}` });
      builder.addSpan(track, t, 1 + (t % 7), builder.intern("turn"), SpanKind.op, builder.category("c"), 0);
    }
    builder.ledger.read(rowCount);
    const trace = builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
    const rows = Array.from({ length: rowCount }, (_, row) => row);
    const ofRows = (some: readonly number[]): Parameters<typeof createPicture>[1] => ({
      strips: [{ kind: "rows", rows: some }],
      startNs: 0,
      endNs: rowCount,
      widthPx: 800,
      minBoxPx: 4,
    });
    const blocks = createRowBlocks(trace);
    const work = drawPicture(trace, ofRows(rows), null, blocks);
    let pauses = 0;
    let step = work.next();
    for (; step.done !== true; step = work.next()) {
      pauses++;
      createPicture(trace, ofRows(rows.slice(0, 40)), null, blocks);
    }
    expect(pauses).toBeGreaterThan(1);
    expect(step.value.texels).toEqual(createPicture(trace, ofRows(rows), null).texels);
    expect(step.value.cellsRead).toBe(rowCount);
  });

  it("marks the pixels and boxes of search hits only", () => {
    const trace = traceFromText(`
      a | x---y---x---
    `);
    const hits = [0, 2];
    const picture = createPicture(
      trace,
      { strips: [{ kind: "rows", rows: [0] }], startNs: 0, endNs: 12_000, widthPx: 12, minBoxPx: 2 },
      { has: (span) => hits.includes(span), ofRow: () => hits },
    );
    expect([...picture.hits].join("")).toBe("111100001111");
    expect([...picture.boxes.flags].map((flags) => (flags & boxHitFlag) !== 0)).toEqual([true, false, true]);
  });

  it("shows instants once a pixel and counters as smallest, largest and last value", () => {
    const builder = createTraceBuilder();
    const thread = builder.addTrack({ kind: "thread", name: "t" });
    const counter = builder.addTrack({ kind: "counter", name: "queue" });
    const category = builder.category("c");
    for (const time of [0, 10, 11, 95]) builder.addInstant(thread, time, builder.intern("i"), category, 0, 0);
    for (const [time, value] of [
      [20, 5],
      [21, 9],
      [22, 1],
      [60, 4],
    ] as const)
      builder.addSample(counter, time, value);
    builder.addInstant(thread, 100, builder.intern("end"), category, 0, 0);
    builder.ledger.read(5);
    const trace = builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
    const picture = createPicture(
      trace,
      {
        strips: [
          { kind: "instants", track: 0 },
          { kind: "counter", track: 1 },
        ],
        startNs: 0,
        endNs: 100,
        widthPx: 10,
        minBoxPx: 4,
      },
      null,
    );
    expect([...picture.marks.instant]).toEqual([0, 1, 3]);
    expect([...picture.marks.xPx]).toEqual([0, 1, 9.5]);
    const { min, max, last } = picture.counters[0];
    expect([...last]).toEqual([NaN, NaN, 1, 1, 1, 1, 4, 4, 4, 4]);
    expect([min[2], max[2]]).toEqual([1, 9]);
    expect([min[6], max[6]]).toEqual([1, 4]);
    expect(pickStrip(trace, { kind: "instants", track: 0 }, 5, 20)).toEqual({ kind: "instant", instant: 1, count: 2 });
    expect(pickStrip(trace, { kind: "counter", track: 1 }, 30, 40)).toEqual({ kind: "sample", sample: 2 });
    expect(pickStrip(trace, { kind: "counter", track: 1 }, 0, 10)).toBeNull();
  });

  it("picks the longest span of a strip in a range, like a search over all of them", () => {
    const trace = rowOf(manySpans(9000));
    for (const [from, to] of [
      [0.1, 0.9],
      [0.5, 0.5001],
      [0, 1],
      [0.31, 0.32],
    ] as const) {
      const startNs = Math.floor(from * trace.meta.durationNs);
      const endNs = Math.ceil(to * trace.meta.durationNs);
      let longest = -1;
      let count = 0;
      for (let span = 0; span < trace.spans.length; span++) {
        const start = trace.spans.startNs[span];
        if (start >= endNs || !(endOf(trace.spans, span) > startNs || start >= startNs)) continue;
        count++;
        longest = Math.max(longest, durationOf(trace.spans, span));
      }
      const picked = pickStrip(trace, { kind: "rows", rows: [0] }, startNs, endNs);
      if (count === 0) {
        expect(picked).toBeNull();
        continue;
      }
      expect(picked).toMatchObject({ kind: "span", count });
      expect(picked?.kind === "span" && durationOf(trace.spans, picked.span)).toBe(longest);
    }
  });
});
