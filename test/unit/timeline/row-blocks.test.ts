import { describe, expect, it } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { durationOf, type Trace } from "../../../traces/model/trace.ts";
import { createPicture } from "../../../traces/timeline/picture.ts";
import { createRowBlocks } from "../../../traces/timeline/row-blocks.ts";

/** A parent row of few spans, some of them long, over a row of many. */
function twoRows(parents: number, childrenEach: number): Trace {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "t" });
  const name = builder.intern("span");
  const category = builder.category("c");
  let at = 0;
  for (let parent = 0; parent < parents; parent++) {
    const isLong = parent % 100 === 0;
    const duration = isLong ? 5_000_000_000 : 10 * childrenEach;
    builder.addSpan(track, at, duration, name, SpanKind.op, category, 0);
    for (let child = 0; child < childrenEach; child++) {
      builder.addSpan(track, at + child * 10, 1 + (child % 9), name, SpanKind.kernel, category, 0);
    }
    at += duration + 5;
  }
  builder.ledger.read(parents * (childrenEach + 1));
  return builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
}

describe("row blocks", () => {
  it("hold the times and colors of every position of every row", () => {
    const trace = twoRows(500, 20);
    const blocks = createRowBlocks(trace);
    for (let row = 0; row < trace.rows.length; row++) {
      const first = trace.rows.first[row];
      const count = trace.rows.first[row + 1] - first;
      for (let position = 0; position < count; position++) {
        const span = trace.rows.span[first + position];
        // Sometimes the whole rest of the row is in view, sometimes a single span.
        const block = blocks.of(row, position, position % 3 === 0 ? position + 1 : count);
        const at = position - block.first;
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThan(block.length);
        expect([block.startNs[at], block.durationNs[at], block.slot[at]]).toEqual([
          trace.spans.startNs[span],
          durationOf(trace.spans, span),
          trace.spans.slot[span],
        ]);
      }
    }
    expect(blocks.kept(1, 5000)).toBe(blocks.of(1, 4999, 9000));
    expect(createRowBlocks(trace).kept(1, 5000)).toBeNull();
  });

  it("change nothing in a picture, whatever was drawn before", () => {
    const trace = twoRows(500, 20);
    const strips = [0, 1].map((row) => ({ kind: "rows" as const, rows: [row] }));
    const shared = createRowBlocks(trace);
    for (const part of [1, 0.3, 0.01, 0.5, 0.001]) {
      const endNs = trace.meta.durationNs * part;
      const request = { strips, startNs: endNs * 0.2, endNs, widthPx: 500, minBoxPx: 4 };
      expect(createPicture(trace, request, null, shared)).toEqual(createPicture(trace, request, null));
    }
  });
});
