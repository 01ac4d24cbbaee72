import { resampleIndices } from "../measure/bootstrap.ts";
import { quantileOfSorted } from "../measure/describe.ts";
import type { Interval } from "../measure/estimate.ts";
import { createRandom } from "../measure/random.ts";
import type { BreakdownRow, DeviceUse, ExampleStep, WallShare, Waterfall, WaterfallBar } from "./comparison.ts";
import { betweenOperations, type Occupancy, type Owner } from "./occupancy.ts";

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

/** Mean of one step, or of the steps that a draw picked. */
interface Level {
  /** Of the owners with bars of their own, in their order; 0 for an owner the side does not have. */
  readonly ownedNs: readonly number[];
  readonly count: readonly number[];
  /** Of all other owners together. */
  readonly restNs: number;
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
/** `rowOfName`: row of the delta table of a canonical name. */
export function buildWaterfall(
  before: WaterfallSide,
  after: WaterfallSide,
  options: WaterfallOptions,
  rowOfName: ReadonlyMap<string, number>,
): Waterfall {
  const choice = chooseOwners(pairOwners(before.occupancy, after.occupancy), before.occupancy, after.occupancy);
  const columns = [toColumns(before.occupancy, choice, "before"), toColumns(after.occupancy, choice, "after")] as const;
  const [a, b] = columns.map((side) => levelOf(side, null));
  const values = barValues(choice, a, b);
  const draws = drawBars(choice, columns, [before, after], options);
  const bars = values.map((bar, index): WaterfallBar => {
    const interval = draws === null ? null : intervalOf(draws[index], options.alpha);
    return { ...bar, interval, row: rowOfName.get(plainLabel(bar.label)) ?? null };
  });
  const changes = values.filter(({ kind }) => kind !== "before" && kind !== "after");
  const residualNs = b.stepNs - a.stepNs - changes.reduce((sum, { ns }) => sum + ns, 0);
  const isBar = (bar: WaterfallBar): boolean => bar.kind === "before" || bar.kind === "after" || bar.ns !== 0;
  return { bars: bars.filter(isBar), residualNs };
}

/** By class and name; then what is the only one of its class without a partner on either side. */
function pairOwners(before: Occupancy, after: Occupancy): readonly OwnerPair[] {
  const afterByName = new Map(after.owners.map((owner, index) => [`${owner.className}: ${owner.name}`, index]));
  const pairs: OwnerPair[] = before.owners.map((owner, index) => {
    const id = `${owner.className}: ${owner.name}`;
    return { id, label: labelOf(owner), before: index, after: afterByName.get(id) ?? -1, isRenamed: false };
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
    else pairs.push({ id: `${className}: ${name}`, label: labelOf(owner), before: -1, after: index, isRenamed: false });
  }
  return pairs;
}

/** The own time of a step is what no span inside tells of: code between operations. */
function labelOf({ kind, className, name }: Owner): string {
  return kind === "host" && className === betweenOperations ? `${name}${outside}` : name;
}

const outside = " outside of its spans";
const plainLabel = (label: string): string => (label.endsWith(outside) ? label.slice(0, -outside.length) : label);

/** One value a step: what the bars are made of. */
interface SideColumns {
  readonly owned: readonly Float64Array[];
  readonly count: readonly Float64Array[];
  readonly rest: Float64Array;
  readonly step: Float64Array;
  readonly idle: Float64Array;
}

function toColumns(
  { ownedNs, count, stepNs, idleNs }: Occupancy,
  { shown, rest }: OwnerChoice,
  side: "before" | "after",
): SideColumns {
  const n = stepNs.length;
  const columnOf = (flat: Float64Array, owner: number): Float64Array =>
    owner < 0 ? new Float64Array(n) : flat.subarray(owner * n, (owner + 1) * n);
  const restNs = new Float64Array(n);
  for (const pair of rest) columnOf(ownedNs, pair[side]).forEach((ns, step) => (restNs[step] += ns));
  return {
    owned: shown.map((pair) => columnOf(ownedNs, pair[side])),
    count: shown.map((pair) => columnOf(count, pair[side])),
    rest: restNs,
    step: stepNs,
    idle: idleNs,
  };
}

/** Means over the steps, each as often as a draw picked it; all steps once for null. */
function levelOf({ owned, count, rest, step, idle }: SideColumns, times: Float64Array | null): Level {
  const mean = (column: Float64Array): number => {
    let sum = 0;
    if (times === null) for (let i = 0; i < column.length; i++) sum += column[i];
    else for (let i = 0; i < times.length; i++) sum += times[i] * column[i];
    return sum / column.length;
  };
  return {
    ownedNs: owned.map(mean),
    count: count.map(mean),
    restNs: mean(rest),
    stepNs: mean(step),
    idleNs: mean(idle),
  };
}

interface OwnerEffect {
  readonly count: number;
  readonly speed: number;
}

function effectOf({ isRenamed }: OwnerPair, index: number, a: Level, b: Level): OwnerEffect {
  const [nsA, nsB] = [a.ownedNs[index], b.ownedNs[index]];
  if (isRenamed) return { count: 0, speed: nsB - nsA };
  // A span that began in an earlier step owns time without being counted.
  const nA = a.count[index] || Number(nsA > 0);
  const nB = b.count[index] || Number(nsB > 0);
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

/** The owners that change most, by count and speed apart: two changes that cancel are two bars. */
function chooseOwners(pairs: readonly OwnerPair[], before: Occupancy, after: Occupancy): OwnerChoice {
  const all: OwnerChoice = { shown: pairs, rest: [] };
  const a = levelOf(toColumns(before, all, "before"), null);
  const b = levelOf(toColumns(after, all, "after"), null);
  const sized = pairs.map((pair, index) => {
    const { count, speed } = effectOf(pair, index, a, b);
    return { pair, size: Math.abs(count) + Math.abs(speed) };
  });
  sized.sort((x, y) => y.size - x.size || (x.pair.id < y.pair.id ? -1 : 1));
  const ordered = sized.map(({ pair }) => pair);
  return { shown: ordered.slice(0, mostOwners), rest: ordered.slice(mostOwners) };
}

type BarValue = Pick<WaterfallBar, "id" | "label" | "kind" | "ns">;

function barValues({ shown, rest }: OwnerChoice, a: Level, b: Level): readonly BarValue[] {
  const changes = shown.flatMap((pair, index): BarValue[] => {
    const effect = effectOf(pair, index, a, b);
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
  return [
    { id: "before", label: "Before", kind: "before", ns: a.stepNs },
    ...changes,
    { id: "rest", label: `${rest.length} more`, kind: "rest", ns: b.restNs - a.restNs },
    { id: "idle", label: "Idle", kind: "idle", ns: b.idleNs - a.idleNs },
    { id: "after", label: "After", kind: "after", ns: b.stepNs },
  ];
}

/** Values of every bar in every draw; null where a side has fewer than two steps. */
function drawBars(
  choice: OwnerChoice,
  columns: readonly SideColumns[],
  sides: readonly WaterfallSide[],
  { resamples }: WaterfallOptions,
): readonly Float64Array[] | null {
  if (resamples === 0 || columns.some(({ step }) => step.length < 2)) return null;
  const draw = sides.map(({ seed, blockLength }, side) => ({
    columns: columns[side],
    blockLength,
    random: createRandom(`${seed} waterfall`),
    picked: new Uint32Array(columns[side].step.length),
    times: new Float64Array(columns[side].step.length),
  }));
  let draws: Float64Array[] = [];
  for (let round = 0; round < resamples; round++) {
    const [a, b] = draw.map(({ columns: own, blockLength, random, picked, times }) => {
      resampleIndices(random, blockLength, picked);
      // Counted once, then every column is read in its order.
      times.fill(0);
      for (const index of picked) times[index]++;
      return levelOf(own, times);
    });
    const values = barValues(choice, a, b);
    if (round === 0) draws = values.map(() => new Float64Array(resamples));
    values.forEach(({ ns }, bar) => {
      draws[bar][round] = ns;
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

/** What each name owns of the mean step, by the row of its name. */
export function shareWall(
  sides: { readonly before: Occupancy; readonly after: Occupancy },
  rowOfName: ReadonlyMap<string, number>,
): ReadonlyMap<number, WallShare> {
  const shares = new Map<number, { before: number; after: number }>();
  for (const side of ["before", "after"] as const) {
    const { owners, ownedNs, stepNs } = sides[side];
    const wholeNs = stepNs.reduce((sum, ns) => sum + ns, 0);
    owners.forEach(({ name }, owner) => {
      const row = rowOfName.get(name);
      if (row === undefined || wholeNs === 0) return;
      const share = shares.get(row) ?? { before: 0, after: 0 };
      for (let step = 0; step < stepNs.length; step++) share[side] += ownedNs[owner * stepNs.length + step] / wholeNs;
      shares.set(row, share);
    });
  }
  return shares;
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
