import { formatDuration } from "../model/format-units.ts";
import type { Estimate } from "../measure/estimate.ts";
import type { Comparability, ComparisonOptions, Headline, MeanShift, Waterfall } from "./comparison.ts";
import { describeBar, formatChange, formatInterval, formatPercent } from "./words.ts";

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
    causes: refusal === null ? findCauses(waterfall, estimate) : [],
    caveats: [...caveats, ...estimate.notes],
  };
}

function describe({ quantity, estimate, options, isSingleCapture }: HeadlineInput): string {
  // One capture a side cannot speak of the programs, only of itself.
  const subject = isSingleCapture ? `Between these two captures, ${quantity}` : capitalized(quantity);
  const { verdict, relative, relativeInterval, before, after } = estimate;
  const levels = `${formatDuration(before.median)} → ${formatDuration(after.median)}`;
  const interval = relativeInterval === null ? "no interval" : formatInterval(relativeInterval, options.alpha);
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
      return `${subject} is open against ${tolerance}: seen ${formatChange(relative)} (${interval}), ${levels}${directionWords(estimate)}${moreWords(estimate)}.`;
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function directionWords({ direction }: Estimate): string {
  return direction === "unknown" ? "" : `; ${direction}, by how much is open`;
}

function moreWords({ moreNeeded }: Estimate): string {
  return moreNeeded === null ? "" : `; about ${moreNeeded} more observations a side would decide`;
}

const mostCauses = 3;
/** Bars that make less than this part of the whole change are no cause. */
const smallestPart = 0.05;

/** Bars that go the way of the whole, largest first. */
function findCauses({ bars }: Waterfall, { shift, verdict }: Estimate): readonly string[] {
  if (verdict === "equivalent") return [];
  return bars
    .filter(({ kind, ns }) => kind !== "before" && kind !== "after" && kind !== "rest" && ns * shift > 0)
    .filter(({ ns }) => Math.abs(ns) >= smallestPart * Math.abs(shift))
    .sort((x, y) => Math.abs(y.ns) - Math.abs(x.ns))
    .slice(0, mostCauses)
    .map(describeBar);
}
