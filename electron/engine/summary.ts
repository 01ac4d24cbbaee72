import { runSliced } from "../../traces/model/sliced.ts";
import { toSpanBrief } from "../../traces/query/span-brief.ts";
import { type SpanSums, sumSpans } from "../../traces/query/span-sums.ts";
import { findTimeGroups } from "../../traces/query/time-groups.ts";
import { sortByTime } from "../../traces/query/time-order.ts";
import type { Trace, Track } from "../../traces/model/trace.ts";
import type { StepSummary, TraceSummary, TrackSummary } from "../contract/engine-contract.ts";

/** The part of a summary that follows from the trace alone. */
export type TraceOutline = Omit<TraceSummary, "trace" | "fileName" | "fileBytes" | "importMs">;

const largestStepList = 2000;

/** Passes over all spans: done where the trace was made, off the engine thread. */
export function outlineTrace(trace: Trace, sums: SpanSums = sumSpans(trace)): TraceOutline {
  const { meta } = trace;
  const steps = runSliced(sortByTime(trace, sums.steps));
  return {
    format: meta.format,
    formatLabel: meta.formatLabel,
    producer: meta.producer ?? null,
    originUnixNs: meta.originUnixNs === undefined ? null : String(meta.originUnixNs),
    originClockNs: String(meta.originClockNs),
    durationNs: meta.durationNs,
    spanCount: trace.spans.length,
    instantCount: trace.instants.length,
    sampleCount: trace.counters.length,
    flowCount: trace.flows.length,
    launchCount: trace.launches?.launches.length ?? 0,
    rowCount: trace.rows.length,
    kinds: sums.kinds,
    tracks: trace.tracks.map((track) => summarizeTrack(trace, track, sums.busyNs[track.id] ?? null)),
    steps: Array.from(steps.subarray(0, largestStepList), (step) => summarizeStep(trace, step)),
    stepCount: steps.length,
    facts: meta.facts,
    ledger: meta.ledger,
    partial: meta.partial,
    completeFromNs: meta.completeFromNs ?? 0,
    // What is still read has gaps that the next events may fill.
    timeGroups: meta.partial ? [] : findTimeGroups(trace),
    residentBytes: columnBytes(trace),
  };
}

function summarizeTrack(trace: Trace, track: Track, busyNs: number | null): TrackSummary {
  return toTrackSummary(track, {
    laneRows: listLaneRows(trace, track),
    sampleRange: track.kind === "counter" ? findSampleRange(trace, track) : null,
    busyNs,
  });
}

/** What is told of a track, from itself and what had to be looked up in its rows and spans. */
export function toTrackSummary(
  track: Track,
  found: Pick<TrackSummary, "laneRows" | "sampleRange" | "busyNs">,
): TrackSummary {
  const { id, kind, name, detail, parent, sortIndex, spanCount, firstRow, rowCount, instantCount, sampleCount } = track;
  return {
    id,
    kind,
    name,
    detail,
    parent,
    sortIndex,
    spanCount,
    firstRow,
    rowCount,
    instantCount,
    sampleCount,
    ...found,
  };
}

/** Of the many tracks with one lane. */
const noRows: readonly number[] = [];

function listLaneRows({ rows }: Trace, track: Track): readonly number[] {
  if (rows.lane[track.firstRow + track.rowCount - 1] === 0) return noRows;
  const starts: number[] = [];
  for (let row = track.firstRow + 1; row < track.firstRow + track.rowCount; row++) {
    if (rows.lane[row] !== rows.lane[row - 1]) starts.push(row - track.firstRow);
  }
  return starts;
}

function findSampleRange({ counters }: Trace, track: Track): [min: number, max: number] | null {
  let min = Infinity;
  let max = -Infinity;
  for (let sample = track.firstSample; sample < track.firstSample + track.sampleCount; sample++) {
    const value = counters.value[sample] ?? Number.NaN;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : null;
}

function summarizeStep(trace: Trace, step: number): StepSummary {
  const { span, name, startNs, durationNs } = toSpanBrief(trace, step);
  return { span, name, startNs, durationNs };
}

/** Bytes of all typed arrays of a trace, each counted once. */
function columnBytes(trace: Trace): number {
  const seen = new Set<unknown>();
  let bytes = 0;
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (!Array.isArray(value)) for (const item of Object.values(value)) visit(item);
  };
  for (const table of [trace.strings, trace.spans, trace.rows, trace.instants, trace.counters, trace.flows])
    visit(table);
  return bytes;
}
