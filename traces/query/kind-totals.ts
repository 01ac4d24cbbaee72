import { spanKindNames, type SpanKindName } from "../model/span-kind.ts";
import { durationOf, SpanFlag, type Trace } from "../model/trace.ts";
import { isOpenEnded } from "./scope.ts";

export interface KindTotals {
  readonly kind: SpanKindName;
  readonly count: number;
  readonly totalNs: number;
}

/** Spans and time of each kind that occurs, in the order of the kinds. Open-ended spans and frames count but add no time. */
export function sumKinds(trace: Trace): KindTotals[] {
  const { spans } = trace;
  const count = new Float64Array(spanKindNames.length);
  const totalNs = new Float64Array(spanKindNames.length);
  for (const track of trace.tracks) {
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      const kind = spans.kind[span];
      count[kind]++;
      if (track.kind !== "frame" && !isOpenEnded(trace, span)) totalNs[kind] += durationOf(spans, span);
    }
  }
  return spanKindNames
    .map((kind, index) => ({ kind, count: count[index], totalNs: totalNs[index] }))
    .filter((totals) => totals.count > 0);
}

/** Time in which at least one closed span of the track runs; null for a track without spans. */
export function busyNsOfTrack({ spans, tracks }: Trace, track: number): number | null {
  const { firstSpan, spanCount } = tracks[track];
  if (spanCount === 0) return null;
  let busyNs = 0;
  let reachedNs = -Infinity;
  // Spans of a track, of all its lanes, are in order of their starts.
  for (let span: number = firstSpan; span < firstSpan + spanCount; span++) {
    if ((spans.flags[span] & SpanFlag.openEnded) !== 0) continue;
    const startNs = spans.startNs[span];
    const endNs = startNs + durationOf(spans, span);
    if (endNs <= reachedNs) continue;
    busyNs += endNs - Math.max(startNs, reachedNs);
    reachedNs = endNs;
  }
  return busyNs;
}
