import { createSampleComparer } from "../measure/compare-samples.ts";
import { markOutliers, medianOf } from "../measure/describe.ts";
import { findModes } from "../measure/modes.ts";
import type { Distribution, ModePair, ModeShare } from "./comparison.ts";

/** Quartiles, outliers and modes of the values. `records`: their steps, where each value is one. */
export function describeValues(values: Float64Array, records: Int32Array = new Int32Array(0)): Distribution {
  const { quartiles, mild, far } = markOutliers(values);
  return {
    values,
    step: records.length === values.length ? records : new Int32Array(values.length).fill(-1),
    quartiles,
    mildOutliers: mild,
    farOutliers: far,
    modes: findModes(values),
  };
}

/** Modes in order; a mode without a partner within a third of its own place stays alone. */
const farApart = 1 / 3;
/** One value far from five others is an outlier, not a mode. */
const fewestValues = 5;

/** Mode against mode; none where both sides have one. */
export function pairModes(before: Distribution, after: Distribution, alpha: number): readonly ModePair[] {
  if (before.modes.length < 2 && after.modes.length < 2) return [];
  const [left, right] = [splitByMode(before), splitByMode(after)];
  if ([...left, ...right].some(({ values }) => values.length < fewestValues)) return [];
  const comparer = createSampleComparer();
  const taken = new Set<ModeGroup>();
  const pairs = left.map((group): ModePair => {
    const partner = nearestTo(group, right, taken);
    if (partner === null) return { ...alone, before: shareOf(group, before) };
    taken.add(partner);
    const { relative, relativeInterval } = comparer.compare(
      { values: group.values, seed: "before" },
      { values: partner.values, seed: "after" },
      { alpha, resamples: 0, ordered: false, sameRecording: false },
    );
    return { before: shareOf(group, before), after: shareOf(partner, after), relative, relativeInterval };
  });
  const rest = right.filter((group) => !taken.has(group));
  return [...pairs, ...rest.map((group): ModePair => ({ ...alone, after: shareOf(group, after) }))];
}

const alone: ModePair = { before: null, after: null, relative: null, relativeInterval: null };

interface ModeGroup {
  readonly at: number;
  readonly values: Float64Array;
}

/** Each value belongs to the mode that is nearest to it. */
function splitByMode({ values, modes }: Distribution): readonly ModeGroup[] {
  const groups = modes.map(({ at }) => ({ at, values: [] as number[] }));
  for (const value of values) {
    const [first, ...others] = groups;
    if (first === undefined) break;
    const nearest = others.reduce(
      (best, group) => (Math.abs(group.at - value) < Math.abs(best.at - value) ? group : best),
      first,
    );
    nearest.values.push(value);
  }
  return groups.flatMap((group) =>
    group.values.length === 0 ? [] : [{ at: group.at, values: Float64Array.from(group.values) }],
  );
}

function nearestTo(group: ModeGroup, others: readonly ModeGroup[], taken: ReadonlySet<ModeGroup>): ModeGroup | null {
  const distance = ({ at }: ModeGroup): number =>
    Math.abs(at - group.at) / Math.max(Math.abs(at), Math.abs(group.at), 1e-300);
  const free = others.filter((other) => !taken.has(other) && distance(other) <= farApart);
  return free.toSorted((x, y) => distance(x) - distance(y))[0] ?? null;
}

function shareOf({ values }: ModeGroup, { values: all }: Distribution): ModeShare {
  return { median: medianOf(values), share: values.length / all.length };
}
