import type { Sample } from "../measure/compare-samples.ts";
import { hashText } from "../measure/random.ts";
import { forEachText } from "../model/text-table.ts";
import type { Trace } from "../model/trace.ts";
import type { DeltaMetric, DeltaPer } from "./comparison.ts";
import type { Placement, SideTree } from "./side-tree.ts";
import type { SideSteps, SidePart } from "./side.ts";

/** A side, ready to be asked for the values of its rows. */
export interface PreparedSide {
  readonly parts: readonly SidePart[];
  readonly steps: SideSteps;
  readonly tree: SideTree;
  /** Where the spans of each part lie. */
  readonly placements: readonly Placement[];
  /** Levels of the tree; deeper spans are part of their ancestors. Infinity: all of them. */
  readonly deepest: number;
  readonly itemsPerStep: number | null;
  /** Says which recording this is, whatever its name; seeds of random numbers start with it. */
  readonly fingerprint: string;
}

/** One value a step, or one a run where runs are the observations (mean over its steps). */
export function observe({ steps, tree }: PreparedSide, perStep: Float64Array): Float64Array {
  if (steps.rule !== "runs") return perStep;
  const sums = new Map<number, { sum: number; count: number }>();
  for (let step = 0; step < tree.stepCount; step++) {
    const { part } = steps.kept[step];
    const entry = sums.get(part) ?? { sum: 0, count: 0 };
    sums.set(part, { sum: entry.sum + perStep[step], count: entry.count + 1 });
  }
  return Float64Array.from(sums.values(), ({ sum, count }) => sum / count);
}

/** Index in `SideSteps.records` of each observation; for runs, of the first kept step of the run. */
export function observationRecords({ steps, tree }: PreparedSide): Int32Array {
  const records: number[] = [];
  const seen = new Set<number>();
  for (let step = 0; step < tree.stepCount; step++) {
    const { part } = steps.kept[step];
    if (steps.rule === "runs" && seen.has(part)) continue;
    seen.add(part);
    records.push(steps.recordOf[step]);
  }
  return Int32Array.from(records);
}

/** Durations of the kept steps, ns. */
export function stepDurations({ steps, tree }: PreparedSide): Float64Array {
  return Float64Array.from({ length: tree.stepCount }, (_, i) => steps.kept[i].endNs - steps.kept[i].startNs);
}

/** Values of a node, one a step: 0 where the step has no such span. Per call, such steps are left out. */
export function nodeValues(side: PreparedSide, node: number, metric: DeltaMetric, per: DeltaPer): Float64Array {
  const { tree, itemsPerStep } = side;
  const from = node * tree.stepCount;
  const column = metric === "total" ? tree.totalNs : tree.selfNs;
  const values = column.subarray(from, from + tree.stepCount);
  if (per === "step") return observe(side, values);
  if (per === "item")
    return observe(
      side,
      values.map((value) => value / (itemsPerStep ?? 1)),
    );
  const counts = tree.count.subarray(from, from + tree.stepCount);
  return values.map((value, i) => value / counts[i]).filter((value) => !Number.isNaN(value));
}

export function sampleOf(side: PreparedSide, key: string, values: Float64Array): Sample {
  return { values, seed: `${side.fingerprint} ${hashText(key)}` };
}

/** Equal for equal spans (names and times), different for different ones but for a hash's accidents. */
export function fingerprintOf(parts: readonly SidePart[]): string {
  return parts
    .map(({ trace, startNs, endNs }) => `${trace.spans.length}:${startNs}:${endNs}:${hashOf(trace)}`)
    .join(",");
}

const knownHashes = new WeakMap<Trace, number>();

/** Of all spans; traces never change, so it is made once for each. */
function hashOf(trace: Trace): number {
  const known = knownHashes.get(trace);
  if (known !== undefined) return known;
  const { spans, strings } = trace;
  const names = new Uint32Array(strings.length);
  forEachText(strings, (text, id) => (names[id] = hashText(text)));
  let hash = 0;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ (value | 0), 0x01000193);
    hash ^= hash >>> 15;
  };
  for (let span = 0; span < spans.length; span++) {
    mix(spans.startNs[span] % 4294967296);
    mix(spans.packedDurationNs[span]);
    mix(names[spans.name[span]]);
  }
  knownHashes.set(trace, hash >>> 0);
  return hash >>> 0;
}
