import { SpanKind, spanKindNames, type SpanKindName } from "../model/span-kind.ts";
import { durationOf, longDuration, SpanFlag, type SpanTable, type Trace, type TrackKind } from "../model/trace.ts";

/** What one pass over all spans tells. */
export interface SpanSums {
  /** Kinds that occur, in the order of the kinds. */
  readonly kinds: readonly KindTotals[];
  /**
   * Time in which at least one closed span of the track runs, by TrackId; null for a track without spans. Annotations over
   * the work of a device are no work.
   */
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

/** Spans added up at once: so small that the loop is compiled by its calls, however few tracks there are. */
const piece = 512;

/** Sums up all spans of a trace in one pass: memory is what it waits for. */
export function sumSpans(trace: Trace): SpanSums {
  const { spans, tracks, strings } = trace;
  const kindCount = new Float64Array(spanKindNames.length);
  const kindNs = new Float64Array(spanKindNames.length);
  const names = { count: new Uint32Array(strings.length), totalNs: new Float64Array(strings.length) };
  const sums: RunningSums = { kindCount, kindNs, names, steps: [], busyNs: 0, reachedNs: 0 };
  const busyNs: (number | null)[] = [];
  for (const track of tracks) {
    const end = track.firstSpan + track.spanCount;
    sums.busyNs = 0;
    sums.reachedNs = -Infinity;
    for (let first: number = track.firstSpan; first < end; first += piece)
      addSpans(sums, spans, [first, Math.min(end, first + piece)], track.kind);
    busyNs.push(track.spanCount === 0 ? null : sums.busyNs);
  }
  const kinds = spanKindNames
    .map((each, index) => ({ kind: each, count: kindCount[index], totalNs: kindNs[index] }))
    .filter(({ count }) => count > 0);
  return { kinds, busyNs, names, steps: Uint32Array.from(sums.steps) };
}

interface RunningSums {
  readonly kindCount: Float64Array;
  readonly kindNs: Float64Array;
  readonly names: NameTotals;
  readonly steps: number[];
  /** Of the track so far, and where its last span ends. */
  busyNs: number;
  reachedNs: number;
}

function addSpans(
  sums: RunningSums,
  spans: SpanTable,
  [first, end]: readonly [first: number, end: number],
  trackKind: TrackKind,
): void {
  const countsTime = trackKind !== "frame";
  const isDevice = trackKind === "stream";
  const { kind, flags, name, startNs, packedDurationNs } = spans;
  const { kindCount, kindNs, names, steps } = sums;
  let { busyNs, reachedNs } = sums;
  for (let span = first; span < end; span++) {
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
    if (isDevice && (itsKind === SpanKind.phase || itsKind === SpanKind.step)) continue;
    // Spans of a track, of all its lanes, are in order of their starts.
    const start = startNs[span];
    const spanEnd = start + durationNs;
    if (spanEnd <= reachedNs) continue;
    busyNs += spanEnd - Math.max(start, reachedNs);
    reachedNs = spanEnd;
  }
  sums.busyNs = busyNs;
  sums.reachedNs = reachedNs;
}
