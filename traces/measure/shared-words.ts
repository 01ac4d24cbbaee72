import type { Measurement } from "./measurement.ts";

/**
 * Words that every path of the file has, in the order of the first: told once above the table, where they would push out
 * of sight what tells the rows apart. None of a single measurement, and none that would leave a row without a name.
 */
export function sharedWords(measurements: readonly Measurement[]): readonly string[] {
  const [first, ...others] = measurements;
  if (first === undefined || others.length === 0) return [];
  const paths = others.map(({ path }) => new Set(path));
  const shared = first.path.filter((word) => paths.every((path) => path.has(word)));
  return measurements.every(({ path }) => path.some((word) => !shared.includes(word))) ? shared : [];
}
