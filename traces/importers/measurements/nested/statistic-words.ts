import type { StatedSummary } from "../../../measure/measurement.ts";
import { statedSummary } from "../stated-summary.ts";

/** One number of a summary: which statistic, and its value. */
interface Statistic {
  readonly word: string;
  readonly value: number;
}

export interface StatisticGroup {
  /** What was measured: the name without the word of the statistic; "" when only a unit is left. */
  readonly name: string;
  readonly statistics: readonly Statistic[];
}

const words: Readonly<Record<string, string>> = {
  mean: "mean",
  avg: "mean",
  average: "mean",
  median: "median",
  std: "std",
  stdev: "std",
  stddev: "std",
  min: "min",
  max: "max",
};
const quantile = /^p(\d{1,2}(?:\d)?)$/;
const countKeys =
  /^(?:n|n_samples|num_samples|sample_count|samples|n_runs|num_runs|runs|n_trials|rounds|repeats|repetitions)$/i;

export const isCountOfSamples = (key: string): boolean => countKeys.test(key);

/**
 * Gathers mean_time_ms, std_time_ms … of one object: two or more statistics of one name, or a mean or median beside a
 * list of repetitions. `rest`: everything else, in file order.
 */
export function groupStatistics(
  numbers: ReadonlyMap<string, number>,
  hasRepetitions: boolean,
): { readonly groups: readonly StatisticGroup[]; readonly rest: readonly (readonly [string, number])[] } {
  const found = new Map<string, { readonly keys: string[]; readonly statistics: Statistic[] }>();
  for (const [key, value] of numbers) {
    const split = splitName(key);
    if (split === null) continue;
    const group = found.get(split.name) ?? { keys: [], statistics: [] };
    found.set(split.name, group);
    group.keys.push(key);
    group.statistics.push({ word: split.word, value });
  }
  const taken = new Set<string>();
  const groups: StatisticGroup[] = [];
  for (const [name, { keys, statistics }] of found) {
    const hasCenter = statistics.some(({ word }) => word === "mean" || word === "median");
    if (!hasCenter || (statistics.length < 2 && !hasRepetitions)) continue;
    for (const key of keys) taken.add(key);
    groups.push({ name, statistics });
  }
  return { groups, rest: [...numbers].filter(([key]) => !taken.has(key)) };
}

/** "mean_time_ms" → mean of "time_ms"; "p95_ms" → p95 of "ms"; null for a name without a statistic. */
function splitName(key: string): { readonly name: string; readonly word: string } | null {
  const parts = key.split("_");
  const at = parts.findIndex((part) => Object.hasOwn(words, part.toLowerCase()) || quantile.test(part.toLowerCase()));
  if (at < 0) return null;
  const part = parts[at].toLowerCase();
  return { name: parts.filter((_part, index) => index !== at).join("_"), word: words[part] ?? part };
}

export function toSummary(statistics: readonly Statistic[], n: number | null): StatedSummary {
  const of = (word: string): number | null => statistics.find((each) => each.word === word)?.value ?? null;
  const quantiles = statistics.flatMap(({ word, value }) => {
    const digits = quantile.exec(word)?.[1];
    return digits === undefined ? [] : [[Number(digits) / 10 ** digits.length, value] as const];
  });
  return statedSummary({
    n,
    mean: of("mean"),
    median: of("median"),
    standardDeviation: of("std"),
    min: of("min"),
    max: of("max"),
    quantiles: quantiles.toSorted((a, b) => a[0] - b[0]),
  });
}
