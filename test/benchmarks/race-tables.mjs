import { format, median, toTable } from "./report.mjs";

/** @typedef {{ contender: string, minMs: number, medianMs: number, p95Ms: number, count: number, roundMs: readonly number[] }} Timing */
/** @typedef {{ name: string, structureCount: number, timings: Timing[] }} Race */

/** Why contenders claim no speed-up. @param {Readonly<Record<string, string>>} outside */
export function outsideSentences(outside) {
  return Object.entries(outside).flatMap(([contender, failures]) => [
    `${contender} is outside its tolerances, so its times are no speed-up: ${failures}.`,
    "",
  ]);
}

/**
 * Times and speed-ups of a race; a contender outside its tolerances has no speed-up.
 * @param {Race} race @param {Readonly<Record<string, string>>} outside
 */
export function raceTable({ name, structureCount, timings }, outside) {
  const naive = timings.find(({ contender }) => contender === "naive");
  const rows = timings.map((one) => [
    one.contender,
    perStructure(one, structureCount),
    one.contender in outside
      ? "outside its tolerances"
      : naive === undefined
        ? ""
        : `${format(medianRatio(naive.roundMs, one.roundMs))} ×`,
    String(one.count),
  ]);
  return [toTable([name, "ms", "over naive", "evaluations"], rows), ""];
}

/** @param {Pick<Timing, "minMs" | "medianMs">} timing @param {number} structureCount */
export function perStructure({ minMs, medianMs }, structureCount) {
  return `${format(minMs / structureCount, 3)} (${format(medianMs / structureCount, 3)})`;
}

/**
 * Median of the rounds' ratios: what slows the machine for a while slows both sides of a round, and no single lucky
 * turn decides. @param {readonly number[]} slow @param {readonly number[]} quick
 */
export function medianRatio(slow, quick) {
  return median(slow.map((ms, round) => ms / quick[round]));
}
