import type { StepRule } from "../compare/comparison.ts";
import { findPartFacts, findSteps, type PartFacts } from "../compare/find-steps.ts";
import type { Launches } from "../compare/launches.ts";
import type { Step } from "../compare/side.ts";
import { studentQuantile } from "../measure/distributions.ts";
import type { Interval } from "../measure/estimate.ts";
import { type Sliced, spansPerSlice } from "../model/sliced.ts";
import { SpanKind } from "../model/span-kind.ts";
import { UserFacingError } from "../model/errors.ts";
import { formatCounted, formatShare } from "../model/format-units.ts";
import type { Trace } from "../model/trace.ts";
import { findPath, type PathPart, type PathPlace } from "./critical-path.ts";
import { replay, type Replay } from "./replay.ts";
import { placeSteps, type StepTasks, type StepTimes, timeSteps } from "./step-tasks.ts";
import { createTaskGraph, type TaskGraph } from "./task-graph.ts";

/** Spans that take another time than they did. */
export interface ReplayEdit {
  has(span: number): boolean;
  /** What becomes of their time: 0 leaves them out, 1 changes nothing. */
  readonly factor: number;
  /** Also of what is below them, and of the device work that was launched there. */
  readonly below: boolean;
}

/** A trace made ready to be asked what if. */
export interface ReplayedTrace {
  readonly trace: Trace;
  readonly facts: PartFacts;
  readonly graph: TaskGraph;
  readonly rule: StepRule;
  readonly kept: readonly Step[];
  readonly leftOut: number;
  readonly stepTasks: StepTasks;
  /** Of the unchanged graph. */
  readonly baseline: Replay;
  readonly baselineSteps: readonly StepTimes[];
  /** How far its steps are from those of the trace, of their sum. */
  readonly errorShare: number;
}

export interface WhatIf {
  readonly rule: StepRule;
  readonly stepCount: number;
  readonly leftOut: number;
  /** Mean step of the unchanged replay and of the edited one, ns. */
  readonly beforeNs: number;
  readonly afterNs: number;
  /** 95 % of the mean that a step saves, by Student over steps; null with fewer than three. */
  readonly savedNs: Interval | null;
  readonly errorShare: number;
  /** For each edit: how many spans it is about, and how long their own pieces take in a step. */
  readonly edits: readonly { readonly spanCount: number; readonly perStepNs: number }[];
  /** What a step consists of, one after the other; the longest first. */
  readonly path: readonly PathRow[];
  /** Where launches are not known, idle times of devices stay as they are. */
  readonly hasLaunches: boolean;
  /** Calls by which streams wait for events of others: for which, only times tell, and only where they did wait. */
  readonly hasStreamWaits: boolean;
}

export interface PathRow {
  readonly name: string;
  /** "rest": of the names that are not told one by one. */
  readonly place: PathPlace | "rest";
  readonly kind: SpanKind;
  /** Time on the critical path of a step. */
  readonly beforeNs: number;
  readonly afterNs: number;
}

/** Rows of the path that are told; the rest is summed up. */
const mostRows = 200;

/** From here on a replay of the unchanged trace does not stand for the trace. */
const mostError = 0.01;

/** Throws UserFacingError where no thread has a span of any duration, or the graph does not meet the steps of the trace. */
export function* prepareReplay(trace: Trace): Sliced<ReplayedTrace> {
  const part = { key: "", fileName: trace.meta.name, trace, startNs: 0, endNs: Infinity };
  const facts = findPartFacts(part);
  yield;
  if (facts.roles.mainThread === null) throw new UserFacingError(nothingToReplay);
  const { kept, records, recordOf, rule } = findSteps({ label: "", parts: [part], itemsPerStep: null }, [facts], false);
  yield;
  const graph = yield* createTaskGraph(trace, facts.roles.mainThread, facts.launches);
  const { main } = graph.tasks;
  if (main.end === main.first) throw new UserFacingError(nothingToReplay);
  const stepSpans = recordOf.map((record) => records[record].span);
  const stepTasks = yield* placeSteps(trace, graph, kept, stepSpans);
  yield;
  const baseline = yield* replay(graph);
  const baselineSteps = timeSteps(stepTasks, graph, baseline);
  const leftOut = records.length - kept.length;
  // Without steps the time that counts is from the first to the last task, which the replay itself tells.
  const errorShare = rule === "whole" ? 0 : differenceOf(kept, baselineSteps);
  if (errorShare > mostError)
    throw new UserFacingError(
      `steps of this trace do not begin and end with spans of one thread, or with device work launched there: replayed unchanged they are off by ${formatShare(errorShare)}, so what a change would do cannot be told`,
    );
  return { trace, facts, graph, rule, kept, leftOut, stepTasks, baseline, baselineSteps, errorShare };
}

const nothingToReplay = "the trace has no thread with spans that last, so there is nothing to replay";

function differenceOf(kept: readonly Step[], replayed: readonly StepTimes[]): number {
  const off = kept.reduce((sum, { startNs, endNs }, i) => sum + Math.abs(endNs - startNs - durationOf(replayed[i])), 0);
  return (
    off /
    Math.max(
      1,
      kept.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0),
    )
  );
}

const durationOf = ({ startNs, endNs }: StepTimes): number => endNs - startNs;

/** What steps would take with spans as the edits say; several edits of one span are multiplied. */
export function* askWhatIf(replayed: ReplayedTrace, edits: readonly ReplayEdit[]): Sliced<WhatIf> {
  const { trace, graph, baseline, baselineSteps, stepTasks, rule, leftOut, errorShare, facts } = replayed;
  const { scale, counts } = yield* scaleTasks(replayed, edits);
  const edited = edits.length === 0 ? baseline : yield* replay(graph, scale);
  yield;
  const steps = edits.length === 0 ? baselineSteps : timeSteps(stepTasks, graph, edited);
  const before = yield* findPath(trace, graph, baseline, baselineSteps);
  const after = edits.length === 0 ? before : yield* findPath(trace, graph, edited, steps);
  const count = steps.length;
  const saved = steps.map((step, i) => durationOf(baselineSteps[i]) - durationOf(step));
  return {
    rule,
    stepCount: count,
    leftOut,
    beforeNs: meanOf(baselineSteps.map(durationOf)),
    afterNs: meanOf(steps.map(durationOf)),
    savedNs: edits.length === 0 ? null : intervalOfMean(saved),
    errorShare,
    edits: counts.map(({ spanCount, ns }) => ({ spanCount, perStepNs: ns / count })),
    path: joinPaths(before, after, count),
    hasLaunches: facts.launches.known,
    hasStreamWaits: graph.awaited.hasStreamWaits,
  };
}

interface EditSum {
  spanCount: number;
  ns: number;
}

function* scaleTasks(
  { trace, facts: { launches }, graph: { tasks, workNs }, kept }: ReplayedTrace,
  edits: readonly ReplayEdit[],
): Sliced<{ readonly scale: Float64Array; readonly counts: readonly EditSum[] }> {
  const scale = new Float64Array(tasks.count).fill(1);
  const counts: EditSum[] = [];
  for (const edit of edits) {
    const { marks, spanCount } = yield* markSpans(trace, edit, launches);
    const sum: EditSum = { spanCount, ns: 0 };
    for (let task = 0; task < tasks.count; task++) {
      if (marks[tasks.span[task]] === 0) continue;
      scale[task] *= edit.factor;
      if (isInStep(kept, tasks.startNs[task])) sum.ns += workNs[task];
    }
    counts.push(sum);
    yield;
  }
  return { scale, counts };
}

/** 1 for spans that an edit is about; how many it names itself. */
function* markSpans(
  { spans }: Trace,
  { has, below }: ReplayEdit,
  { launcherOf }: Launches,
): Sliced<{ readonly marks: Uint8Array; readonly spanCount: number }> {
  const marks = new Uint8Array(spans.length);
  let spanCount = 0;
  for (let first = 0; first < spans.length; first += spansPerSlice) {
    const end = Math.min(spans.length, first + spansPerSlice);
    for (let span = first; span < end; span++) {
      const parent = spans.parent[span];
      const isNamed = has(span);
      spanCount += Number(isNamed);
      // Parents come before their children.
      marks[span] = Number(isNamed || (below && parent >= 0 && marks[parent] === 1));
    }
    yield;
  }
  if (!below) return { marks, spanCount };
  // Tracks of devices may come before those of the threads that launch.
  for (let first = 0; first < spans.length; first += spansPerSlice) {
    const end = Math.min(spans.length, first + spansPerSlice);
    for (let span = first; span < end; span++) {
      const launcher = launcherOf(span);
      if (launcher >= 0 && marks[launcher] === 1) marks[span] = 1;
    }
    yield;
  }
  return { marks, spanCount };
}

/** Whether a time lies in one of the steps, which ascend and are disjoint. */
function isInStep(steps: readonly Step[], timeNs: number): boolean {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle].startNs <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low > 0 && timeNs < steps[low - 1].endNs;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function intervalOfMean(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n < 3) return null;
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const reach = studentQuantile(0.95, n - 1) * Math.sqrt(variance / n);
  return [mean - reach, mean + reach];
}

function joinPaths(before: readonly PathPart[], after: readonly PathPart[], steps: number): readonly PathRow[] {
  const keyOf = ({ name, place }: PathPart): string => `${place} ${name}`;
  const rows = new Map<string, { -readonly [K in keyof PathRow]: PathRow[K] }>();
  for (const part of before)
    rows.set(keyOf(part), {
      name: part.name,
      place: part.place,
      kind: part.kind,
      beforeNs: part.ns / steps,
      afterNs: 0,
    });
  for (const part of after) {
    const row = rows.get(keyOf(part));
    if (row !== undefined) row.afterNs = part.ns / steps;
    else
      rows.set(keyOf(part), {
        name: part.name,
        place: part.place,
        kind: part.kind,
        beforeNs: 0,
        afterNs: part.ns / steps,
      });
  }
  return sumUpRest(
    [...rows.values()].sort(
      (a, b) => Math.max(b.beforeNs, b.afterNs) - Math.max(a.beforeNs, a.afterNs) || (a.name < b.name ? -1 : 1),
    ),
  );
}

/** The path still adds up to the step where it has more names than are told. */
function sumUpRest(rows: readonly PathRow[]): readonly PathRow[] {
  const rest = rows.slice(mostRows);
  if (rest.length === 0) return rows;
  const sumOf = (value: (row: PathRow) => number): number => rest.reduce((sum, row) => sum + value(row), 0);
  return [
    ...rows.slice(0, mostRows),
    {
      name: formatCounted(rest.length, "more name"),
      place: "rest",
      kind: SpanKind.other,
      beforeNs: sumOf((row) => row.beforeNs),
      afterNs: sumOf((row) => row.afterNs),
    },
  ];
}
