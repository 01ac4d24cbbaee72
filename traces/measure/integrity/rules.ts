import { formatNumber } from "../../model/format-units.ts";
import { groupBy } from "../group-by.ts";
import type { IntegrityFinding, IntegrityRule, Timing } from "./finding.ts";
import { farApart, isIdle, solveMixture } from "./formulas.ts";
import { findSlowStart } from "./slow-start.ts";
import { findTwoGroups } from "./two-groups.ts";

/* Rules over timings, each a pure function. */

/** Deviation over mean: one sample among few dwarfs the others. */
const largestVariation = 1.5;
const largestMixture = 20;
/** Times that differ less than this over sizes that differ more than that do not depend on size. */
const sizeTimeSpread = 0.1;
const sizeRange = 4;
const leastSamples = 5;

/** Sizes below this are too few to tell slow ones from the others. */
const leastSizes = 4;
/** A last time this much below the median says that times go on falling. */
const stillFalling = 1.5;

/** The first samples are several times the others: they hold what the others reuse, such as a compilation or a cache. */
export function findSlowFirst(timing: Timing): readonly IntegrityFinding[] {
  const { place, samplesMs, meanMs, stdMs, count } = timing;
  if (samplesMs.length >= leastSamples) return findSlowSamples(timing);
  if (stdMs === null || (count !== null && count < leastSamples) || stdMs <= largestVariation * meanMs) return [];
  const message = "The deviation is larger than the mean: one sample dwarfs the others, so the mean says nothing.";
  return [
    finding(
      "firstSlow",
      "invalid",
      place,
      message,
      `${ms(stdMs)} ÷ ${ms(meanMs)} = ${formatNumber(stdMs / meanMs)}, beyond ${largestVariation}`,
    ),
  ];
}

/**
 * After a warm-up outside the samples there is nothing left to compile: one slow first sample is an outlier, as a busy
 * machine makes them. Several in a row are looked at all the same.
 */
function findSlowSamples({ place, samplesMs, isWarmedUp }: Timing): readonly IntegrityFinding[] {
  const start = findSlowStart(samplesMs);
  if (start === null) return [];
  const { count, leastMs, restMs } = start;
  const [those, hold, are] = count === 1 ? ["first sample", "holds", "is"] : [`first ${count} samples`, "hold", "are"];
  const factor = times(leastMs / restMs);
  const arithmetic =
    count === 1
      ? `${ms(leastMs)} first, ${ms(restMs)} the median of the rest: ${factor}`
      : `${ms(leastMs)} or more in the first ${count}, ${ms(restMs)} the median of the rest: ${factor}`;
  if (!isWarmedUp) {
    const message = `The ${those} ${hold} work that the others do not repeat: compiled or cached inside the timing.`;
    return [finding("firstSlow", "invalid", place, message, arithmetic)];
  }
  const message =
    count === 1
      ? `The ${those} ${are} an outlier: the warm-up was over, so another program had the processor. The median holds.`
      : `The ${those} ${are} far slower than all later ones although the warm-up was over: something still started, or another program had the processor.`;
  return [finding("firstSlow", count === 1 ? "note" : "doubtful", place, message, arithmetic)];
}

/** Small sizes far slower than every larger one: what was timed there is a compilation, not the work. */
export function findSlowSizes(timings: readonly Timing[]): readonly IntegrityFinding[] {
  const sized = timings.filter(({ size }) => size !== null);
  return [...groupBy(sized, ({ sizeSeries }) => sizeSeries).values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => (a.size ?? 0) - (b.size ?? 0));
    if (new Set(sorted.map(({ size }) => size)).size < leastSizes) return [];
    const start = findSlowStart(sorted.map(({ meanMs }) => meanMs));
    // Times that fall on to the last size are a curve, as those over a number of threads.
    if (start === null || (sorted.at(-1)?.meanMs ?? 0) * stillFalling < start.restMs) return [];
    const { count, leastMs, restMs } = start;
    const slow = sorted.slice(0, count).map(({ size, meanMs }) => `${ms(meanMs)} at ${size}`);
    const message =
      "The smallest sizes take far longer than all larger ones: a compilation or a warm-up lies inside their timing.";
    const arithmetic = `${slow.join(", ")}; ${ms(restMs)} the median of the larger ones: ${times(leastMs / restMs)} or more`;
    return [finding("smallSizesSlow", "invalid", sorted[0]?.sizeSeries ?? "", message, arithmetic)];
  });
}

/** No work takes no time: the clock was too coarse, or nothing ran. Other rules divide by times and leave these out. */
export function findNoTime({ place, meanMs, samplesMs }: Timing): readonly IntegrityFinding[] {
  const empty = samplesMs.filter((sample) => !(sample > 0)).length;
  if (meanMs > 0 && empty === 0) return [];
  const negative = samplesMs.filter((sample) => sample < 0);
  const isNegative = negative.length > 0 || meanMs < 0;
  const message = isNegative
    ? "No work takes less than no time: the clock was set back, or the numbers are wrong."
    : "No work takes no time: the clock is too coarse for it, or nothing ran.";
  const zero = empty - negative.length;
  const arithmetic =
    samplesMs.length === 0 || empty === 0
      ? `a mean of ${ms(meanMs)}`
      : [
          ...(negative.length > 0
            ? [`${negative.length} of ${samplesMs.length} samples are negative, the least ${ms(least(negative))}`]
            : []),
          ...(zero > 0 ? [`${zero} of ${samplesMs.length} samples are 0 ms`] : []),
        ].join("; ");
  return [finding("noTime", "invalid", place, message, arithmetic)];
}

/** A batch of one that is far quicker per item than a batch of two has not done the work. */
export function findIdleBatchOne(timings: readonly Timing[]): readonly IntegrityFinding[] {
  return [...groupBy(timings, ({ batchSeries }) => batchSeries).values()].flatMap((group) => {
    const one = group.find(({ batch }) => batch === 1);
    const larger = group
      .filter(({ batch }) => batch !== null && batch > 1)
      .toSorted((a, b) => (a.batch ?? 0) - (b.batch ?? 0));
    if (one === undefined || larger.length === 0) return [];
    // Larger batches may hold larger items: they are held against it as items of its size would be.
    const perItem = larger.map(
      ({ meanMs, batch, size }) => (meanMs / (batch ?? 1)) * ((one.size ?? 1) / (size ?? one.size ?? 1)),
    );
    if (!isIdle(one.meanMs, perItem)) return [];
    const message = `Batch 1 did no work: it answered from a cache. Ratios against it ("${formatNumber(perItem[0] / one.meanMs)}× slower batch") are void.`;
    const list = larger.map(({ batch }, i) => `${ms(perItem[i])} at ${batch}`).join(", ");
    return [
      finding(
        "batchOneIdle",
        "invalid",
        one.place,
        message,
        `${ms(one.meanMs)} at batch 1, per item ${list}: ${times(perItem[0] / one.meanMs)}`,
      ),
    ];
  });
}

/** The same quantity stated as a single inference and as a batch of one; with the ratios that hold instead. */
export function findDifferingSingle(timings: readonly Timing[]): readonly IntegrityFinding[] {
  const single = timings.find(
    ({ path, size, batch }) => size === null && batch === null && path.some((word) => /single/i.test(word)),
  );
  const one = timings.find(({ batch }) => batch === 1);
  if (single === undefined || one === undefined) return [];
  const factor = single.meanMs / one.meanMs;
  if (factor < farApart && factor > 1 / farApart) return [];
  const others = timings.filter(
    (timing) => timing.batch !== null && timing.batch > 1 && timing.batchSeries === one.batchSeries,
  );
  const corrected = others.map(({ batch, meanMs }) => {
    const perItem = meanMs / (batch ?? 1);
    return `batch ${batch}: ${ms(perItem)} per item, ${times(single.meanMs / perItem)} as fast as one alone`;
  });
  const message = "One inference and a batch of one are the same work and must cost the same.";
  const arithmetic = [`${ms(single.meanMs)} against ${ms(one.meanMs)}: ${times(factor)}`, ...corrected].join("; ");
  return [finding("singleDiffers", "invalid", one.place, message, arithmetic)];
}

/**
 * One real repetition among n − 1 answers from a cache: mean = (x + (n − 1)h)/n and deviation = (x − h)·√(n − 1)/n.
 * Both are solved for x with the hit time h of the same file; agreement proves it and gives n.
 */
export function findCachedMixtures(timings: readonly Timing[]): readonly IntegrityFinding[] {
  const hit = timings.find(({ batch }) => batch === 1)?.meanMs;
  if (hit === undefined) return [];
  return timings.flatMap(({ place, meanMs, stdMs, samplesMs }) => {
    if (stdMs === null || samplesMs.length > 0 || stdMs < meanMs || hit >= meanMs) return [];
    for (let n = 3; n <= largestMixture; n++) {
      const mixture = solveMixture(meanMs, stdMs, n, hit);
      if (mixture === null) continue;
      const { fromMean, fromDeviation } = mixture;
      const message = `${n - 1} of ${n} repetitions came from a cache; the real time is about ${ms(fromMean)}.`;
      const arithmetic = `mean ${ms(meanMs)} gives ${ms(fromMean)}, deviation ${ms(stdMs)} gives ${ms(fromDeviation)}, with ${ms(hit)} for an answer from the cache`;
      return [finding("cachedMixture", "invalid", place, message, arithmetic)];
    }
    return [];
  });
}

/** Time that does not depend on the size is a fixed cost: of launches or of the host, not of the device. */
export function findSizeIndependence(timings: readonly Timing[]): readonly IntegrityFinding[] {
  const sized = timings.filter(({ size }) => size !== null);
  return [...groupBy(sized, ({ sizeSeries }) => sizeSeries).values()].flatMap((group) => {
    const sizes = group.map(({ size }) => size ?? 0);
    const means = group.map(({ meanMs }) => meanMs);
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    const [shortest, longest] = [Math.min(...means), Math.max(...means)];
    if (new Set(sizes).size < 3 || most < sizeRange * least || longest > (1 + sizeTimeSpread) * shortest) return [];
    const message =
      "Time does not depend on the size: it is a fixed cost of launches or of the host, not bound by the device.";
    const arithmetic = `${ms(shortest)} to ${ms(longest)} from ${least} to ${most}: ${formatNumber((longest / shortest - 1) * 100)} % over a factor of ${formatNumber(most / least)}`;
    return [finding("sizeIndependent", "note", group[0]?.sizeSeries ?? "", message, arithmetic)];
  });
}

/** Two kinds of samples, far apart: two different things were timed under one name. */
export function findTwoModes({ place, samplesMs }: Timing): readonly IntegrityFinding[] {
  const groups = findTwoGroups(samplesMs);
  if (groups === null) return [];
  const message =
    "The samples fall into two groups: two different things were timed, or another program took the processor.";
  const [low, high] = [groups.low, groups.high].map(
    ({ atMs, weight }) => `${ms(atMs)} (${formatNumber(weight * 100)} %)`,
  );
  return [finding("bimodal", "doubtful", place, message, `about ${low} and ${high}`)];
}

function finding(
  rule: IntegrityRule,
  severity: IntegrityFinding["severity"],
  place: string,
  message: string,
  arithmetic: string,
): IntegrityFinding {
  return { rule, severity, place, message, arithmetic };
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const ms = (value: number): string => `${formatNumber(value)} ms`;
const times = (value: number): string => `${formatNumber(value)}×`;
