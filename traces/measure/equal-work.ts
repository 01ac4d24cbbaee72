import type { BenchResult } from "./bench-report.ts";
import { groupBy } from "./group-by.ts";

/*
 * Which results of a run may be held against each other. A speed-up says that of two that did the same work one took
 * less time, so both must agree in all that says how much work there is: structures, batch, network, weights, and the
 * case that a variant "case/side" belongs to. `settings` are the options that only say how it is done.
 */

/** Results that did the same work, in the order of the run. */
export function groupByWork(
  results: readonly BenchResult[],
  settings: readonly string[],
): readonly (readonly BenchResult[])[] {
  return [...groupBy(results, (result) => keyOf(result, settings)).values()];
}

/**
 * What the speed of each result is told against: the first variant and backend of the run that counts, on the same
 * work with the same settings. Where there is only one variant and backend, its settings are what is compared, and the
 * first of the same work is the reference. A result without one is left out.
 */
export function referencesOf(
  results: readonly BenchResult[],
  settings: readonly string[],
): ReadonlyMap<BenchResult, BenchResult> {
  const references = new Map<BenchResult, BenchResult>();
  for (const family of groupBy(results, familyOf).values()) {
    const hasWays = new Set(family.map(wayOf)).size > 1;
    const counted = family.filter(isCounted);
    const [first] = counted;
    if (first === undefined) continue;
    const candidates = hasWays ? counted.filter((result) => wayOf(result) === wayOf(first)) : counted;
    const known = hasWays ? [] : settings;
    const byWork = groupBy(candidates, (result) => keyOf(result, known));
    for (const result of family) {
      const reference =
        byWork.get(keyOf(result, known))?.[0] ?? candidates.find((each) => agreeWhereUsed(each, result, settings));
      if (reference !== undefined) references.set(result, reference);
    }
  }
  return references;
}

/** Whether a claim of speed may rest on it. */
export function isCounted({ medianMs, outcome }: BenchResult): boolean {
  return medianMs !== null && outcome !== "excluded";
}

/** The options in which results differ, by id. */
export function variedOptions(results: readonly BenchResult[]): readonly string[] {
  const ids = [...new Set(results.flatMap(({ options }) => Object.keys(options)))];
  return ids.filter((id) => new Set(results.map(({ options }) => options[id])).size > 1);
}

function keyOf(result: BenchResult, settings: readonly string[]): string {
  const work = Object.entries(result.options).filter(([id]) => !settings.includes(id));
  return JSON.stringify([familyOf(result), work]);
}

/** Whether two agree in all but settings that one of them has no use for (null): a rank where nothing has a rank. */
function agreeWhereUsed(a: BenchResult, b: BenchResult, settings: readonly string[]): boolean {
  const ids = new Set([...Object.keys(a.options), ...Object.keys(b.options)]);
  return [...ids].every((id) => {
    const [left, right] = [a.options[id] ?? null, b.options[id] ?? null];
    return left === right || (settings.includes(id) && (left === null || right === null));
  });
}

/** The case of a before/after variant; the variants without one all do the work of the workload itself. */
function familyOf({ variant }: BenchResult): string {
  return variant.includes("/") ? variant.slice(0, variant.indexOf("/")) : "";
}

function wayOf({ variant, backend }: BenchResult): string {
  return JSON.stringify([variant, backend]);
}
