import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { numberWords, withUnit } from "../../../native-bench/plan/option-words.ts";
import type { BenchResult, OptionScalar } from "../../../traces/measure/bench-report.ts";
import { variedOptions } from "../../../traces/measure/equal-work.ts";
import { areSameItems } from "../../../traces/measure/same-items.ts";
import { fitScaling, type ScalingFit, type ScalingPoint } from "../../../traces/measure/scaling-fit.ts";
import { nameRegime, type Regime, type ScalingAxis } from "../../../traces/measure/scaling-regime.ts";
import { speedRatio } from "../../../traces/measure/speed-ratio.ts";
import { fasterWords } from "../../../traces/measure/speed-words.ts";
import { formatCount, formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { factsOf } from "./point-facts.ts";

/** What a curve is drawn over: an option with numbers, or a size that follows from one ("atoms" of "structures"). */
export interface AxisChoice {
  readonly id: string;
  readonly title: string;
  readonly axis: ScalingAxis;
  readonly valueOf: (result: BenchResult) => number | null;
  /** The same work done otherwise: nothing grows, so there is no fit and no regime. */
  readonly isSetting: boolean;
}

export interface ScalingMember {
  readonly size: number;
  readonly result: BenchResult;
  /** How it was measured, by title. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Results that differ in nothing but the size, with what the curve says. */
export interface ScalingSeries {
  readonly id: string;
  readonly title: string;
  /** Device and precision. */
  readonly note: string;
  /** In order of size. */
  readonly results: readonly ScalingMember[];
  readonly fit: ScalingFit | null;
  readonly regime: Regime | null;
  /** Of a setting: where it is best; null elsewhere. */
  readonly best: string | null;
  /** Why there is no fit; null where there is one or none is wanted. */
  readonly unfitted: string | null;
  /** What else the reader must know: where an item is cheapest, which batches the fit leaves out. */
  readonly remarks: readonly string[];
  /** Why none of them counts; null when one does. */
  readonly excluded: string | null;
}

/** The axes along which these results vary, the most telling first. */
export function axesOf(
  results: readonly BenchResult[],
  { axes, settings = [], options, item }: WorkloadFacts,
): readonly AxisChoice[] {
  return axes.flatMap((id): readonly AxisChoice[] => {
    if (new Set(results.map((result) => result.options[id])).size < 2) return [];
    const option = options[id];
    if (option?.kind === "number") {
      const isBatch = new Set(results.map(({ itemsPerStep }) => itemsPerStep)).size > 1;
      const unit = option.unit ?? option.counts ?? option.label.toLowerCase();
      const axis: ScalingAxis = isBatch
        ? { kind: "batch", one: item.one, many: item.many }
        : { kind: "size", one: unit, many: unit };
      return [
        {
          id,
          title: option.label,
          axis,
          isSetting: settings.includes(id),
          valueOf: (result) => numberOrNull(result.options[id]),
        },
      ];
    }
    const fact = sizeFactOf(results);
    if (fact === null) return [];
    const axis: ScalingAxis = { kind: "size", one: fact.replace(/s$/, ""), many: fact };
    return [
      {
        id,
        title: capitalize(fact),
        axis,
        isSetting: false,
        valueOf: (result) => numberOrNull(Number(result.facts[fact]) / result.itemsPerStep),
      },
    ];
  });
}

/** Axes for results and others laid over them: first those along which the results themselves vary. */
export function sharedAxesOf(
  results: readonly BenchResult[],
  overlaid: readonly BenchResult[],
  workload: WorkloadFacts,
): readonly AxisChoice[] {
  const own = new Set(axesOf(results, workload).map(({ id }) => id));
  return axesOf([...results, ...overlaid], workload).toSorted((a, b) => Number(own.has(b.id)) - Number(own.has(a.id)));
}

/**
 * One series for each variant, backend and value of the options besides the axis. `of` names the run where several
 * share a chart, and gives the results of all of them: an option in which runs differ tells their curves apart.
 */
export function seriesOf(
  results: readonly BenchResult[],
  choice: AxisChoice,
  workload: WorkloadFacts,
  of: { readonly name: string; readonly among: readonly BenchResult[] } | null = null,
): readonly ScalingSeries[] {
  const among = of?.among ?? results;
  const varied = variedOptions(among).filter((id) => id !== choice.id);
  const hasBackends = new Set(among.map(({ backend }) => backend)).size > 1;
  const groups = new Map<string, ScalingMember[]>();
  for (const result of results) {
    const size = choice.valueOf(result);
    if (size === null || result.medianMs === null) continue;
    const words = [
      workload.variants.find(({ id }) => id === result.variant)?.label ?? result.variant,
      ...(hasBackends ? [result.backend] : []),
      ...varied.flatMap((id) => (result.options[id] == null ? [] : optionWords(id, result.options[id], workload))),
    ];
    const title = [...(of === null ? [] : [of.name]), words.join(" · ")].join(" ");
    groups.set(title, [
      ...(groups.get(title) ?? []),
      { size, result, facts: factsOf(result, { varied, drawn: choice.id }, workload) },
    ]);
  }
  return [...groups.entries()].map(([title, members]) => describeSeries(title, members, choice));
}

/** A value as the form names it: "H2O", "threads 2", "duration 40 s"; of a file its name. */
function optionWords(id: string, value: OptionScalar | undefined, { options }: WorkloadFacts): string {
  const option = options[id];
  if (option?.kind === "choice") return option.choices.find((each) => each.value === value)?.label ?? String(value);
  const text = numberWords(value ?? null);
  if (option?.kind === "file") return text.split(/[\\/]/).at(-1) ?? text;
  return `${(option?.label ?? id).toLowerCase()} ${withUnit(text, option)}`;
}

function describeSeries(title: string, members: ScalingSeries["results"], choice: AxisChoice): ScalingSeries {
  const { axis, isSetting } = choice;
  const results = members.toSorted((a, b) => a.size - b.size);
  const usable = results.filter(({ result }) => result.outcome !== "excluded");
  const alike = axis.kind === "batch" ? ofLikeItems(usable) : usable;
  const isMixed = alike.length < usable.length;
  const growing = isSetting ? null : growingWords(usable);
  const canFit = !isSetting && growing === null && (!isMixed || alike.length >= leastLikeBatches);
  const fit = canFit ? fitScaling(alike.map((member) => toPoint(member, axis))) : null;
  const remarks = [
    ...(axis.kind === "batch" ? cheapestOf(alike, axis) : []),
    ...(isMixed ? fittedFrom(fit, usable, axis) : []),
  ];
  return {
    id: title,
    title,
    note: computedBy(results),
    results,
    fit,
    regime: fit === null ? null : nameRegime(fit, axis),
    unfitted: growing ?? (isMixed && fit === null ? mixedWords(usable, axis) : null),
    remarks,
    best: isSetting ? bestOf(usable, choice) : null,
    excluded: usable.length === 0 ? exclusionOf(results) : null,
  };
}

/** "Xeon, float32". */
function computedBy([first]: ScalingSeries["results"]): string {
  if (first === undefined) return "";
  const { device, precision, software } = first.result;
  return [device, precision, software ? "software" : null].filter((word) => word !== null).join(", ");
}

/** A run that goes on has no repetitions yet: what they will decide is not said before, nor taken back. */
function growingWords(results: ScalingSeries["results"]): string | null {
  const isGrowing = results.some(({ result: { sampleCount, samplesMs } }) => sampleCount > samplesMs.length);
  return isGrowing ? "Its regime is told when the run has ended." : null;
}

/** From which batch on all hold the same items, and why not before. */
function fittedFrom(fit: ScalingFit | null, results: ScalingSeries["results"], axis: ScalingAxis): readonly string[] {
  return fit === null ? [] : [`Fitted from batch ${formatCount(fit.smallest)} on: ${mixtureOf(results, axis)}.`];
}

function mixedWords(results: ScalingSeries["results"], axis: ScalingAxis): string {
  return `${capitalize(mixtureOf(results, axis))}, so growth with the batch and growth of the items cannot be told apart. Choose one kind of ${axis.one}, or larger batches.`;
}

/** The regime in a word or two, or what stands in its place. */
export function regimeWords({ regime, best, unfitted, excluded, results }: ScalingSeries): string {
  if (excluded !== null) return "Outside tolerance";
  if (regime !== null) return regime.title;
  if (best !== null) return "Setting";
  if (growingWords(results) !== null) return "Growing";
  return unfitted === null ? "One size" : "Different items";
}

const msNs = 1e6;

/** Through fewer batches of like items any curve passes. */
const leastLikeBatches = 4;

/** Those whose items are as large as those of the largest batch: the others hold another work. */
function ofLikeItems(results: ScalingSeries["results"]): ScalingSeries["results"] {
  const last = results.at(-1);
  return last === undefined
    ? []
    : results.filter(({ result }) => areSameItems(itemSizeOf(result), itemSizeOf(last.result)));
}

/** "batches hold different items, 3.00 to 7.03 atoms per structure". */
function mixtureOf(results: ScalingSeries["results"], { one }: ScalingAxis): string {
  const sizes = results.flatMap(({ result }) => itemSizeOf(result) ?? []);
  return `batches hold different items, ${formatNumber(Math.min(...sizes))} to ${formatNumber(Math.max(...sizes))} atoms per ${one}`;
}

function itemSizeOf({ facts, itemsPerStep }: BenchResult): number | null {
  const atoms = facts["atoms"];
  return typeof atoms === "number" ? atoms / itemsPerStep : null;
}

/** The reason that names a size, where there is one: it says the most. */
function exclusionOf(results: ScalingSeries["results"]): string {
  const reasons = results.flatMap(({ result: { reason } }) => (reason === null ? [] : [reason]));
  return reasons.find((reason) => reason.startsWith("at ")) ?? reasons[0] ?? "outside tolerance";
}

/** "Threads: best at 64 with 189 ns, 2.07 × as fast as at 1 [2.05, 2.09]." */
function bestOf(results: ScalingSeries["results"], { title }: AxisChoice): string | null {
  const byTime = results.toSorted((a, b) => (a.result.medianMs ?? 0) - (b.result.medianMs ?? 0));
  const [best] = byTime;
  const worst = byTime.at(-1);
  if (best === undefined || worst === undefined || best === worst) return null;
  const time = best.result.medianMs ?? 0;
  const ratio = speedRatio(best.result, worst.result);
  const faster = ratio === null ? "" : `, ${fasterWords(ratio, `at ${formatCount(worst.size)}`)}`;
  return `${title}: best at ${formatCount(best.size)} with ${formatDuration(time * msNs)}${faster}.`;
}

/** The batch at which an item costs least, when that is surely less than at the largest. */
function cheapestOf(results: ScalingSeries["results"], { one }: ScalingAxis): readonly string[] {
  const best = results.toSorted((a, b) => (a.result.medianMs ?? 0) - (b.result.medianMs ?? 0))[0];
  const last = results.at(-1);
  if (best === undefined || last === undefined || best === last) return [];
  if ((best.result.highMs ?? Infinity) >= (last.result.lowMs ?? 0)) return [];
  return [
    `Cheapest at batch ${formatCount(best.size)}: ${formatDuration((best.result.medianMs ?? 0) * msNs)} per ${one}.`,
  ];
}

function toPoint({ size, result }: ScalingSeries["results"][number], axis: ScalingAxis): ScalingPoint {
  const { medianMs, samplesMs } = result;
  const items = itemsTimed(result, axis);
  return { size, timeMs: (medianMs ?? 0) * items, samplesMs: samplesMs.map((ms) => ms * items) };
}

/** Over batches the time is that of the whole step; over sizes it is that of one item, whatever the batch. */
export function itemsTimed({ itemsPerStep }: BenchResult, { kind }: ScalingAxis): number {
  return kind === "batch" ? itemsPerStep : 1;
}

/** The number that grows with the size of one item. */
function sizeFactOf(results: readonly BenchResult[]): string | null {
  const names = Object.keys(results[0]?.facts ?? {});
  return (
    names.find(
      (name) =>
        results.every(({ facts }) => typeof facts[name] === "number") &&
        new Set(results.map(({ facts }) => facts[name])).size > 1,
    ) ?? null
  );
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && value > 0 ? value : null;
}

export function capitalize(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
