import { formatApart, formatCount, formatNumber, thinSpace } from "../model/format-units.ts";
import type { AccuracyCheck } from "./bench-report.ts";

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

/** Why a check that did not pass excludes: "energy change in a batch (ethanol): 14.0 meV/atom, beyond 10.0". */
export function failureWords(check: AccuracyCheck): string {
  const { label, subject, limit } = check;
  const beyond = limit === null || !Number.isFinite(check.value) ? "" : `, beyond ${formatNumber(limit)}`;
  return `${label}${subject === undefined ? "" : ` (${subject})`}: ${checkQuantity(check, " ")}${beyond}`;
}
