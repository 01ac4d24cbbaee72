import { formatApart, formatCount, formatNumber, thinSpace } from "../model/format-units.ts";
import type { AccuracyCheck, BenchResult } from "./bench-report.ts";

/** The number of a check, without its unit: apart from its limit, counts in whole numbers. */
export function checkNumber({ value, limit, count }: AccuracyCheck): string {
  if (count === true && Number.isFinite(value)) return formatCount(value);
  return limit === null ? formatNumber(value) : formatApart(value, limit);
}

/** "12.5 meV/atom", "11 of 12"; what is not a number (null in a saved report) has no unit. `space` stands between number and unit. */
export function checkQuantity(check: AccuracyCheck, space: string = thinSpace): string {
  const number = checkNumber(check);
  return !Number.isFinite(check.value) || check.unit === "" ? number : `${number}${space}${check.unit}`;
}

/** "limit 10.0"; "no limit for int8: told, not judged". */
export function limitWords({ limit, noLimit = "no limit", count }: AccuracyCheck): string {
  return limit === null
    ? `${noLimit}: told, not judged`
    : `limit ${count === true ? formatCount(limit) : formatNumber(limit)}`;
}

/**
 * What was counted and is judged by no limit: "runs that differ (water): 11 of 12, by up to 0.001 meV/atom"; "" when there
 * is nothing.
 */
export function toldWords({ accuracy }: BenchResult): string {
  const told = (accuracy?.checks ?? []).filter(
    ({ count, limit, value }) => count === true && limit === null && value > 0,
  );
  return told
    .map(
      (check) =>
        `${nameWords(check)}: ${checkQuantity(check, " ")}${check.note === undefined ? "" : `, ${check.note}`}`,
    )
    .join("; ");
}

/** Why a check that did not pass excludes: "energy change in a batch (ethanol): 14.0 meV/atom, beyond 10.0". */
export function failureWords(check: AccuracyCheck): string {
  const { limit } = check;
  const beyond = limit === null || !Number.isFinite(check.value) ? "" : `, beyond ${formatNumber(limit)}`;
  return `${nameWords(check)}: ${checkQuantity(check, " ")}${beyond}`;
}

function nameWords({ label, subject }: AccuracyCheck): string {
  return subject === undefined ? label : `${label} (${subject})`;
}
