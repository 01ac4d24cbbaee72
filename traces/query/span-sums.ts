import { SpanKind, spanKindNames, type SpanKindName } from "../model/span-kind.ts";
import { durationOf, longDuration, SpanFlag, type Trace } from "../model/trace.ts";

/** What one pass over all spans tells. */
export interface SpanSums {
  /** Kinds that occur, in the order of the kinds. */
  readonly kinds: readonly KindTotals[];
  /** Time in which at least one closed span of the track runs, by TrackId; null for a track without spans. */
  readonly busyNs: readonly (number | null)[];
  readonly names: NameTotals;
  /** SpanIds of kind step, ascending. */
  readonly steps: Uint32Array;
}

/** Open-ended spans and frames count but add no time. */
export interface KindTotals {
  readonly kind: SpanKindName;
  readonly count: number;
  readonly totalNs: number;
}

/** Closed spans by StringId: how many, and their time; open-ended ones are in `count` alone. */
export interface NameTotals {
  readonly count: Uint32Array;
  readonly totalNs: Float64Array;
}

/** Sums up all spans of a trace in one pass: memory is what it waits for. */
export function sumSpans(trace: Trace): SpanSums {
  const { spans, tracks, strings } = trace;
  const { kind, flags, name, startNs, packedDurationNs } = spans;
  const kindCount = new Float64Array(spanKindNames.length);
  const kindNs = new Float64Array(spanKindNames.length);
  const names = { count: new Uint32Array(strings.length), totalNs: new Float64Array(strings.length) };
  const steps: number[] = [];
  const busyNs: (number | null)[] = [];
  for (const track of tracks) {
    const countsTime = track.kind !== "frame";
    let busy = 0;
    let reachedNs = -Infinity;
    const first: number = track.firstSpan;
    // Spans of a track, of all its lanes, are in order of their starts.
    for (let span = first; span < first + track.spanCount; span++) {
      const itsKind = kind[span];
      const itsName = name[span];
      if (itsKind === SpanKind.step) steps.push(span);
      kindCount[itsKind]++;
      names.count[itsName]++;
      if (flags !== undefined && (flags[span] & SpanFlag.openEnded) !== 0) continue;
      const packed = packedDurationNs[span];
      const durationNs = packed === longDuration ? durationOf(spans, span) : packed;
      names.totalNs[itsName] += durationNs;
      if (countsTime) kindNs[itsKind] += durationNs;
      const start = startNs[span];
      const end = start + durationNs;
      if (end <= reachedNs) continue;
      busy += end - Math.max(start, reachedNs);
      reachedNs = end;
    }
    busyNs.push(track.spanCount === 0 ? null : busy);
  }
  const kinds = spanKindNames
    .map((each, index) => ({ kind: each, count: kindCount[index], totalNs: kindNs[index] }))
    .filter(({ count }) => count > 0);
  return { kinds, busyNs, names, steps: Uint32Array.from(steps) };
}
