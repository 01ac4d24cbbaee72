import type { StepRule } from "../compare/comparison.ts";
import type { Interval } from "../measure/estimate.ts";

/** What a trace says about where its time could be saved. */
export interface Advice {
  readonly steps: AdviceSteps;
  /** Largest saving first; those that save nothing by themselves but change what numbers mean come last. */
  readonly findings: readonly Finding[];
  /** Rules that lack what they need, and what that is. */
  readonly abstained: readonly Abstention[];
  /** Rules that looked and found nothing. */
  readonly passed: readonly RuleName[];
}

/** What savings refer to. */
export interface AdviceSteps {
  /** How steps were found; "whole": there are none, the trace is one. */
  readonly rule: StepRule;
  readonly count: number;
  /** Steps that do not count: warm-up, compiling, cut. */
  readonly leftOut: number;
  readonly meanNs: number;
}

export interface RuleName {
  readonly rule: string;
  readonly title: string;
}

/** An inference from spans, with what would prove it. */
export interface Finding extends RuleName {
  readonly severity: Severity;
  /** 0–1: how sure the inference is; not how exact the saving. */
  readonly confidence: number;
  /** What happens, with its numbers. */
  readonly sentence: string;
  /** What to change. */
  readonly fix: string;
  /** How to see whether the change worked. */
  readonly howToVerify: string;
  /** Of the mean step, what findings above it have not claimed already. All of them sum to less than a step. */
  readonly saving: Saving;
  /** Of the mean step, were this the only change. */
  readonly savingAlone: Saving;
  /** What a mean step saves without all of the evidence, in a replay; null where that is not the change, or not known. */
  readonly replayed: ReplayedSaving | null;
  /** SpanIds, most costly first, at most `mostEvidence` of `evidenceCount`. */
  readonly evidence: readonly number[];
  readonly evidenceCount: number;
}

export interface Saving {
  readonly lowNs: number;
  readonly midNs: number;
  readonly highNs: number;
}

export interface ReplayedSaving {
  readonly savedNs: number;
  /** 95 % over steps; null with fewer than three. */
  readonly interval: Interval | null;
}

/** By the saving in the step: 20 %, 10 %, 3 %, 1 %, less. */
export type Severity = "critical" | "high" | "medium" | "low" | "info";

export interface Abstention extends RuleName {
  readonly reason: string;
}

export const mostEvidence = 50;
