import type { MeasurementSet } from "../../measure/measurement.ts";
import type { ComparabilityCheck } from "../comparison.ts";

/** "workers=2" among the words of a path. */
const optionWord = /^([\w-]+)=(.*)$/s;

/** Both sides under names that leave out the options which have one value in all of a side, and those options. */
export interface AlikeSides {
  readonly before: readonly MeasurementSet[];
  readonly after: readonly MeasurementSet[];
  /** What was changed between the sides. */
  readonly checks: readonly ComparabilityCheck[];
  /** "batch=8": what is alike everywhere and has a value. */
  readonly shared: readonly string[];
}

/**
 * Measurements are paired by name, and names hold options. An option with one value in all of a side and another in all
 * of the other is what was changed between the sides: with it in the names, nothing would be on both. One that is alike
 * everywhere tells no row from another.
 */
export function leaveOutConstantOptions(
  before: readonly MeasurementSet[],
  after: readonly MeasurementSet[],
): AlikeSides {
  const [a, b] = [constantOptions(before), constantOptions(after)];
  const options = [...a].flatMap(([key, value]) => {
    const other = b.get(key);
    return other === undefined ? [] : [{ key, value, other }];
  });
  const words = new Set(options.flatMap(({ key, value, other }) => [`${key}=${value}`, `${key}=${other}`]));
  const rename = (set: MeasurementSet): MeasurementSet => ({
    ...set,
    measurements: set.measurements.map((one) => ({ ...one, path: one.path.filter((word) => !words.has(word)) })),
  });
  return {
    before: before.map(rename),
    after: after.map(rename),
    checks: options.flatMap(({ key, value, other }) =>
      value === other
        ? []
        : [{ id: `option ${key}`, label: key, grade: "C", before: value, after: other, message: `${key} was changed` }],
    ),
    shared: options.flatMap(({ key, value, other }) =>
      value === other && value !== "null" ? [`${key}=${value}`] : [],
    ),
  };
}

/** Options that every measurement has, with the same value. */
function constantOptions(sets: readonly MeasurementSet[]): ReadonlyMap<string, string> {
  const [first, ...rest] = sets.flatMap(({ measurements }) => measurements.map(({ path }) => path));
  const words = (first ?? []).filter((word) => rest.every((path) => path.includes(word)));
  return new Map(
    words.flatMap((word) => {
      const [, key, value] = optionWord.exec(word) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );
}
