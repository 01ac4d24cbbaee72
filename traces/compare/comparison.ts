import type { Estimate, Interval } from "../measure/estimate.ts";
import type { Mode } from "../measure/modes.ts";
import type { SpanKindName } from "../model/span-kind.ts";

/*
 * What a comparison of two sides says: words that the engine, the window, the command line and reports share.
 * Side A = before, B = after; a positive delta means that B takes longer. Times: ns, per kept step unless said.
 */

/** How the steps of a side were found; the same rule serves both sides. */
export type StepRule =
  | "stepSpans"
  /** The top-level spans repeat. */
  | "period"
  /** Each run (file) is one observation. */
  | "runs"
  /** Samples of a benchmark file. */
  | "samples"
  /** No steps: the whole selection is one observation. */
  | "whole";

export interface StepRecord {
  /** Index in `SideSummary.parts`. */
  readonly part: number;
  /** Null for steps that are no span. */
  readonly span: number | null;
  readonly startNs: number;
  readonly durationNs: number;
  readonly state: "kept" | "warmUp" | "incomplete" | "compile";
}

/** One trace or result file of a side. */
export interface PartSummary {
  /** Key of the open trace; null for benchmark results. */
  readonly trace: string | null;
  readonly fileName: string;
  readonly formatLabel: string;
  readonly startNs: number;
  readonly endNs: number;
  readonly spanCount: number;
}

export interface SideSummary {
  readonly label: string;
  /** Machine, backend and precision as the files tell them; see `conditionsOf`. */
  readonly conditions: string;
  readonly parts: readonly PartSummary[];
  readonly stepRule: StepRule;
  /** In time order, part after part; at most 2,000, `stepCount` tells how many there are. */
  readonly steps: readonly StepRecord[];
  readonly stepCount: number;
  readonly keptSteps: number;
  /** Structures, points, tokens … of a step; null when nobody said. */
  readonly itemsPerStep: number | null;
  /** Part of the exclusive time that has a partner on the other side, 0 to 1. */
  readonly coverage: number;
  /** Compile spans inside the selection, all steps together, ns; never averaged into steps. */
  readonly compileNs: number;
}

export interface Headline {
  /** One sentence for people, true as it stands. */
  readonly sentence: string;
  readonly quantity: "step time" | "wall time" | "run time";
  /** Null when nothing may be said: see `refusal`. */
  readonly estimate: Estimate | null;
  /** Difference of the means, with its BCa interval: what adds up, beside the medians that decide. Null as `estimate`. */
  readonly meanShift: MeanShift | null;
  /** Why there is no verdict: not comparable, nothing in common. Null otherwise. */
  readonly refusal: string | null;
  /** At most three sentences, largest contribution first. */
  readonly causes: readonly string[];
  /** What limits the statement: "one capture a side: holds within these two captures". */
  readonly caveats: readonly string[];
}

export interface MeanShift {
  readonly shift: number;
  /** Null below two observations a side, and without draws. */
  readonly interval: Interval | null;
}

/** A same, B minor differences, C doubtful, D not comparable. */
export type ComparabilityGrade = "A" | "B" | "C" | "D";

export interface ComparabilityCheck {
  /** Stable word for programs: "formats", "work", "truncated". */
  readonly id: string;
  readonly label: string;
  readonly grade: ComparabilityGrade;
  readonly before: string;
  readonly after: string;
  /** One sentence; "" when there is nothing to say. */
  readonly message: string;
}

export interface Comparability {
  readonly grade: ComparabilityGrade;
  readonly checks: readonly ComparabilityCheck[];
}

export interface WaterfallBar {
  readonly id: string;
  readonly label: string;
  readonly kind: "before" | "count" | "speed" | "onlyBefore" | "onlyAfter" | "idle" | "overlap" | "rest" | "after";
  /** "before" and "after": the level; else the change. */
  readonly ns: number;
  /** From the same draws for all bars, so that draws close too; null without repeated steps. */
  readonly interval: Interval | null;
  /** Row of the delta table, null for bars of none. */
  readonly row: number | null;
}

/** From the step before to the step after; the changes sum to the difference but for `residualNs`. */
export interface Waterfall {
  readonly bars: readonly WaterfallBar[];
  readonly residualNs: number;
}

/** Every ns of a step has one owner: the device where it works, else the host, else nobody. */
export interface BreakdownRow {
  readonly id: string;
  readonly label: string;
  readonly kind: "device" | "host" | "idle";
  readonly beforeNs: number;
  readonly afterNs: number;
}

/** What one step consists of: the median and the longest kept step of each side. */
export interface ExampleStep {
  readonly side: "before" | "after";
  readonly which: "median" | "longest";
  /** Index in `SideSummary.steps`. */
  readonly step: number;
  readonly durationNs: number;
  /** As the rows of the breakdown, same order; idle last. */
  readonly parts: readonly { readonly id: string; readonly label: string; readonly ns: number }[];
}

export interface DeviceUse {
  /** Time in which at least one device works, per step. */
  readonly busyNs: number;
  /** Σ of device work, per step. */
  readonly workNs: number;
  /** work − busy: what runs at the same time. */
  readonly overlapNs: number;
  /** Step − busy; null for sides without a device. */
  readonly idleNs: number;
}

export interface ComparisonSummary {
  readonly comparison: string;
  readonly before: SideSummary;
  readonly after: SideSummary;
  readonly headline: Headline;
  readonly comparability: Comparability;
  readonly options: ComparisonOptions;
  /** Wall partition. */
  readonly waterfall: Waterfall;
  /** ΔWall = ΔΣwork − Δoverlap + Δidle of the devices; null without devices on both sides. */
  readonly workWaterfall: Waterfall | null;
  readonly breakdown: readonly BreakdownRow[];
  readonly exampleSteps: readonly ExampleStep[];
  readonly deviceUse: { readonly before: DeviceUse; readonly after: DeviceUse } | null;
  readonly rowCount: number;
  readonly kernelCount: number;
  /** Rows by verdict of their own total time per step. */
  readonly counts: RowCounts;
  /** Unit of all values: "ns", or that of benchmark results. */
  readonly unit: string;
  /** Names that were changed to match, by rule. */
  readonly renames: readonly (readonly [rule: string, count: number])[];
}

export interface RowCounts {
  readonly regressed: number;
  readonly improved: number;
  readonly equivalent: number;
  readonly inconclusive: number;
  readonly onlyBefore: number;
  readonly onlyAfter: number;
}

export interface ComparisonOptions {
  /** Smallest relative change that matters, 0.05 = 5 %. */
  readonly tolerance: number;
  readonly alpha: number;
  /** Draws of a bootstrap; a summary tells how many there were, see `drawsFor`. */
  readonly resamples: number;
  /** Compare even what is graded D. */
  readonly allowIncomparable: boolean;
}

/** "total": with children; "self": without. */
export type DeltaMetric = "total" | "self";
export type DeltaPer = "step" | "call" | "item";

export interface DeltaSide {
  /** Per step. */
  readonly totalNs: number;
  readonly selfNs: number;
  /** Spans per step. */
  readonly count: number;
  /** Longest span; null where it is not known. */
  readonly longest: SpanPlace | null;
}

export interface SpanPlace {
  /** Of the side. */
  readonly part: number;
  /** SpanId. */
  readonly span: number;
  /** Since the start of its trace. */
  readonly startNs: number;
  readonly durationNs: number;
}

/** Part of a step that a row owns in the wall partition, 0 to 1; 0 for what runs beside something else. */
export interface WallShare {
  readonly before: number;
  readonly after: number;
}

/** Why two rows are the same thing; confidence 1, 0.9, 0.85, 0.7, 0.5. */
export type MatchTier = "path" | "renamed" | "launched" | "moved" | "family";

export interface DeltaRow {
  /** Stable within the comparison. */
  readonly row: number;
  /** Outermost first; the first element is the track's role. Names are raw, of the side that has the row. */
  readonly path: readonly string[];
  readonly kind: SpanKindName;
  readonly match: { readonly tier: MatchTier; readonly confidence: number } | null;
  readonly before: DeltaSide | null;
  readonly after: DeltaSide | null;
  /** Of the asked metric, per step, item or call, means: after − before. */
  readonly delta: number;
  /** Part of the delta per step that comes from more or fewer calls; with `speedEffectNs` it sums to that delta. */
  readonly countEffectNs: number;
  readonly speedEffectNs: number;
  /** Of the asked metric; null for rows of one side, and where per-row verdicts are suppressed. */
  readonly estimate: Estimate | null;
}

export type DeltaColumn = "delta" | "absDelta" | "relative" | "before" | "after" | "q" | "name" | "count" | "speed";

export interface DeltaPage {
  readonly rows: readonly DeltaRow[];
  /** Rows that pass search and filter. */
  readonly rowCount: number;
  /** Why rows have no verdicts; null when they have. */
  readonly suppressed: string | null;
}

/** Spans of two steps that belong together; three columns of one length. */
export interface SpanPairs {
  /** SpanId in the part of its step. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** 0 to 1, by the reason; see `MatchTier`. */
  readonly confidence: Float32Array;
  /** Spans of the steps that have no counterpart. What is in neither belongs to another step. */
  readonly onlyBefore: Int32Array;
  readonly onlyAfter: Int32Array;
}

/** Two steps, ready to be drawn one above the other. */
export interface StepPicture {
  readonly before: StepDrawing;
  readonly after: StepDrawing;
}

export interface StepDrawing {
  readonly durationNs: number;
  readonly spans: readonly StepSpan[];
}

export interface StepSpan {
  /** Of the track: "main thread", "device 0". */
  readonly role: string;
  readonly row: number;
  readonly name: string;
  readonly kind: SpanKindName;
  /** From the start of the step; negative for what began before it. */
  readonly startNs: number;
  readonly durationNs: number;
  /** How sure its counterpart on the other side is; null without one. */
  readonly confidence: number | null;
}

/** One side's values of a row and what describes them. */
export interface Distribution {
  /** One a step or run, in time order. */
  readonly values: Float64Array;
  /** Index of each value in `SideSummary.steps`. */
  readonly step: Int32Array;
  readonly quartiles: readonly [q1: number, median: number, q3: number];
  /** Indices in `values` beyond 1.5 and 3 interquartile ranges (Tukey); never left out of anything. */
  readonly mildOutliers: readonly number[];
  readonly farOutliers: readonly number[];
  /** Peaks of the kernel density of at least 10 % of the mass; none below 4 values. */
  readonly modes: readonly Mode[];
}

export interface RowDistributions {
  readonly row: number | null;
  readonly label: string;
  readonly unit: string;
  readonly before: Distribution;
  readonly after: Distribution;
  readonly estimate: Estimate | null;
  /** Where a side has several modes: mode against mode, ascending; else empty. */
  readonly modePairs: readonly ModePair[];
}

/** Values around one mode of each side: a change of speed, apart from how often each mode occurs. */
export interface ModePair {
  readonly before: ModeShare | null;
  readonly after: ModeShare | null;
  /** Null where only one side has the mode, or too few values. */
  readonly relative: number | null;
  readonly relativeInterval: Interval | null;
}

export interface ModeShare {
  readonly median: number;
  /** Part of the values, 0 to 1. */
  readonly share: number;
}

export const DiffVerdict = {
  untested: 0,
  equivalent: 1,
  inconclusive: 2,
  regressed: 3,
  improved: 4,
  onlyBefore: 5,
  onlyAfter: 6,
} as const;

/**
 * Union tree of both sides. Parents precede children, siblings by name; node 0 is the root, its children are track
 * roles. All columns have one value a node; times per step, or per item where that is asked.
 */
export interface DiffTree {
  readonly parent: Int32Array;
  readonly depth: Uint16Array;
  /** Index in `names`. */
  readonly name: Uint32Array;
  readonly names: readonly string[];
  readonly kind: Uint8Array;
  /** Row of the delta table; -1 for the root and track roles. */
  readonly row: Int32Array;
  readonly beforeTotalNs: Float64Array;
  readonly afterTotalNs: Float64Array;
  readonly beforeCount: Float64Array;
  readonly afterCount: Float64Array;
  /** max(self before, self after) + Σ of the children: the slot that both sides share. */
  readonly weightNs: Float64Array;
  /** What is asked: `metric` per step, call or item; `verdict`, `relative` and `q` are of it. Slots stay those of steps. */
  readonly metric: DeltaMetric;
  readonly per: DeltaPer;
  readonly beforeValue: Float64Array;
  readonly afterValue: Float64Array;
  /** Part of the slot that each side fills, 0 to 1. */
  readonly beforeFill: Float32Array;
  readonly afterFill: Float32Array;
  /** A `DiffVerdict` of the asked value. */
  readonly verdict: Uint8Array;
  /** Relative change; Infinity for new, -1 for gone, NaN for the root of nothing. */
  readonly relative: Float64Array;
  readonly q: Float64Array;
  readonly confidence: Float32Array;
  /** Longest span: part and SpanId; -1 for none. */
  readonly beforePart: Int32Array;
  readonly beforeSpan: Int32Array;
  readonly afterPart: Int32Array;
  readonly afterSpan: Int32Array;
  /** Nodes left out for size, with their subtrees. */
  readonly omittedNodes: number;
}

/** A device kernel or copy, by its raw name, over the whole selection (not per step). */
export interface KernelRow {
  readonly name: string;
  readonly kind: SpanKindName;
  readonly before: KernelSide | null;
  readonly after: KernelSide | null;
  readonly deltaNs: number;
  readonly countEffectNs: number;
  readonly speedEffectNs: number;
  /** Its largest row in the delta table; null when it has none. */
  readonly row: number | null;
}
export interface KernelSide {
  readonly count: number;
  readonly totalNs: number;
  readonly meanNs: number;
}
export interface KernelPage {
  readonly rows: readonly KernelRow[];
  readonly rowCount: number;
  readonly before: KernelTotals;
  readonly after: KernelTotals;
}
export interface KernelTotals {
  readonly names: number;
  readonly count: number;
  readonly totalNs: number;
}
export type KernelColumn = "name" | "before" | "after" | "delta" | "absDelta" | "count" | "speed";

/** What became of the events of one file. */
export interface ImportRecord {
  readonly side: "before" | "after";
  readonly fileName: string;
  readonly formatLabel: string;
  readonly fingerprint: string;
  readonly eventsRead: number;
  readonly spans: number;
  readonly dropped: readonly (readonly [message: string, count: number])[];
  readonly notes: readonly (readonly [message: string, count: number])[];
}
