import { lowerBound } from "../model/column.ts";
import { durationOf, type Trace } from "../model/trace.ts";
import { rangeOfRow } from "./row-range.ts";
import { sumRow } from "./row-sums.ts";
import type { Strip } from "./view.ts";

/** What lies under a point of the timeline. `busyNs` of many spans is a sum of float32 node sums: for display. */
export type Picked =
  | { readonly kind: "span"; readonly span: number; readonly count: number; readonly busyNs: number }
  | { readonly kind: "instant"; readonly instant: number; readonly count: number }
  | { readonly kind: "sample"; readonly sample: number };

/** The longest span (or first instant, or holding sample) of the strip in [startNs, endNs); null when there is none. */
export function pickStrip(trace: Trace, strip: Strip, startNs: number, endNs: number): Picked | null {
  switch (strip.kind) {
    case "rows":
      return pickSpan(trace, strip.rows, startNs, endNs);
    case "instants": {
      const { firstInstant, instantCount } = trace.tracks[strip.track];
      const end = firstInstant + instantCount;
      const first = lowerBound(trace.instants.timeNs, startNs, firstInstant, end);
      const behind = lowerBound(trace.instants.timeNs, endNs, first, end);
      return first < behind ? { kind: "instant", instant: first, count: behind - first } : null;
    }
    case "counter": {
      const { firstSample, sampleCount } = trace.tracks[strip.track];
      const behind = lowerBound(trace.counters.timeNs, endNs, firstSample, firstSample + sampleCount);
      return behind > firstSample ? { kind: "sample", sample: behind - 1 } : null;
    }
  }
}

function pickSpan(trace: Trace, rows: readonly number[], startNs: number, endNs: number): Picked | null {
  let best = -1;
  let bestNs = -1;
  let count = 0;
  let busyNs = 0;
  for (const row of rows) {
    const first = trace.rows.first[row];
    const { begin, end } = rangeOfRow(trace, row, startNs, endNs);
    if (begin >= end) continue;
    const group = sumRow(trace, row, begin, end);
    const span = trace.rows.span[first + group.longest];
    count += end - begin;
    busyNs += group.busyNs;
    if (durationOf(trace.spans, span) > bestNs) {
      bestNs = durationOf(trace.spans, span);
      best = span;
    }
  }
  return best < 0 ? null : { kind: "span", span: best, count, busyNs };
}
