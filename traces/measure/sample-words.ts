import type { BenchResult } from "./bench-report.ts";
import { formatCount, formatCounted } from "../model/format-units.ts";

/** What the budget of a configuration cut off: "stopped by budget after 3 samples, too few: 20 wanted"; "" when nothing. */
export function cutWords(result: BenchResult): string {
  const { sampleCount, samplesWanted, warmupSteps, warmupStepsWanted } = result;
  const words: string[] = [];
  if (samplesWanted !== undefined)
    words.push(
      `stopped by budget after ${formatCounted(sampleCount, "sample")}, too few: ${formatCount(samplesWanted)} wanted`,
    );
  if (warmupStepsWanted !== undefined)
    words.push(`warm-up stopped by budget after ${formatCounted(warmupSteps, "step")} of ${warmupStepsWanted}`);
  return words.join("; ");
}

/** "57", "3 of 20" where the budget left too few; "" for none. */
export function countWords({ sampleCount, samplesWanted }: BenchResult): string {
  if (sampleCount === 0) return "";
  return samplesWanted === undefined
    ? formatCount(sampleCount)
    : `${formatCount(sampleCount)} of ${formatCount(samplesWanted)}`;
}
