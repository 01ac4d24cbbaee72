import { warmUpLength } from "../measure/change-point.ts";
import { SpanKind } from "../model/span-kind.ts";
import { flagsOf, endOf, SpanFlag, type Trace } from "../model/trace.ts";
import type { StepRecord, StepRule } from "./comparison.ts";
import { findLaunches, type Launches } from "./launches.ts";
import { findPeriodicSteps } from "./find-period.ts";
import type { SideInput, SidePart, SideSteps, Step } from "./side.ts";
import { assignRoles, isDeviceTrack, isDeviceWork, type TrackRoles } from "./track-roles.ts";

/** What is found once per trace and used by every stage. */
export interface PartFacts {
  readonly part: SidePart;
  readonly roles: TrackRoles;
  readonly launches: Launches;
}

export function findPartFacts(part: SidePart): PartFacts {
  return { part, roles: assignRoles(part.trace), launches: findLaunches(part.trace) };
}

/** Runs that count as observations of their own. */
export const fewestRuns = 4;

interface RawStep {
  readonly span: number | null;
  readonly startNs: number;
  readonly endNs: number;
  readonly isOpen: boolean;
}

/**
 * Steps of a side: step spans, else repeating top-level spans, else the whole selection. Left out, and said: warm-up
 * up to the last change of level in the first half, steps that compile while most do not, steps cut by the selection.
 */
export function findSteps(input: SideInput, facts: readonly PartFacts[], asWhole: boolean): SideSteps {
  const found = facts.map((fact) => (asWhole ? null : findRawSteps(fact)));
  const hasSteps = found.every((steps) => steps !== null && steps.steps.length > 0);
  const kept: Step[] = [];
  const recordOf: number[] = [];
  const records: StepRecord[] = [];
  let rule: StepRule = "whole";
  facts.forEach((fact, part) => {
    const raw = hasSteps ? (found[part]?.steps ?? []) : [wholeOf(fact.part)];
    if (hasSteps) rule = found[part]?.rule ?? rule;
    const steps = hasSteps ? extendOverDevice(fact, raw) : raw.map((step) => ({ ...step, launchEndNs: step.endNs }));
    const states = hasSteps ? classify(fact.part, steps) : raw.map(() => "kept" as const);
    steps.forEach((step, i) => {
      const record = records.push({
        part,
        span: step.span,
        startNs: step.startNs,
        durationNs: step.endNs - step.startNs,
        state: states[i],
      });
      if (states[i] !== "kept") return;
      recordOf.push(record - 1);
      kept.push({
        part,
        startNs: step.startNs,
        endNs: step.endNs,
        launchStartNs: raw[i].startNs,
        launchEndNs: step.launchEndNs,
      });
    });
  });
  return { rule: input.parts.length >= fewestRuns ? "runs" : rule, kept, recordOf, records };
}

function wholeOf({ trace, startNs, endNs }: SidePart): RawStep {
  return {
    span: null,
    startNs: Math.max(0, startNs),
    endNs: Math.min(endNs, trace.meta.durationNs),
    isOpen: false,
  };
}

function findRawSteps(fact: PartFacts): { readonly rule: StepRule; readonly steps: readonly RawStep[] } | null {
  const spans = stepSpans(fact.part);
  if (spans.length > 0) return { rule: "stepSpans", steps: spans };
  const periodic = findPeriodicSteps(fact.part, fact.roles);
  return periodic === null
    ? null
    : { rule: "period", steps: periodic.map((step) => ({ ...step, span: null, isOpen: false })) };
}

/** Outermost step spans of the track that has most of them. */
function stepSpans({ trace, startNs, endNs }: SidePart): readonly RawStep[] {
  const { spans } = trace;
  let best: RawStep[] = [];
  for (const track of trace.tracks) {
    const steps: RawStep[] = [];
    let lastEndNs = -Infinity;
    for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
      if (spans.kind[span] !== SpanKind.step) continue;
      const start = spans.startNs[span];
      const end = endOf(spans, span);
      if (start < lastEndNs || start < startNs || start >= endNs) continue;
      lastEndNs = end;
      steps.push({ span, startNs: start, endNs: end, isOpen: (flagsOf(spans, span) & SpanFlag.openEnded) !== 0 });
    }
    if (steps.length > best.length) best = steps;
  }
  return best;
}

interface ExtendedStep extends RawStep {
  readonly launchEndNs: number;
}

/**
 * A step lasts until the device has done what the step launched, and starts when the one before is done: host spans
 * end when the work is handed over, not when it is finished. Launched spans belong to the step that launched them.
 */
function extendOverDevice({ part: { trace }, launches }: PartFacts, raw: readonly RawStep[]): readonly ExtendedStep[] {
  const lastDeviceEnd = new Float64Array(raw.length).fill(-Infinity);
  if (launches.known)
    for (const track of trace.tracks) {
      if (!isDeviceTrack(track)) continue;
      for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
        const launcher = launches.launcherOf(span);
        if (launcher < 0 || !isDeviceWork(trace.spans.kind[span])) continue;
        const step = stepAt(raw, trace.spans.startNs[launcher]);
        if (step >= 0) lastDeviceEnd[step] = Math.max(lastDeviceEnd[step], endOf(trace.spans, span));
      }
    }
  let previousEnd = -Infinity;
  return raw.map((step, i) => {
    const startNs = Math.max(previousEnd, step.startNs);
    const endNs = Math.max(step.endNs, lastDeviceEnd[i], startNs);
    previousEnd = endNs;
    return { ...step, startNs, endNs, launchEndNs: raw[i + 1]?.startNs ?? Infinity };
  });
}

/** Step whose host span holds `timeNs`, -1 for none. Steps ascending and disjoint. */
function stepAt(steps: readonly RawStep[], timeNs: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle].startNs <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low > 0 && timeNs < steps[low - 1].endNs ? low - 1 : -1;
}

function classify(part: SidePart, steps: readonly RawStep[]): readonly StepRecord["state"][] {
  const isCut = (step: RawStep): boolean => step.isOpen || step.endNs > part.endNs;
  const compiling = compilingSteps(part.trace, steps);
  const compileCount = compiling.reduce((count, compiles) => count + Number(compiles), 0);
  const isException = compileCount * 2 <= steps.length;
  const whole = steps.flatMap((step, i) => (isCut(step) || (isException && compiling[i]) ? [] : [i]));
  const warmUp = warmUpLength(whole.map((i) => steps[i].endNs - steps[i].startNs));
  const firstKept = whole[warmUp] ?? steps.length;
  return steps.map((step, i) => {
    if (isCut(step)) return "incomplete";
    if (isException && compiling[i]) return "compile";
    return i < firstKept ? "warmUp" : "kept";
  });
}

function compilingSteps(trace: Trace, steps: readonly RawStep[]): readonly boolean[] {
  const compiling = steps.map(() => false);
  const { kind, startNs, length } = trace.spans;
  for (let span = 0; span < length; span++) {
    if (kind[span] !== SpanKind.compile) continue;
    const step = stepAt(steps, startNs[span]);
    if (step >= 0) compiling[step] = true;
  }
  return compiling;
}
