import { resampleIndices } from "../measure/bootstrap.ts";
import { quantileOfSorted } from "../measure/describe.ts";
import type { Interval } from "../measure/estimate.ts";
import { createRandom } from "../measure/random.ts";
import type { BreakdownRow, DeviceUse, ExampleStep, Waterfall, WaterfallBar } from "./comparison.ts";
import type { Occupancy } from "./occupancy.ts";

export interface WaterfallSide {
  readonly occupancy: Occupancy;
  readonly seed: string;
  readonly blockLength: number;
}

export interface WaterfallOptions {
  readonly alpha: number;
  readonly resamples: number;
}

/** Owners with bars of their own, two bars each. */
const mostOwners = 8;

/** Sums over the steps that a draw of steps picked: one number per owner. */
interface Level {
  readonly ownedNs: Float64Array;
  readonly count: Float64Array;
  readonly stepNs: number;
  readonly idleNs: number;
}

/** What both sides call the same owner. */
interface OwnerPair {
  readonly label: string;
  readonly id: string;
  readonly before: number;
  readonly after: number;
  /** Calls of things with different names are not counted against each other. */
  readonly isRenamed: boolean;
}

/**
 * From the mean step before to the mean step after. For an owner with n spans of mean m: count effect
 * (n_B − n_A)(m_A + m_B)/2, speed effect (m_B − m_A)(n_A + n_B)/2; they sum to n_B·m_B − n_A·m_A exactly.
 */
export function buildWaterfall(before: WaterfallSide, after: WaterfallSide, options: WaterfallOptions): Waterfall {
  const pairs = pairOwners(before.occupancy, after.occupancy);
  const whole = (side: WaterfallSide): Level => levelOf(side.occupancy, null);
  const levels = { before: whole(before), after: whole(after) };
  const choice = chooseOwners(pairs, levels.before, levels.after);
  const values = barValues(choice, levels.before, levels.after);
  const draws = drawBars(choice, before, after, options);
  const bars = values.map(({ ns, ...bar }, index): WaterfallBar => {
    const interval = draws === null ? null : intervalOf(draws[index], options.alpha);
    return { ...bar, ns, interval, row: null };
  });
  const changes = values.filter(({ kind }) => kind !== "before" && kind !== "after");
  const residualNs = levels.after.stepNs - levels.before.stepNs - changes.reduce((sum, { ns }) => sum + ns, 0);
  const isBar = (bar: WaterfallBar): boolean => bar.kind === "before" || bar.kind === "after" || bar.ns !== 0;
  return { bars: bars.filter(isBar), residualNs };
}

/** By class and name; then what is the only one of its class without a partner on either side. */
function pairOwners(before: Occupancy, after: Occupancy): readonly OwnerPair[] {
  const afterByName = new Map(after.owners.map((owner, index) => [`${owner.className}: ${owner.name}`, index]));
  const pairs: OwnerPair[] = before.owners.map((owner, index) => {
    const id = `${owner.className}: ${owner.name}`;
    return { id, label: owner.name, before: index, after: afterByName.get(id) ?? -1, isRenamed: false };
  });
  const paired = new Set(pairs.map((pair) => pair.after));
  const alone = after.owners.flatMap((owner, index) => (paired.has(index) ? [] : [{ owner, index }]));
  const leftOf = (className: string): readonly OwnerPair[] =>
    pairs.filter((pair) => pair.after < 0 && before.owners[pair.before].className === className);
  for (const { owner, index } of alone) {
    const { className, name } = owner;
    const left = leftOf(className);
    const isOnly = alone.filter((other) => other.owner.className === className).length === 1;
    const [only] = left;
    if (left.length === 1 && isOnly && owner.kind === "host")
      pairs[pairs.indexOf(only)] = {
        id: className,
        label: className,
        before: only.before,
        after: index,
        isRenamed: true,
      };
    else pairs.push({ id: `${className}: ${name}`, label: name, before: -1, after: index, isRenamed: false });
  }
  return pairs;
}

/** Means over the chosen steps; all steps for null. */
function levelOf(occupancy: Occupancy, picked: Uint32Array | null): Level {
  const stepCount = occupancy.stepNs.length;
  const n = picked === null ? stepCount : picked.length;
  const meanOfColumn = (column: Float64Array, from: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += column[from + (picked === null ? i : picked[i])];
    return sum / n;
  };
  const perOwner = (column: Float64Array): Float64Array =>
    Float64Array.from({ length: occupancy.owners.length }, (_, owner) => meanOfColumn(column, owner * stepCount));
  return {
    ownedNs: perOwner(occupancy.ownedNs),
    count: perOwner(occupancy.count),
    stepNs: meanOfColumn(occupancy.stepNs, 0),
    idleNs: meanOfColumn(occupancy.idleNs, 0),
  };
}

interface OwnerEffect {
  readonly count: number;
  readonly speed: number;
}

function effectOf({ before, after, isRenamed }: OwnerPair, a: Level, b: Level): OwnerEffect {
  const nsA = before < 0 ? 0 : a.ownedNs[before];
  const nsB = after < 0 ? 0 : b.ownedNs[after];
  if (isRenamed) return { count: 0, speed: nsB - nsA };
  // A span that began in an earlier step owns time without being counted.
  const nA = before < 0 ? 0 : a.count[before] || Number(nsA > 0);
  const nB = after < 0 ? 0 : b.count[after] || Number(nsB > 0);
  return splitEffect({ count: nA, totalNs: nsA }, { count: nB, totalNs: nsB });
}

/** Count and speed parts of a change of n·m; a side without calls has the mean of the other. */
export function splitEffect(
  a: { readonly count: number; readonly totalNs: number },
  b: { readonly count: number; readonly totalNs: number },
): OwnerEffect {
  const delta = b.totalNs - a.totalNs;
  if (a.count === 0 || b.count === 0) return { count: delta, speed: 0 };
  const meanA = a.totalNs / a.count;
  const meanB = b.totalNs / b.count;
  const speed = ((meanB - meanA) * (a.count + b.count)) / 2;
  return { count: delta - speed, speed };
}

interface OwnerChoice {
  readonly shown: readonly OwnerPair[];
  readonly rest: readonly OwnerPair[];
}

function chooseOwners(pairs: readonly OwnerPair[], a: Level, b: Level): OwnerChoice {
  const sized = pairs.map((pair) => {
    const { count, speed } = effectOf(pair, a, b);
    return { pair, size: Math.abs(count) + Math.abs(speed) };
  });
  sized.sort((x, y) => y.size - x.size || (x.pair.id < y.pair.id ? -1 : 1));
  const ordered = sized.map(({ pair }) => pair);
  return { shown: ordered.slice(0, mostOwners), rest: ordered.slice(mostOwners) };
}

type BarValue = Pick<WaterfallBar, "id" | "label" | "kind" | "ns">;

function barValues({ shown, rest }: OwnerChoice, a: Level, b: Level): readonly BarValue[] {
  const changes = shown.flatMap((pair): BarValue[] => {
    const effect = effectOf(pair, a, b);
    const bar = (kind: WaterfallBar["kind"], ns: number): BarValue => ({
      id: `${pair.id} ${kind}`,
      label: pair.label,
      kind,
      ns,
    });
    if (pair.after < 0) return [bar("onlyBefore", effect.count)];
    if (pair.before < 0) return [bar("onlyAfter", effect.count)];
    return [bar("count", effect.count), bar("speed", effect.speed)];
  });
  const restNs = rest.reduce((sum, pair) => {
    const { count, speed } = effectOf(pair, a, b);
    return sum + count + speed;
  }, 0);
  return [
    { id: "before", label: "Before", kind: "before", ns: a.stepNs },
    ...changes,
    { id: "rest", label: `${rest.length} more`, kind: "rest", ns: restNs },
    { id: "idle", label: "Idle", kind: "idle", ns: b.idleNs - a.idleNs },
    { id: "after", label: "After", kind: "after", ns: b.stepNs },
  ];
}

/** Values of every bar in every draw; null where a side has fewer than two steps. */
function drawBars(
  choice: OwnerChoice,
  before: WaterfallSide,
  after: WaterfallSide,
  { resamples }: WaterfallOptions,
): readonly Float64Array[] | null {
  const sides = [before, after].map(({ occupancy, seed, blockLength }) => ({
    occupancy,
    blockLength,
    random: createRandom(`${seed} waterfall`),
    picked: new Uint32Array(occupancy.stepNs.length),
  }));
  if (resamples === 0 || sides.some(({ picked }) => picked.length < 2)) return null;
  let draws: Float64Array[] = [];
  for (let draw = 0; draw < resamples; draw++) {
    const [a, b] = sides.map(({ occupancy, blockLength, random, picked }) => {
      resampleIndices(random, blockLength, picked);
      return levelOf(occupancy, picked);
    });
    const values = barValues(choice, a, b);
    if (draw === 0) draws = values.map(() => new Float64Array(resamples));
    values.forEach(({ ns }, bar) => {
      draws[bar][draw] = ns;
    });
  }
  return draws;
}

function intervalOf(draws: Float64Array, alpha: number): Interval {
  draws.sort();
  return [quantileOfSorted(draws, alpha / 2), quantileOfSorted(draws, 1 - alpha / 2)];
}

/** ΔWall = ΔΣwork − Δoverlap + Δidle of the devices. */
export function buildWorkWaterfall(before: DeviceUse, after: DeviceUse): Waterfall {
  const bar = (id: string, label: string, kind: WaterfallBar["kind"], ns: number): WaterfallBar => ({
    id,
    label,
    kind,
    ns,
    interval: null,
    row: null,
  });
  const wall = ({ busyNs, idleNs }: DeviceUse): number => busyNs + idleNs;
  const work = after.workNs - before.workNs;
  const overlap = -(after.overlapNs - before.overlapNs);
  const idle = after.idleNs - before.idleNs;
  return {
    bars: [
      bar("before", "Before", "before", wall(before)),
      bar("work", "Device work", "speed", work),
      bar("overlap", "Overlap of device work", "overlap", overlap),
      bar("idle", "Device idle", "idle", idle),
      bar("after", "After", "after", wall(after)),
    ],
    residualNs: wall(after) - wall(before) - work - overlap - idle,
  };
}

export function deviceUseOf({ busyNs, workNs, stepNs }: Occupancy): DeviceUse {
  const mean = (column: Float64Array): number => column.reduce((sum, ns) => sum + ns, 0) / column.length;
  const [busy, work, step] = [mean(busyNs), mean(workNs), mean(stepNs)];
  return { busyNs: busy, workNs: work, overlapNs: work - busy, idleNs: step - busy };
}

/** Owners by class, mean per step; idle last. */
export function buildBreakdown(before: Occupancy, after: Occupancy): readonly BreakdownRow[] {
  const rows = new Map<string, { kind: "device" | "host"; beforeNs: number; afterNs: number }>();
  const add = (side: "beforeNs" | "afterNs", { owners, ownedNs, stepNs }: Occupancy): void => {
    owners.forEach(({ kind, className }, owner) => {
      const row = rows.get(className) ?? { kind, beforeNs: 0, afterNs: 0 };
      for (let step = 0; step < stepNs.length; step++)
        row[side] += ownedNs[owner * stepNs.length + step] / stepNs.length;
      rows.set(className, row);
    });
  };
  add("beforeNs", before);
  add("afterNs", after);
  const meanIdle = ({ idleNs }: Occupancy): number => idleNs.reduce((sum, ns) => sum + ns, 0) / idleNs.length;
  return [
    ...[...rows].map(([label, row]): BreakdownRow => ({ id: label, label, ...row })).sort(byOrder),
    { id: "Idle", label: "Idle", kind: "idle", beforeNs: meanIdle(before), afterNs: meanIdle(after) },
  ];
}

function byOrder(x: BreakdownRow, y: BreakdownRow): number {
  if (x.kind !== y.kind) return x.kind === "device" ? -1 : 1;
  return Math.max(y.beforeNs, y.afterNs) - Math.max(x.beforeNs, x.afterNs) || (x.id < y.id ? -1 : 1);
}

/** The median and the longest step of a side, taken apart into the rows of the breakdown. */
export function pickExampleSteps(
  side: ExampleStep["side"],
  { owners, ownedNs, stepNs, idleNs }: Occupancy,
  breakdown: readonly BreakdownRow[],
  recordOf: readonly number[],
): readonly ExampleStep[] {
  const order = Array.from(stepNs.keys()).sort((x, y) => stepNs[x] - stepNs[y] || x - y);
  const partsOf = (step: number): ExampleStep["parts"] =>
    breakdown.map(({ id, label, kind }) => {
      if (kind === "idle") return { id, label, ns: idleNs[step] };
      let ns = 0;
      owners.forEach(({ className }, owner) => {
        if (className === id) ns += ownedNs[owner * stepNs.length + step];
      });
      return { id, label, ns };
    });
  const example = (which: ExampleStep["which"], step: number): ExampleStep => ({
    side,
    which,
    step: recordOf[step],
    durationNs: stepNs[step],
    parts: partsOf(step),
  });
  if (order.length === 0) return [];
  return [example("median", order[(order.length - 1) >>> 1]), example("longest", order[order.length - 1])];
}
