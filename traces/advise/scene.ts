import type { StepRule } from "../compare/comparison.ts";
import { findPartFacts, findSteps } from "../compare/find-steps.ts";
import { launchingThreads, type Launches } from "../compare/launches.ts";
import type { Step } from "../compare/side.ts";
import { isDeviceTrack, isDeviceWork } from "../compare/track-roles.ts";
import { hasSlowStart } from "../measure/change-point.ts";
import { SpanKind } from "../model/span-kind.ts";
import { flagsOf, endOf, SpanFlag, type Trace, type Track } from "../model/trace.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import type { Inputs } from "./inputs.ts";
import { createIntervals, type Intervals, subtract, unite } from "./intervals.ts";
import { textOf } from "../model/text-table.ts";

/** A trace as rules look at it: what is needed by several, found once. */
export interface Scene {
  readonly trace: Trace;
  readonly launches: Launches;
  /** What spans computed from, where their arguments were read. */
  readonly inputs: Inputs;
  readonly rule: StepRule;
  /** Steps in time order without warm-up, compilation and cut ones; the whole trace where none repeat. */
  readonly steps: readonly Step[];
  /** How many steps are not among these. */
  readonly leftOut: number;
  /** SpanId of each step, where steps are spans; else empty. */
  readonly stepSpans: readonly number[];
  /** Complete steps after the first, those that compile among them. */
  readonly laterSteps: readonly Step[];
  /** Times of the steps, joined where they touch. */
  readonly stepTime: Intervals;
  /** Spans of the main thread in steps, outermost first: [first, end). */
  readonly host: { readonly first: number; readonly end: number };
  /** Device work by start time; empty in traces without a device. */
  readonly deviceSpans: Uint32Array;
  readonly hasDevice: boolean;
  /** Times in steps at which no stream of any device works; all of them in traces without a device. */
  readonly idle: Intervals;
  /** Outermost spans of the main thread that have such a name or kind, in time order. */
  hostSpans(accepts: (name: string, kind: number) => boolean): readonly number[];
  /** Times in which the main thread, or another one that launches device work, has such a span open. */
  hostTimes(accepts: (name: string, kind: number) => boolean): Intervals;
  /** Device spans that have such a name or kind, by start time. */
  deviceWork(accepts: (name: string, kind: number) => boolean): readonly number[];
  /** Times of spans that are given by start time. */
  timesOf(spans: readonly number[]): Intervals;
  /** Spans that start in a step. */
  inSteps(spans: readonly number[]): readonly number[];
}

export interface TimeRange {
  readonly startNs: number;
  readonly endNs: number;
}

export function* createScene(trace: Trace, range: TimeRange, inputs: Inputs): Sliced<Scene> {
  const part = { key: "", fileName: trace.meta.name, trace, ...range };
  const facts = findPartFacts(part);
  yield;
  const found = findSteps({ label: "", parts: [part], itemsPerStep: null }, [facts], false);
  yield;
  const first = Number(hasSlowStart(found.kept.map(({ startNs, endNs }) => endNs - startNs)));
  const steps = found.kept.slice(first);
  const stepSpans = found.recordOf.slice(first).flatMap((record) => found.records[record].span ?? []);
  const laterSteps = found.records
    .slice(1)
    .filter(({ state }) => state !== "incomplete")
    .map(({ startNs, durationNs }) => plainStep(startNs, startNs + durationNs));
  const stepTime = createIntervals();
  for (const { startNs, endNs } of steps) stepTime.add(startNs, endNs);
  const { spans } = trace;
  const deviceSpans = yield* findDeviceSpans(trace);
  const busy = createIntervals();
  for (const span of deviceSpans) busy.add(spans.startNs[span], endOf(spans, span));
  yield;
  const main = facts.roles.mainThread === null ? null : trace.tracks[facts.roles.mainThread];
  const host = { first: main?.firstSpan ?? 0, end: (main?.firstSpan ?? 0) + (main?.spanCount ?? 0) };
  const launching = new Set([...(main === null ? [] : [main.id]), ...launchingThreads(trace, facts.launches)]);
  const isClosed = (span: number): boolean => (flagsOf(spans, span) & SpanFlag.openEnded) === 0;
  const outermost = ({ first, end }: Scene["host"], isWanted: (span: number) => boolean): readonly number[] => {
    const out: number[] = [];
    let coveredTo = -Infinity;
    for (let span: number = first; span < end; span++) {
      if (spans.startNs[span] < coveredTo || !isClosed(span) || !isWanted(span)) continue;
      coveredTo = endOf(spans, span);
      out.push(span);
    }
    return out;
  };

  return {
    trace,
    launches: facts.launches,
    inputs,
    rule: found.rule,
    steps,
    leftOut: found.records.length - steps.length,
    stepSpans,
    laterSteps,
    stepTime: stepTime.intervals,
    host,
    deviceSpans,
    hasDevice: deviceSpans.length > 0,
    idle: subtract(stepTime.intervals, busy.intervals),
    hostSpans: (accepts) => outermost(host, createNameTest(trace, accepts)),
    hostTimes(accepts) {
      const isWanted = createNameTest(trace, accepts);
      const times = [...launching].map((track) => this.timesOf(outermost(spansOf(trace.tracks[track]), isWanted)));
      return times.reduce(unite, []);
    },
    deviceWork(accepts) {
      const isWanted = createNameTest(trace, accepts);
      return Array.from(deviceSpans).filter(isWanted);
    },
    timesOf(list) {
      const times = createIntervals();
      for (const span of list) times.add(spans.startNs[span], endOf(spans, span));
      return times.intervals;
    },
    inSteps(list) {
      return list.filter((span) => isIn(stepTime.intervals, spans.startNs[span]));
    },
  };
}

function spansOf({ firstSpan, spanCount }: Track): Scene["host"] {
  return { first: firstSpan, end: firstSpan + spanCount };
}

const plainStep = (startNs: number, endNs: number): Step => ({
  part: 0,
  startNs,
  endNs,
  launchStartNs: startNs,
  launchEndNs: endNs,
});

/** Asks once per name and kind. */
function createNameTest(
  { spans, strings }: Trace,
  accepts: (name: string, kind: number) => boolean,
): (span: number) => boolean {
  const kinds = Object.keys(SpanKind).length;
  // 0: not asked yet, 1: no, 2: yes.
  const known = new Uint8Array(strings.length * kinds);
  return (span) => {
    const place = spans.name[span] * kinds + spans.kind[span];
    if (known[place] === 0) known[place] = accepts(textOf(strings, spans.name[span]), spans.kind[span]) ? 2 : 1;
    return known[place] === 2;
  };
}

function* findDeviceSpans({ tracks, spans }: Trace): Sliced<Uint32Array> {
  const found: number[] = [];
  let budget = spansPerSlice;
  for (const track of tracks) {
    if (!isDeviceTrack(track)) continue;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      if (isDeviceWork(spans.kind[span]) && (flagsOf(spans, span) & SpanFlag.openEnded) === 0) found.push(span);
      if (--budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
  }
  return Uint32Array.from(found).sort((a, b) => spans.startNs[a] - spans.startNs[b] || a - b);
}

function isIn(intervals: Intervals, timeNs: number): boolean {
  let low = 0;
  let high = intervals.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (intervals[2 * middle] <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low > 0 && timeNs < intervals[2 * low - 1];
}
