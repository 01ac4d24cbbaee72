import { formatCounted, formatDuration } from "../model/format-units.ts";
import type { Estimate } from "../measure/estimate.ts";
import { groupBy } from "../measure/group-by.ts";
import { mirrored } from "../measure/relative.ts";
import type { Comparability, ComparisonOptions, Headline, MeanShift, Waterfall, WaterfallBar } from "./comparison.ts";
import { describeBars, formatChange, intervalWords, formatPercent } from "./words.ts";

export interface HeadlineInput {
  readonly quantity: Headline["quantity"];
  readonly estimate: Estimate;
  readonly meanShift: MeanShift;
  readonly comparability: Comparability;
  readonly options: ComparisonOptions;
  readonly waterfall: Waterfall;
  readonly caveats: readonly string[];
  readonly isSingleCapture: boolean;
  /** Why the numbers cannot carry a verdict whatever they are; null when they can. */
  readonly refusal: string | null;
}

/** The sentence a reader takes away, its causes and its limits. */
export function writeHeadline(input: HeadlineInput): Headline {
  const { quantity, estimate, comparability, options, waterfall, caveats } = input;
  const worst = comparability.checks.find(({ grade }) => grade === "D");
  const refusal =
    input.refusal ??
    (worst === undefined || options.allowIncomparable
      ? null
      : `not comparable: ${worst.message} (${worst.before} → ${worst.after})`);
  return {
    sentence: refusal === null ? describe(input) : `No verdict: ${refusal}.`,
    quantity,
    estimate: refusal === null ? estimate : null,
    meanShift: refusal === null ? input.meanShift : null,
    refusal,
    causes: refusal === null ? findCauses(waterfall, estimate, perWords[quantity]) : [],
    caveats: [...caveats, ...estimate.notes],
  };
}

function describe({ quantity, estimate, options, isSingleCapture }: HeadlineInput): string {
  // One capture a side cannot speak of the programs, only of itself.
  const subject = isSingleCapture ? `Between these two captures, ${quantity}` : capitalized(quantity);
  const { verdict, relative, before, after } = estimate;
  const levels = `${formatDuration(before.median)} → ${formatDuration(after.median)}`;
  const interval = intervalWords(estimate) ?? "no interval";
  const tolerance = formatPercent(options.tolerance);
  switch (verdict) {
    case "regressed":
      return `${subject} rose ${formatPercent(Math.abs(relative))} (${interval}), ${levels}.`;
    case "improved":
      return `${subject} fell ${formatPercent(Math.abs(relative))} (${interval}), ${levels}.`;
    case "equivalent":
      return relative === 0 && estimate.shift === 0
        ? `${capitalized(quantity)} is the same, ${levels}.`
        : `${subject} is equivalent within ${tolerance}: ${formatChange(relative)} (${interval}), ${levels}.`;
    case "inconclusive":
      return `${subject} ${openWords(estimate, tolerance)} ${formatChange(relative)} (${interval}), ${levels}${doubtWords(estimate, options)}${moreWords(estimate, quantity)}.`;
  }
}

function openWords({ direction }: Estimate, tolerance: string): string {
  if (direction === "unknown") return `is undecided at a tolerance of ${tolerance}:`;
  return direction === "slower" ? "rose:" : "fell:";
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is not known of a change whose direction is. */
function doubtWords(
  { direction, relativeInterval, before, after }: Estimate,
  { tolerance }: ComparisonOptions,
): string {
  if (direction === "unknown") return "";
  const [low, high] = relativeInterval ?? [0, 0];
  return low > tolerance || high < mirrored(tolerance)
    ? `; ${before.n} and ${after.n} observations are too few to be sure`
    : `; whether by more than ${formatPercent(tolerance)} is open`;
}

const observations: Readonly<Record<Headline["quantity"], string>> = {
  "step time": "step",
  "run time": "run",
  "wall time": "capture",
};

/** Behind the time of a cause; a whole capture is no step. */
const perWords: Readonly<Record<Headline["quantity"], string>> = {
  "step time": " per step",
  "run time": " per run",
  "wall time": "",
};

function moreWords({ moreNeeded }: Estimate, quantity: Headline["quantity"]): string {
  return moreNeeded === null
    ? ""
    : `; about ${formatCounted(moreNeeded, `more ${observations[quantity]}`)} a side would decide`;
}

const mostCauses = 3;
/** Bars that make less than this part of the whole change are no cause. */
const smallestPart = 0.05;

/** Owners that go the way of the whole, by what their bars come to, largest first. */
function findCauses({ bars }: Waterfall, { shift, verdict }: Estimate, per: string): readonly string[] {
  if (verdict === "equivalent") return [];
  const isCause = ({ kind }: WaterfallBar): boolean => kind !== "before" && kind !== "after" && kind !== "rest";
  return [...groupBy(bars.filter(isCause), ownerOfBar).values()]
    .map((own) => ({ own, ns: own.reduce((sum, bar) => sum + bar.ns, 0) }))
    .filter(({ ns }) => ns * shift > 0 && Math.abs(ns) >= smallestPart * Math.abs(shift))
    .sort((x, y) => Math.abs(y.ns) - Math.abs(x.ns))
    .slice(0, mostCauses)
    .map(({ own }) => describeBars(own, per));
}

/** Both bars of an owner, by number of calls and by time of a call, have its name before their kind. */
function ownerOfBar({ id, kind }: WaterfallBar): string {
  return id.endsWith(` ${kind}`) ? id.slice(0, -kind.length - 1) : id;
}
