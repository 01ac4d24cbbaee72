import type { BenchReport, BenchResult } from "../bench-report.ts";
import { runSliced, type Sliced } from "../../model/sliced.ts";
import { variedOptions } from "../equal-work.ts";
import type { IntegrityFinding, Timing } from "./finding.ts";
import { readProfiles, readTimings, type ProfileEntry } from "./json-timings.ts";
import { inspectResult } from "./report-rules.ts";
import {
  findCachedMixtures,
  findDifferingSingle,
  findIdleBatchOne,
  findNoTime,
  findSizeIndependence,
  findSlowFirst,
  findSlowSizes,
  findTwoModes,
} from "./rules.ts";

/** What is wrong with the numbers of a run of ours. An honest run gives none. */
export const inspectReport = (report: BenchReport): readonly IntegrityFinding[] => runSliced(reportFindings(report));

/** What is wrong with the numbers of a benchmark file of any make. */
export const inspectJson = (file: unknown): readonly IntegrityFinding[] => runSliced(jsonFindings(file));

/** As `inspectReport`, in slices: a configuration at a time. */
export function* reportFindings({ results }: BenchReport): Sliced<readonly IntegrityFinding[]> {
  const measured = results.filter(({ samplesMs }) => samplesMs.length > 0);
  const varied = variedOptions(measured);
  const timings = measured.map((result) => toTiming(result, varied));
  return withoutExcuses([
    ...(yield* inspectTimings(timings)),
    ...measured.flatMap((result, index) => inspectResult(result, timings[index].place)),
  ]);
}

/** What is proven invalid at a place needs no other program that had the processor, and its median does not hold. */
function withoutExcuses(findings: readonly IntegrityFinding[]): readonly IntegrityFinding[] {
  const invalid = new Set(findings.filter(({ severity }) => severity === "invalid").map(({ place }) => place));
  return findings.filter(
    ({ rule, severity, place }) => rule !== "firstSlow" || severity === "invalid" || !invalid.has(place),
  );
}

/** Whether a file of any make holds numbers that can be judged: times with a mean, or profiles. */
export function hasTimings(file: unknown): boolean {
  return readTimings(file).length > 0 || readProfiles(file).length > 0;
}

/** As `inspectJson`, in slices. */
export function* jsonFindings(file: unknown): Sliced<readonly IntegrityFinding[]> {
  return [...(yield* inspectTimings(readTimings(file))), ...readProfiles(file).flatMap(findMissingKernels)];
}

function* inspectTimings(all: readonly Timing[]): Sliced<readonly IntegrityFinding[]> {
  const noTime = all.flatMap(findNoTime);
  const without = new Set(noTime.map(({ place }) => place));
  const timings = all.filter(({ place }) => !without.has(place));
  const mixtures = findCachedMixtures(timings);
  // A proven mixture says more than the variation that led to it.
  const proven = new Set(mixtures.map(({ place }) => place));
  const slowFirst = timings.flatMap(findSlowFirst).filter(({ place }) => !proven.has(place));
  const startsSlow = new Set(slowFirst.map(({ place }) => place));
  const twoModes: IntegrityFinding[] = [];
  for (const timing of timings) {
    if (startsSlow.has(timing.place)) continue;
    twoModes.push(...findTwoModes(timing));
    // The density of its samples is what takes time: milliseconds for thousands of them.
    yield;
  }
  return [
    ...noTime,
    ...findIdleBatchOne(timings),
    ...findDifferingSingle(timings),
    ...mixtures,
    ...slowFirst,
    ...findSlowSizes(timings),
    ...twoModes,
    ...findSizeIndependence(timings),
  ];
}

/** What says how large an item is; the size itself stands among the facts. */
const sizeOptions: ReadonlySet<string> = new Set(["structures", "file"]);

/** A place names what tells a configuration from the others: the variant, the backend, the options in `varied`. */
function toTiming(
  { variant, backend, options, itemsPerStep, samplesMs, warmupSteps, facts }: BenchResult,
  varied: readonly string[],
): Timing {
  const stepsMs = samplesMs.map((ms) => ms * itemsPerStep);
  const { batch } = options;
  const atoms = facts["atoms"];
  const named = varied.filter((id) => id !== "batch").map((id) => ({ id, word: `${id} ${String(options[id])}` }));
  const words = named.map(({ word }) => word);
  const path = [variant, backend, ...words, ...(varied.includes("batch") ? [`batch ${String(batch)}`] : [])];
  const settings = named.filter(({ id }) => !sizeOptions.has(id)).map(({ word }) => word);
  return {
    place: path.join(" / "),
    path,
    batchSeries: [variant, backend, ...words].join(" / "),
    sizeSeries: [variant, backend, ...settings, `batch ${String(batch)}`].join(" / "),
    meanMs: stepsMs.reduce((sum, ms) => sum + ms, 0) / stepsMs.length,
    stdMs: null,
    count: stepsMs.length,
    samplesMs: stepsMs,
    isWarmedUp: warmupSteps > 0,
    batch: typeof batch === "number" ? batch : null,
    size: typeof atoms === "number" ? atoms / itemsPerStep : null,
  };
}

/** A profile that holds only the wait for the device says nothing of what the device did. */
function findMissingKernels({ place, names, deviceUs }: ProfileEntry): readonly IntegrityFinding[] {
  const waits = names.filter((name) => /synchroni[sz]e/i.test(name));
  if (waits.length < names.length && deviceUs > 0) return [];
  return [
    {
      rule: "noKernels",
      severity: "invalid",
      place,
      message: "The profile holds no computation on the device: it cannot show that anything is bound by the GPU.",
      arithmetic: `${names.length} ${names.length === 1 ? "operation" : "operations"} (${names.join(", ")}), ${deviceUs} µs on the device`,
    },
  ];
}
