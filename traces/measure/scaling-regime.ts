import { formatCount, formatDuration, formatNumber, thinSpace } from "../model/format-units.ts";
import { quantileOfSorted } from "./describe.ts";
import { type Estimate, type FitDraw, leastSamples, type ScalingFit } from "./scaling-fit.ts";

/** What an axis counts: items of one step (a batch), or how large one item is. */
export interface ScalingAxis {
  readonly kind: "batch" | "size";
  /** "structure", "atom". */
  readonly one: string;
  readonly many: string;
}

export type RegimeName = "constant" | "ideal" | "affine" | "serial" | "superLinear" | "subLinear" | "undecided";

export interface Regime {
  readonly name: RegimeName;
  /** "Affine". */
  readonly title: string;
  /** What a person would say of the curve, with its numbers. */
  readonly sentence: string;
  /** What the fit cannot say: an undefined interval, sizes to add. Null when nothing. */
  readonly caveat: string | null;
  /** Most items a second at any batch size; null where the model has no ceiling. */
  readonly ceilingPerSecond: number | null;
  readonly model: "affine" | "power";
}

const titles: Readonly<Record<RegimeName, string>> = {
  constant: "Constant",
  ideal: "Ideal",
  affine: "Affine",
  serial: "Serial",
  superLinear: "Super-linear",
  subLinear: "Sub-linear",
  undecided: "Undecided",
};

/** Growth over the whole range below this part of the fixed cost counts as none. */
const negligibleGrowth = 0.05;
/** An interval that allows more growth than this part of the fixed cost decides nothing. */
const noisyGrowth = 0.25;
/** A fixed cost below this part of the smallest time counts as none. */
const negligibleFixed = 0.05;
const serialExponents = [0.95, 1.05] as const;
/**
 * Through fewer sizes a line with a fixed cost and a power law both pass: they say nothing of the bend between. Of
 * batches a fixed cost is told all the same, as provisional, since a step is known to consist of a call and its items.
 */
const leastBentSizes = 4;
/** Larger systems may cost a little more per atom before anything is wrong. */
const superLinearFrom = { batch: 1.05, size: 1.3 } as const;

/** Names the regime of a fit at 95 % and says it in words. */
export function nameRegime(fit: ScalingFit, axis: ScalingAxis): Regime {
  const name = chooseRegime(fit, axis);
  return {
    name,
    title: titles[name],
    sentence: sentenceOf(name, fit, axis),
    caveat: caveatOf(name, fit, axis),
    ceilingPerSecond: name === "affine" || name === "serial" ? 1000 / fit.perItemMs.value : null,
    model: name === "superLinear" || name === "subLinear" ? "power" : "affine",
  };
}

function chooseRegime(fit: ScalingFit, axis: ScalingAxis): RegimeName {
  const { exponent } = fit;
  if (isFlat(fit)) return axis.kind === "batch" ? "ideal" : "constant";
  const isLinear = leastOf(exponent) >= serialExponents[0] && mostOf(exponent) <= serialExponents[1];
  if (isLinear && hasNoFixedCost(fit)) return "serial";
  if (fit.sizeCount < leastBentSizes) return hasFixedCost(fit) && axis.kind === "batch" ? "affine" : "undecided";
  if (leastOf(exponent) > superLinearFrom[axis.kind]) return doubtOf(fit, axis) === null ? "superLinear" : "undecided";
  if (hasFixedCost(fit)) return "affine";
  if (mostOf(exponent) < serialExponents[0]) return "subLinear";
  return isLinear ? "serial" : "undecided";
}

/**
 * Why medians that grow faster than the size are no finding, since a straight line explains them as well; null where
 * none does. What delays long steps more often than short ones costs nothing more; and how far sizes lie from their
 * law, repetitions of each do not show.
 */
function doubtOf(fit: ScalingFit, { kind }: ScalingAxis): string | null {
  const { exponent, quickestExponent, meanExponent, scatteredExponent } = fit;
  const limit = superLinearFrom[kind];
  if (exponent.value <= limit) return null;
  const powerWords = (value: number): string => `${kind}^${formatNumber(value)}`;
  if (quickestExponent !== null && quickestExponent <= limit)
    return `The quickest samples grow as ${powerWords(quickestExponent)} only: the machine was busy. Measure again when it is not.`;
  if (meanExponent !== null && leastOf(meanExponent) <= limit)
    return `The means may grow as ${powerWords(leastOf(meanExponent))} only: the machine was busy. Measure again when it is not.`;
  if (leastOf(scatteredExponent) <= 1)
    return `The sizes lie around a straight line as close as around ${powerWords(exponent.value)}: the machine changed its speed between them. Measure again.`;
  return null;
}

function isFlat({ fixedMs, perItemMs, smallest, largest }: ScalingFit): boolean {
  const growthMs = (perItem: number): number => Math.abs(perItem * (largest - smallest));
  if (growthMs(perItemMs.value) <= negligibleGrowth * Math.abs(fixedMs.value) && !isNoisy(perItemMs, growthMs, fixedMs))
    return true;
  return includesZero(perItemMs) && !isNoisy(perItemMs, growthMs, fixedMs);
}

/** Times so uneven that the growth they allow is no small one: "no growth seen" is then no finding. */
function isNoisy({ low, high }: Estimate, growthMs: (perItem: number) => number, { value }: Estimate): boolean {
  if (low === null || high === null) return false;
  return Math.max(growthMs(low), growthMs(high)) > noisyGrowth * Math.abs(value);
}

/** Sure of both, and a line fits about as well as a power law. */
function hasFixedCost({ fixedMs, perItemMs, affineError, powerError }: ScalingFit): boolean {
  return leastOf(fixedMs) > 0 && leastOf(perItemMs) > 0 && affineError <= 2 * powerError;
}

function hasNoFixedCost({ fixedMs, perItemMs, smallest }: ScalingFit): boolean {
  return fixedMs.value <= negligibleFixed * (fixedMs.value + perItemMs.value * smallest);
}

/** Ends of an interval; without one, the value alone decides. */
const leastOf = ({ low, value }: Estimate): number => low ?? value;
const mostOf = ({ high, value }: Estimate): number => high ?? value;

function includesZero({ low, high }: Estimate): boolean {
  return low !== null && high !== null && low <= 0 && high >= 0;
}

function sentenceOf(name: RegimeName, fit: ScalingFit, { kind, one, many }: ScalingAxis): string {
  const { fixedMs, perItemMs, exponent, smallest, largest, spread, sizeCount } = fit;
  const range = `${formatSize(smallest)} to ${formatSize(largest)}${thinSpace}${many}`;
  const a = fixedMs.value;
  const c = perItemMs.value;
  const perSecond = `${formatNumber(1000 / c)}${thinSpace}${many}/s`;
  switch (name) {
    case "ideal":
      return `A batch of ${formatSize(largest)} costs what one ${one} costs, ${formatMs(a)}: the device is not filled, go larger.`;
    case "constant":
      return `Time does not depend on the size: ${range}, within ${formatNumber(spread * 100)}${thinSpace}%. It is a fixed cost of ${formatMs(a)}: launch- or host-bound.`;
    case "affine":
      return kind === "batch"
        ? `Fixed cost ${formatMs(a)} + ${formatMs(c)} per ${one}: at most ${perSecond}, ${approachOf(a / c, one)}.`
        : `Fixed cost ${formatMs(a)} + ${formatMs(c)} per ${one}.`;
    case "serial":
      return kind === "batch"
        ? `Serial loop: ${formatMs(c)} per ${one} at ${countWords[sizeCount] ?? "all"} batch sizes; batching brings nothing, at most ${perSecond}.`
        : `Linear: ${formatMs(c)} per ${one}, no fixed cost to speak of.`;
    case "superLinear":
      return kind === "batch"
        ? `Time grows as batch^${formatNumber(exponent.value)}: each ${one} costs more in a larger batch.`
        : `Time grows as size^${formatNumber(exponent.value)}: every ${one} costs more in a larger system, as O(N²) work or a full cache do.`;
    case "subLinear":
      return `Time grows as ${kind === "batch" ? "batch" : "size"}^${formatNumber(exponent.value)}: each ${one} costs less the more there are, without a ceiling in this range.`;
    case "undecided":
      return undecidedSentence(fit, { kind, one, many });
  }
}

/**
 * How soon a batch comes near the ceiling. A batch of n reaches n / (n + k) of it, where `sizeOfHalf` k is the fixed
 * cost over that of an item; below 1 there is no such batch.
 */
function approachOf(sizeOfHalf: number, one: string): string {
  const most = `90${thinSpace}% at ${formatNumber(9 * sizeOfHalf)}`;
  if (sizeOfHalf >= 1) return `half of that at ${formatNumber(sizeOfHalf)}, ${most}`;
  const alone = `1 ${one} alone reaches ${formatNumber(100 / (1 + sizeOfHalf))}${thinSpace}% of that`;
  return 9 * sizeOfHalf > 1 ? `${alone}, ${most}` : alone;
}

function undecidedSentence(fit: ScalingFit, { kind, one, many }: ScalingAxis): string {
  const { fixedMs, perItemMs, exponent, smallest, largest, sizeCount } = fit;
  const cost = costWords(fit, one);
  const power = `exponent ${formatNumber(exponent.value)}`;
  if (sizeCount >= leastBentSizes) {
    const range = `${formatSize(smallest)} to ${formatSize(largest)}${thinSpace}${many}`;
    return `From ${range} neither a fixed cost nor a power law is sure: ${cost}, or ${power}.`;
  }
  const hasCeiling = kind === "batch" && fixedMs.value > 0 && perItemMs.value > 0;
  const ceiling = hasCeiling ? `, then at most ${formatNumber(1000 / perItemMs.value)}${thinSpace}${many}/s` : "";
  return `${capitalize(countWords[sizeCount])} sizes fit many curves: ${cost}${ceiling}, or ${power}.`;
}

/** Numbers of sizes too small to decide, in words. */
const countWords: Readonly<Record<number, string>> = { 2: "two", 3: "three" };

const capitalize = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** A line that meets the axis below zero has no fixed cost, and one that falls has no cost per item. */
function costWords({ fixedMs: { value: a }, perItemMs: { value: c } }: ScalingFit, one: string): string {
  if (c <= 0) return `${formatMs(a)}, and no growth is seen`;
  return a <= 0
    ? `${formatMs(c)} per ${one}, and no fixed cost is seen`
    : `fixed cost ${formatMs(a)} + ${formatMs(c)} per ${one}`;
}

function caveatOf(name: RegimeName, fit: ScalingFit, axis: ScalingAxis): string | null {
  const { pointCount, sizeCount, perItemMs, largest, fewestSamples } = fit;
  const doubt = name === "undecided" && sizeCount >= leastBentSizes ? doubtOf(fit, axis) : null;
  if (doubt !== null) return doubt;
  const more = [2, 4, 8].map((factor) => formatSize(factor * largest)).join(", ");
  if (perItemMs.low === null)
    return `Interval undefined (${pointCount} points, 2 parameters): provisional. Add ${more}.`;
  if (name === "undecided" && fewestSamples > 0 && fewestSamples < leastSamples)
    return `Fewer than ${leastSamples} samples at some sizes: give them more time.`;
  if (name === "undecided") return `Add sizes such as ${more}.`;
  return sizeCount < leastBentSizes ? `${sizeCount} sizes only; add ${more}.` : null;
}

function formatSize(size: number): string {
  return Number.isInteger(size) ? formatCount(size) : formatNumber(size);
}

function formatMs(ms: number): string {
  return formatDuration(ms * 1e6);
}

/** Time of the regime's model at a size, ms. */
export function predictMs(fit: ScalingFit, { model }: Regime, size: number): number {
  return timeOf(
    { ...fit, fixedMs: fit.fixedMs.value, perItemMs: fit.perItemMs.value, exponent: fit.exponent.value },
    model,
    size,
  );
}

/**
 * Where the median of another size is to be expected at 95 %, ms: what repetitions leave open of the model, and how far
 * the measured sizes lie from it. Null where no repetitions are known.
 */
export function predictIntervalMs(
  fit: ScalingFit,
  regime: Regime,
  size: number,
): { readonly low: number; readonly high: number } | null {
  const { draws, pointCount, affineError, powerError } = fit;
  if (draws === null) return null;
  const drawn = draws.map((draw) => timeOf(draw, regime.model, size)).toSorted((a, b) => a - b);
  const middle = predictMs(fit, regime, size);
  // Two points lie on their line: what others would do is not known, and nothing is added.
  const freedom = pointCount - 2;
  const error = regime.model === "affine" ? affineError : powerError;
  const scatter = freedom > 0 ? normal95 * error * Math.sqrt(pointCount / freedom) * middle : 0;
  const low = middle - Math.hypot(middle - quantileOfSorted(drawn, 0.025), scatter);
  return { low: Math.max(0, low), high: middle + Math.hypot(quantileOfSorted(drawn, 0.975) - middle, scatter) };
}

/** Two-sided 95 % of a normal distribution. */
const normal95 = 1.96;

function timeOf({ fixedMs, perItemMs, scaleMs, exponent }: FitDraw, model: Regime["model"], size: number): number {
  return model === "affine" ? fixedMs + perItemMs * size : scaleMs * size ** exponent;
}
