import { conditionsOf } from "../conditions.ts";
import { createSampleComparer, type SampleComparer } from "../../measure/compare-samples.ts";
import { compareSummaries, type SummaryStatistics } from "../../measure/compare-summaries.ts";
import { conclude, type Change } from "../../measure/conclude.ts";
import { medianOf } from "../../measure/describe.ts";
import type { Estimate } from "../../measure/estimate.ts";
import { adjustP } from "../../measure/false-discovery.ts";
import { pathText, summarize, type Measurement, type MeasurementSet } from "../../measure/measurement.ts";
import { formatCounted } from "../../model/format-units.ts";
import { fewestRuns } from "../find-steps.ts";
import type { ComparabilityCheck, ComparisonOptions } from "../comparison.ts";
import { formatChange } from "../words.ts";
import type { MeasurementComparison, MeasurementRow, MeasurementVerdict } from "./measurement-comparison.ts";
import { leaveOutConstantOptions } from "./constant-options.ts";
import { pairCurves } from "./scaling-pairs.ts";
import { scaleOf, unitOf } from "./time-units.ts";

type Both = readonly [before: readonly Measurement[], after: readonly Measurement[]];

/**
 * Compares what may differ by design: options that were changed between the sides are no part of the names by which
 * measurements are paired, and are told as a difference of conditions; those alike everywhere are told once.
 */
export function compareAcrossOptions(
  before: readonly MeasurementSet[],
  after: readonly MeasurementSet[],
  options: ComparisonOptions,
): MeasurementComparison {
  const { checks, shared, ...sides } = leaveOutConstantOptions(before, after);
  const comparison = compareMeasurements(sides.before, sides.after, options);
  return { ...comparison, checks: [...checks, ...comparison.checks], shared };
}

/** Compares result files, whatever tools wrote them. Several files a side are runs of one benchmark. */
export function compareMeasurements(
  before: readonly MeasurementSet[],
  after: readonly MeasurementSet[],
  options: ComparisonOptions,
): MeasurementComparison {
  const left = groupByName(before);
  const right = groupByName(after);
  const comparer = createSampleComparer();
  const shared = [...left].flatMap(([name, measurements]): { name: string; both: Both }[] => {
    const partner = right.get(name);
    return partner === undefined ? [] : [{ name, both: [measurements, partner] }];
  });
  const comparable = shared.filter(({ both }) => unitOf(both[0][0]) === unitOf(both[1][0]));
  const same = isSame(before, after);
  const changes = comparable.map(({ name, both }) => compareOne(name, both, comparer, options, same));
  const q = adjustP(changes.map(({ p }) => p ?? Number.NaN));
  const rows = comparable.map(({ name, both }, index): MeasurementRow => {
    const better = both[1][0].better ?? both[0][0].better;
    const estimate = conclude(changes[index], Number.isNaN(q[index]) ? null : q[index], options);
    return {
      name,
      unit: unitOf(both[0][0]),
      better,
      estimate,
      verdict: verdictFor(estimate, better),
      before: [...valuesOf(both[0])],
      after: [...valuesOf(both[1])],
    };
  });
  const counts = { regressed: 0, improved: 0, equivalent: 0, inconclusive: 0, changed: 0 };
  for (const { verdict } of rows) counts[verdict]++;
  const geometricMean = meanRatio(rows);
  return {
    sentence: same && rows.length > 0 ? sameSentence : writeSentence(rows, counts, geometricMean),
    before: before.map(({ name }) => name),
    after: after.map(({ name }) => name),
    conditions: {
      before: conditionsOf(before.flatMap(({ facts }) => facts)),
      after: conditionsOf(after.flatMap(({ facts }) => facts)),
    },
    rows: rows.toSorted((x, y) => order[x.verdict] - order[y.verdict] || size(y) - size(x)),
    onlyBefore: [...left.keys()].filter((name) => !right.has(name)),
    onlyAfter: [...right.keys()].filter((name) => !left.has(name)),
    geometricMean,
    checks: [...checkIntegrity(before, after), ...compareFacts(before, after)],
    shared: [],
    counts,
    scaling: pairCurves(before, after),
    options,
  };
}

const order: Readonly<Record<MeasurementVerdict, number>> = {
  regressed: 0,
  changed: 1,
  improved: 2,
  inconclusive: 3,
  equivalent: 4,
};

function size({ estimate }: MeasurementRow): number {
  return Number.isFinite(estimate.relative) ? Math.abs(estimate.relative) : Number.MAX_VALUE;
}

/** The same name in several files of a side is the same benchmark run again. */
function groupByName(sets: readonly MeasurementSet[]): ReadonlyMap<string, readonly [Measurement, ...Measurement[]]> {
  const groups = new Map<string, [Measurement, ...Measurement[]]>();
  for (const { measurements } of sets)
    for (const measurement of measurements) {
      const name = pathText(measurement);
      const known = groups.get(name);
      if (known === undefined) groups.set(name, [measurement]);
      else known.push(measurement);
    }
  return groups;
}

function compareOne(
  name: string,
  [before, after]: Both,
  comparer: SampleComparer,
  options: ComparisonOptions,
  sameRecording: boolean,
): Change {
  const [a, b] = [valuesOf(before), valuesOf(after)];
  if (a.length > 0 && b.length > 0 && (a.length > 1 || b.length > 1))
    return comparer.compare(
      { values: a, seed: `${name} before` },
      { values: b, seed: `${name} after` },
      { alpha: options.alpha, resamples: 0, ordered: false, sameRecording },
    );
  return compareSummaries(statedOf(before), statedOf(after), options.alpha, sameRecording);
}

/** One value a run where there are enough runs; else all repetitions; else the means of the runs. */
function valuesOf(runs: readonly Measurement[]): Float64Array {
  const hasValues = runs.every(({ values }) => values.length > 0);
  const scaled = runs.map((run) => Float64Array.from(run.values, (value) => value * scaleOf(run)));
  if (hasValues && runs.length < fewestRuns) return Float64Array.from(scaled.flatMap((values) => [...values]));
  if (hasValues) return Float64Array.from(scaled, medianOf);
  if (runs.length < 2) return new Float64Array(0);
  return Float64Array.from(runs, (run) => (summarize(run).mean ?? Number.NaN) * scaleOf(run));
}

/** A set without values may still say its mean, deviation and n. */
function statedOf([run]: readonly Measurement[]): SummaryStatistics {
  const { mean, median, standardDeviation, n } = summarize(run);
  const scale = scaleOf(run);
  return {
    mean: (mean ?? median ?? Number.NaN) * scale,
    standardDeviation: (standardDeviation ?? 0) * scale,
    n: standardDeviation === null ? 1 : (n ?? 1),
  };
}

/** Whether both sides hold the same numbers all over; one that is alike by chance says nothing. */
function isSame(before: readonly MeasurementSet[], after: readonly MeasurementSet[]): boolean {
  const numbersOf = (sets: readonly MeasurementSet[]): string => JSON.stringify(sets.map((set) => set.measurements));
  return before.length === after.length && numbersOf(before) === numbersOf(after);
}

function verdictFor(estimate: MeasurementRow["estimate"], better: MeasurementRow["better"]): MeasurementVerdict {
  const { verdict } = estimate;
  if (verdict !== "regressed" && verdict !== "improved") return verdict;
  if (better === null) return "changed";
  const isWorse = (verdict === "regressed") === (better === "lower");
  return isWorse ? "regressed" : "improved";
}

/** Of medians, over all times with both sides above 0. */
function meanRatio(rows: readonly MeasurementRow[]): number | null {
  const logs = rows.flatMap(({ unit, estimate: { before, after } }) =>
    unit === "ns" && before.median > 0 && after.median > 0 ? [Math.log(after.median / before.median)] : [],
  );
  return logs.length === 0 ? null : Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length) - 1;
}

function writeSentence(
  rows: readonly MeasurementRow[],
  counts: MeasurementComparison["counts"],
  geometricMean: number | null,
): string {
  if (rows.length === 0) return "No verdict: no measurement is on both sides.";
  const isUntested = ({ p, method }: Estimate): boolean => p === null && method === "none";
  const untested = rows.filter(({ estimate }) => isUntested(estimate)).length;
  const alone = rows.filter(
    ({ estimate }) => isUntested(estimate) && Math.min(estimate.before.n, estimate.after.n) < 2,
  ).length;
  const words = (["regressed", "improved", "changed", "equivalent", "inconclusive"] as const)
    .map((verdict) => ({ verdict, count: counts[verdict] - (verdict === "inconclusive" ? untested : 0) }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`);
  if (alone > 0) words.push(`${alone} not tested (one value on a side)`);
  if (untested > alone) words.push(`${untested - alone} not tested (no spread is told)`);
  const mean = geometricMean === null ? "" : ` Times changed by ${formatChange(geometricMean)} (geometric mean).`;
  const opposed =
    counts.regressed > 0 && counts.improved > 0 ? " They go both ways: no one number speaks for all of them." : "";
  return `Of ${formatCounted(rows.length, "measurement")} ${words.join(", ")}.${mean}${opposed}`;
}

const sameSentence = "Both sides hold the same results.";

/** Facts of the files; those that tell when and where a run was are no difference. */
const incidental = /date|time|stamp|host|path|checkpoint|file|executable|load|uptime/i;

/** What rests on numbers that measure something else is no comparison, whatever its statistics say. */
function checkIntegrity(
  before: readonly MeasurementSet[],
  after: readonly MeasurementSet[],
): readonly ComparabilityCheck[] {
  const grades = [
    ["invalid", "D", "not to be used"],
    ["doubtful", "C", "doubtful"],
  ] as const;
  return grades.flatMap(([severity, grade, words]): readonly ComparabilityCheck[] => {
    const placesOf = (sets: readonly MeasurementSet[]): ReadonlySet<string> =>
      new Set(
        sets.flatMap(({ integrity }) => integrity.filter((one) => one.severity === severity).map(({ place }) => place)),
      );
    const [a, b] = [placesOf(before), placesOf(after)];
    if (a.size + b.size === 0) return [];
    return [
      {
        id: `integrity ${severity}`,
        label: `numbers ${words}`,
        grade,
        before: listPlaces(a),
        after: listPlaces(b),
        message: `Numbers are ${words}: they do not measure what they say`,
      },
    ];
  });
}

const mostPlaces = 3;

function listPlaces(places: ReadonlySet<string>): string {
  if (places.size === 0) return "none found";
  const rest = places.size - mostPlaces;
  return `${[...places].slice(0, mostPlaces).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function compareFacts(
  before: readonly MeasurementSet[],
  after: readonly MeasurementSet[],
): readonly ComparabilityCheck[] {
  const factsOf = (sets: readonly MeasurementSet[]): ReadonlyMap<string, string> =>
    new Map(sets.flatMap(({ facts }) => facts));
  const [a, b] = [factsOf(before), factsOf(after)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => a.get(key) !== b.get(key) && !incidental.test(key))
    .map((key) => ({
      id: `fact ${key}`,
      label: key,
      grade: a.has(key) && b.has(key) ? "C" : "B",
      before: a.get(key) ?? "not said",
      after: b.get(key) ?? "not said",
      message: `${key} differs`,
    }));
}
