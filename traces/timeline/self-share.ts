import { shareVariant, toSlot } from "../model/color-slot.ts";
import { createMipmapSlots } from "../model/level-of-detail.ts";
import { durationOf, selfOf, type SpanTable, type Trace } from "../model/trace.ts";
import { type Sliced, spansPerSlice } from "../model/sliced.ts";

/** A trace whose slots tell kind and self share, where they told kind and name. */
export interface SelfShareTrace {
  /** The same columns, slots aside; slots hold only for rows that were prepared. */
  readonly trace: Trace;
  /** Makes the slots of rows ready to be drawn, and of the tracks they belong to. Once done it costs nothing. */
  prepare(rows: readonly number[]): Sliced<void>;
}

/**
 * Slots by self share for pictures of `trace`, made row by row when they are first drawn: a byte a span and a byte a
 * mipmap cell of its own, nothing where nobody asks. Rows that two callers prepare at once get the same bytes twice.
 */
export function createSelfShareTrace(trace: Trace): SelfShareTrace {
  const { spans, rows } = trace;
  const spanSlot = new Uint8Array(spans.length);
  const cellSlot = new Uint8Array(rows.detail.slot.length);
  const readyTracks = new Uint8Array(trace.tracks.length);
  const readyRows = new Uint8Array(rows.length);
  return {
    trace: {
      ...trace,
      spans: { ...spans, slot: spanSlot },
      rows: { ...rows, detail: { ...rows.detail, slot: cellSlot } },
    },
    *prepare(wanted) {
      for (const row of wanted) {
        if (readyRows[row] === 1) continue;
        const track = rows.track[row];
        if (readyTracks[track] === 0) {
          const { firstSpan, spanCount } = trace.tracks[track];
          for (let from: number = firstSpan; from < firstSpan + spanCount; from += spansPerSlice) {
            fillSpanSlots(spans, from, Math.min(firstSpan + spanCount, from + spansPerSlice), spanSlot);
            yield;
          }
          readyTracks[track] = 1;
        }
        yield* createMipmapSlots(spans, rows, row, trace.meta.durationNs, spanSlot, cellSlot, spansPerSlice);
        readyRows[row] = 1;
      }
    },
  };
}

function fillSpanSlots(spans: SpanTable, begin: number, end: number, out: Uint8Array): void {
  for (let span = begin; span < end; span++)
    out[span] = toSlot(spans.kind[span], shareVariant(selfOf(spans, span), durationOf(spans, span)));
}
