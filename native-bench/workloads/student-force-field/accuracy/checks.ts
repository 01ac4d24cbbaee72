import type { AccuracyCheck } from "../../../../traces/measure/bench-report.ts";
import type { Evaluation, Structure } from "../structures/structure.ts";

/** meV in an eV. */
export const milli = 1000;

/** A check that passes while |value| ≤ limit; with `limit` null it is told, not judged. */
export function createCheck(
  id: string,
  label: string,
  { value, limit, unit, note }: { value: number; limit: number | null; unit: string; note?: string },
): AccuracyCheck {
  const passed = limit === null || Math.abs(value) <= limit;
  return { id, label, value, limit, unit, passed, ...(note !== undefined && { note }) };
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
