import { isCounted } from "./equal-work.ts";
import { formatNumber } from "../model/format-units.ts";
import type { BenchResult } from "./bench-report.ts";
import { holdsOne, isUnchecked, speedRatio, type SpeedRatio } from "./speed-ratio.ts";

/** Said instead of a claim. */
const notTold = "not told apart from 1";

/** "3.40× [3.31, 3.52]", "1.01× [0.97, 1.04], not told apart from 1"; "reference" for the reference itself. */
export function ratioWords(ratio: SpeedRatio | null): string {
  if (ratio === null) return "not claimed";
  if (ratio.isReference) return "reference";
  return holdsOne(ratio) ? `${valueWords(ratio)}, ${notTold}` : valueWords(ratio);
}

/** Of a result and what it is told against: the ratio, or why none is told. */
export function speedUpWords(result: BenchResult, reference: BenchResult | undefined): string {
  const ratio = reference === undefined ? null : speedRatio(result, reference);
  const isHeld = reference !== undefined && isUnchecked(result, reference) && isCounted(result);
  if (ratio !== null || !isHeld) return ratioWords(ratio);
  const hasEnded = [result, reference].some(({ outcome }) => outcome === "stopped");
  return hasEnded ? "accuracy not checked" : "accuracy not checked yet";
}

function valueWords(ratio: SpeedRatio): string {
  const times = `${formatNumber(ratio.value)}×`;
  return ratio.isReference ? times : `${times} ${intervalWords(ratio)}`;
}

function intervalWords({ interval, isGrowing }: SpeedRatio): string {
  if (interval !== null) return `[${interval.map(formatNumber).join(", ")}]`;
  return isGrowing ? "[interval at the end]" : "[interval unknown]";
}

/** "4.00 × as fast as naive [3.91, 4.10]". */
export function fasterWords(ratio: SpeedRatio, other: string): string {
  return `${formatNumber(ratio.value)} × as fast as ${other} ${intervalWords(ratio)}${holdsOne(ratio) ? `, ${notTold}` : ""}`;
}

/**
 * Of several works the least and the largest: "2.10× [2.04, 2.15] to 13.9× [13.1, 14.6]", and how many are not told
 * apart from 1; "not claimed" without any.
 */
export function ratioRangeWords(ratios: readonly SpeedRatio[]): string {
  const sorted = ratios.toSorted((a, b) => a.value - b.value);
  const [least] = sorted;
  const largest = sorted.at(-1);
  if (least === undefined || largest === undefined) return ratioWords(null);
  if (ratios.length === 1) return ratioWords(least);
  const range = [...new Set([least, largest].map(valueWords))].join(" to ");
  const untold = ratios.filter(holdsOne).length;
  return untold === 0 ? range : `${range}, ${untold} of ${ratios.length} ${notTold}`;
}
