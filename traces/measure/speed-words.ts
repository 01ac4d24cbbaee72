import { formatNumber } from "../model/format-units.ts";
import { holdsOne, type SpeedRatio } from "./speed-ratio.ts";

/** Said instead of a claim. */
const notTold = "not told apart from 1";

/** "3.40× [3.31, 3.52]", "1.01× [0.97, 1.04], not told apart from 1"; "reference" for the reference itself. */
export function ratioWords(ratio: SpeedRatio | null): string {
  if (ratio === null) return "not claimed";
  if (ratio.isReference) return "reference";
  const { value, interval } = ratio;
  const words = `${formatNumber(value)}× ${interval === null ? "[interval unknown]" : `[${interval.map(formatNumber).join(", ")}]`}`;
  return holdsOne(ratio) ? `${words}, ${notTold}` : words;
}

/** "4.00 × as fast as naive [3.91, 4.10]". */
export function fasterWords(ratio: SpeedRatio, other: string): string {
  const { value, interval } = ratio;
  const known = interval === null ? "interval unknown" : interval.map(formatNumber).join(", ");
  return `${formatNumber(value)} × as fast as ${other} [${known}]${holdsOne(ratio) ? `, ${notTold}` : ""}`;
}

/** Of several works: "13.9× [13.1, 14.6]", "2.10× to 13.9×, 1 of 8 not told apart from 1"; "not claimed" without any. */
export function ratioRangeWords(ratios: readonly SpeedRatio[]): string {
  const [only] = ratios;
  if (only === undefined) return ratioWords(null);
  if (ratios.length === 1) return ratioWords(only);
  const values = ratios.map(({ value }) => value);
  const ends = [Math.min(...values), Math.max(...values)].map((value) => `${formatNumber(value)}×`);
  const untold = ratios.filter(holdsOne).length;
  const range = [...new Set(ends)].join(" to ");
  return untold === 0 ? range : `${range}, ${untold} of ${ratios.length} ${notTold}`;
}
