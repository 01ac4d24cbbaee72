import { studentQuantile } from "../measure/distributions.ts";
import type { Step } from "../compare/side.ts";
import { endOf, type Trace } from "../model/trace.ts";
import type { Sliced } from "../model/sliced.ts";
import { type Advice, type Finding, mostEvidence, type Saving, type Severity } from "./advice.ts";
import { createIntervals, intersect, type Intervals, lengthWithin, subtract, unite } from "./intervals.ts";
import { type Inputs, noArguments } from "./inputs.ts";
import { adviceRules } from "./registry.ts";
import { replayWithout } from "./replay-evidence.ts";
import { type AdviceRule, isMissing, type LostTime, type Missing, type Sighting } from "./rule.ts";
import { createScene, type Scene, type TimeRange } from "./scene.ts";

interface Fired {
  readonly rule: AdviceRule;
  readonly sighting: Sighting;
  readonly steps: readonly Step[];
  readonly lost: Intervals;
}

const wholeTrace: TimeRange = { startNs: 0, endNs: Infinity };

/**
 * Asks every rule about a trace, or about the steps that start in a part of it. The same nanosecond is promised once:
 * findings sum to less than a step.
 */
export function* advise(trace: Trace, range: TimeRange = wholeTrace, inputs: Inputs = noArguments): Sliced<Advice> {
  const scene = yield* createScene(trace, range, inputs);
  const stepNs = scene.steps.reduce((sum, { startNs, endNs }) => sum + (endNs - startNs), 0);
  const meanNs = scene.steps.length === 0 ? 0 : stepNs / scene.steps.length;
  const name = ({ id, title }: AdviceRule) => ({ rule: id, title });
  const fired: Fired[] = [];
  const abstained: Advice["abstained"][number][] = [];
  const passed: Advice["passed"][number][] = [];
  for (const rule of adviceRules) {
    yield;
    const result: Sighting | Missing | null = meanNs === 0 ? { missing: "spans with a duration" } : rule.look(scene);
    if (result === null) passed.push(name(rule));
    else if (isMissing(result)) abstained.push({ ...name(rule), reason: result.missing });
    else {
      const steps = result.steps ?? scene.steps;
      const lost = intersect(result.lost, timeOf(steps));
      if (result.isNote === true || lowerShare(steps, lost) > rule.threshold)
        fired.push({ rule, sighting: result, steps, lost });
      else passed.push(name(rule));
    }
  }
  const isWhole = range.startNs <= 0 && range.endNs >= trace.meta.durationNs;
  const replayable = isWhole ? fired.filter(({ rule }) => rule.losesEvidence === true) : [];
  const savings = yield* replayWithout(
    trace,
    replayable.map(({ sighting }) => sighting.evidence),
  );
  const replayed = new Map(replayable.map(({ rule }, i) => [rule.id, savings[i]]));
  return {
    steps: { rule: scene.rule, count: scene.steps.length, leftOut: scene.leftOut, meanNs },
    findings: rank(scene, fired).map((finding) => ({ ...finding, replayed: replayed.get(finding.rule) ?? null })),
    abstained,
    passed,
  };
}

function timeOf(steps: readonly Step[]): Intervals {
  const time = createIntervals();
  for (const { startNs, endNs } of steps) time.add(startNs, endNs);
  return time.intervals;
}

/** Lower end of the 95 % interval of the lost share over steps (Student); with fewer than three steps half the mean. */
function lowerShare(steps: readonly Step[], lost: Intervals): number {
  const shares = steps.map(({ startNs, endNs }) => lengthWithin(lost, startNs, endNs) / (endNs - startNs));
  const n = shares.length;
  const mean = shares.reduce((sum, share) => sum + share, 0) / n;
  if (n < 3) return mean / 2;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (n - 1);
  return mean - studentQuantile(0.95, n - 1) * Math.sqrt(variance / n);
}

/** Of the mean step, ns. */
function perStep(steps: readonly Step[], lost: Intervals): number {
  return steps.reduce((sum, { startNs, endNs }) => sum + lengthWithin(lost, startNs, endNs), 0) / steps.length;
}

function rank(scene: Scene, fired: readonly Fired[]): readonly Omit<Finding, "replayed">[] {
  const ordered = fired
    .map((each) => ({ ...each, perStepNs: perStep(each.steps, each.lost) }))
    .toSorted(
      (a, b) =>
        Number(a.sighting.isNote === true) - Number(b.sighting.isNote === true) ||
        b.perStepNs * b.sighting.parts.mid - a.perStepNs * a.sighting.parts.mid ||
        (a.rule.id < b.rule.id ? -1 : 1),
    );
  let claimed: Intervals = [];
  return ordered.map(({ rule, sighting, steps, lost, perStepNs }) => {
    const left = subtract(lost, claimed);
    claimed = unite(claimed, lost);
    const savingAlone = savingOf(perStepNs, sighting.parts);
    const evidence = scene.inSteps(sighting.evidence);
    const shown = evidence.length > 0 ? evidence : sighting.evidence;
    const stepNs = steps.reduce((sum, { startNs, endNs }) => sum + (endNs - startNs), 0) / steps.length;
    const lostTime: LostTime = {
      each: scene.rule === "whole" ? "the trace" : "a step",
      share: perStepNs / stepNs,
      perStepNs,
      evidencePerStep: shown.length / steps.length,
    };
    return {
      rule: rule.id,
      title: rule.title,
      severity: sighting.isNote === true ? "info" : severityOf(savingAlone.midNs / stepNs),
      confidence: scene.rule === "whole" ? sighting.confidence * 0.7 : sighting.confidence,
      sentence: sighting.describe(lostTime),
      fix: sighting.fix ?? rule.fix,
      howToVerify: rule.howToVerify,
      saving: savingOf(perStep(steps, left), sighting.parts),
      savingAlone,
      evidence: costliest(scene.trace, shown),
      evidenceCount: shown.length,
    };
  });
}

function savingOf(lostNs: number, { low, mid, high }: Sighting["parts"]): Saving {
  return { lowNs: lostNs * low, midNs: lostNs * mid, highNs: lostNs * high };
}

function severityOf(share: number): Severity {
  if (share >= 0.2) return "critical";
  if (share >= 0.1) return "high";
  if (share >= 0.03) return "medium";
  return share >= 0.01 ? "low" : "info";
}

function costliest({ spans }: Trace, evidence: readonly number[]): readonly number[] {
  const length = (span: number): number => endOf(spans, span) - spans.startNs[span];
  return evidence.toSorted((a, b) => length(b) - length(a) || a - b).slice(0, mostEvidence);
}
