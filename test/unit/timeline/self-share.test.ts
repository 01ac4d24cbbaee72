import { describe, expect, it } from "vitest";
import { kindOfSlot, shareVariant, toSlot, variantOfSlot } from "../../../traces/model/color-slot.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { durationOf, selfOf, type Trace } from "../../../traces/model/trace.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { createPicture } from "../../../traces/timeline/picture.ts";
import { createRowBlocks } from "../../../traces/timeline/row-blocks.ts";
import { createSelfShareTrace } from "../../../traces/timeline/self-share.ts";

/** Parents of 100 ns side by side, each with a child of another length: two rows, both with a mipmap. */
function families(count: number): Trace {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "t" });
  const category = builder.category("c");
  for (let i = 0; i < count; i++) {
    builder.ledger.read();
    builder.addSpan(track, i * 100, 100, builder.intern(`parent ${i % 7}`), SpanKind.phase, category, 0);
    builder.ledger.read();
    builder.addSpan(track, i * 100, (i * 37) % 101, builder.intern("child"), SpanKind.op, category, 0);
  }
  return builder.seal({ name: "t", format: "test", formatLabel: "Test", facts: [] });
}

const pictureOf = (trace: Trace, startNs: number, endNs: number, widthPx: number) =>
  createPicture(
    trace,
    { strips: [0, 1].map((row) => ({ kind: "rows", rows: [row] })), startNs, endNs, widthPx, minBoxPx: 4 },
    null,
    createRowBlocks(trace),
  );

describe("slots by self share", () => {
  it.each([
    [0, 100, 0],
    [6, 100, 0],
    [7, 100, 1],
    [50, 100, 8],
    [99, 100, 15],
    [100, 100, 15],
    [0, 0, 15],
  ])("%i of %i ns is variant %i", (selfNs, durationNs, variant) => {
    expect(shareVariant(selfNs, durationNs)).toBe(variant);
  });

  it("tell kind and share of every span of the rows asked for, and leave the trace as it was", () => {
    const trace = families(2000);
    const before = pictureOf(trace, 0, 200_000, 800);
    const share = createSelfShareTrace(trace);
    runSliced(share.prepare([1, 0]));
    for (let span = 0; span < trace.spans.length; span++) {
      const variant = shareVariant(selfOf(trace.spans, span), durationOf(trace.spans, span));
      expect(share.trace.spans.slot[span]).toBe(toSlot(trace.spans.kind[span], variant));
    }
    expect(pictureOf(trace, 0, 200_000, 800)).toEqual(before);
  });

  it("give far pictures the share of the longest overlap, at the occupancy of the other colors", () => {
    const trace = families(40_000);
    const share = createSelfShareTrace(trace);
    expect(trace.rows.detail.mipmapFirst[2]).toBeGreaterThan(0);
    runSliced(share.prepare([0, 1]));
    const far = pictureOf(share.trace, 0, trace.meta.durationNs, 512);
    const plain = pictureOf(trace, 0, trace.meta.durationNs, 512);
    expect(far.texels.map((texel) => texel >> 8)).toEqual(plain.texels.map((texel) => texel >> 8));
    const slots = [...far.texels].map((texel) => texel & 255);
    expect(slots.slice(0, 512).every((slot) => kindOfSlot(slot) === SpanKind.phase)).toBe(true);
    // Of the children next to each other the longest names the color: leaves, all of whose time is their own.
    expect(new Set(slots.slice(512).map((slot) => variantOfSlot(slot)))).toEqual(new Set([15]));
    // Parents of one cell have any share from 0 to 1, not what their names were.
    expect(new Set(slots.slice(0, 512).map((slot) => variantOfSlot(slot))).size).toBeGreaterThan(4);
  });

  it("cost nothing the second time", () => {
    const share = createSelfShareTrace(families(2000));
    runSliced(share.prepare([0, 1]));
    expect(share.prepare([0, 1]).next().done).toBe(true);
  });
});
