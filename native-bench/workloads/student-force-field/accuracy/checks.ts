import type { AccuracyCheck } from "../../../../traces/measure/bench-report.ts";
import type { Evaluation, Structure } from "../structures/structure.ts";

/** meV in an eV. */
export const milli = 1000;

/** Tolerances of the roadmap. */
export const energyToleranceMev = 10;
export const forceToleranceMev = 50;

/** A check that passes while |value| ≤ limit; a limit in words says why there is none: told, not judged. */
export function createCheck(
  id: string,
  label: string,
  {
    value,
    limit,
    unit,
    ...about
  }: { value: number; limit: number | string; unit: string } & Pick<AccuracyCheck, "note" | "subject" | "count">,
): AccuracyCheck {
  if (typeof limit === "string") return { id, label, value, limit: null, noLimit: limit, unit, passed: true, ...about };
  return { id, label, value, limit, unit, passed: Math.abs(value) <= limit, ...about };
}

/** |a − b| per atom, meV. */
export function energyErrorPerAtom(structure: Structure, a: number, b: number): number {
  return (milli * Math.abs(a - b)) / structure.atomicNumbers.length;
}

/** Largest |a − b|. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

export function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return values.length === 0 ? 0 : Math.sqrt(sum / values.length);
}

/** Evaluates one structure by itself. */
export async function evaluateOne(
  evaluate: (structures: readonly Structure[]) => Promise<readonly Evaluation[]>,
  structure: Structure,
): Promise<Evaluation> {
  const [evaluation] = await evaluate([structure]);
  return evaluation;
}
