import { tickStep } from "d3";
import { longTimeNs, splitLong } from "../../traces/model/format-units.ts";
import type { Viewport } from "../state/trace-tab.ts";

export interface AxisTick {
  readonly ns: number;
  readonly label: string;
}

/** What the axis writes: a base time at its left end, and ticks that count from there. */
export interface AxisTicks {
  /** Integer ns; 0 when the labels are plain times of the trace. */
  readonly baseNs: number;
  readonly baseLabel: string;
  readonly stepNs: number;
  readonly ticks: readonly AxisTick[];
}

interface TimeUnit {
  readonly name: string;
  readonly ns: number;
}

const seconds: TimeUnit = { name: "s", ns: 1e9 };
const units: readonly TimeUnit[] = [{ name: "ns", ns: 1 }, { name: "µs", ns: 1e3 }, { name: "ms", ns: 1e6 }, seconds];
const [minute, hour, day] = [60e9, 3600e9, 86_400e9];
const bases: readonly number[] = [1e3, 1e6, 1e9, minute, hour, day];
/** Round steps of a clock. */
const clockSteps: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * 1e9),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 5, 10, 20, 50].map((count) => count * day),
];
const narrowSpace = "\u202f";

/**
 * Ticks at whole nanoseconds with labels that are exact and distinct at every zoom: far from the start of the trace
 * they count from a base, so that three or four digits are enough.
 */
export function axisTicks(view: Viewport, widthPx: number, minGapPx = 96): AxisTicks {
  const span = view.endNs - view.startNs;
  const count = Math.max(1, Math.floor(widthPx / minGapPx));
  const baseUnit = baseFor(span);
  const baseNs = view.startNs < baseUnit ? 0 : Math.floor(view.startNs / baseUnit) * baseUnit;
  const largestNs = Math.max(Math.abs(view.startNs - baseNs), Math.abs(view.endNs - baseNs));
  const isLong = largestNs >= longTimeNs;
  const clockStep = isLong ? clockSteps.find((step) => step >= span / count) : undefined;
  const stepNs = clockStep ?? Math.max(1, Math.round(tickStep(view.startNs, view.endNs, count)));
  const unit = unitFor(Math.max(stepNs, largestNs));
  const ticks: AxisTick[] = [];
  for (let index = Math.ceil(view.startNs / stepNs); index * stepNs <= view.endNs; index++) {
    const ns = index * stepNs;
    const text = isLong ? longTime(ns - baseNs) : inUnit(ns - baseNs, unit);
    ticks.push({ ns, label: baseNs === 0 ? text : `+${text}` });
  }
  return { baseNs, baseLabel: baseNs === 0 ? "" : exactTime(baseNs), stepNs, ticks };
}

/** Every digit of a time of the trace, in the units that suit its size: "12.345 678 s", "3 h 20 min 12.345 678 s". */
export function exactTime(ns: number): string {
  const unit = unitFor(Math.abs(ns));
  return Math.abs(ns) < longTimeNs ? inUnit(ns, unit) : longTime(ns);
}

/** Minutes, hours and days with what is left of a minute in seconds. */
function longTime(ns: number): string {
  const { words, restNs } = splitLong(Math.abs(ns), narrowSpace);
  const rest = restNs === 0 && words.length > 0 ? [] : [inUnit(restNs, seconds)];
  return `${ns < 0 ? "−" : ""}${[...words, ...rest].join(" ")}`;
}

function inUnit(ns: number, unit: TimeUnit): string {
  return `${formatIn(ns, unit)}${narrowSpace}${unit.name}`;
}

/** The smallest base that holds the visible span twice: offsets then keep few digits. A span of more than half a day has none. */
function baseFor(spanNs: number): number {
  return bases.find((base) => base >= spanNs * 2) ?? Infinity;
}

function unitFor(ns: number): TimeUnit {
  let best: TimeUnit = { name: "ns", ns: 1 };
  for (const unit of units) if (ns >= unit.ns) best = unit;
  return best;
}

/** Exact decimal text of integer ns in a unit, digits grouped by three on both sides of the point. */
function formatIn(ns: number, unit: TimeUnit): string {
  const size = Math.abs(Math.round(ns));
  const whole = Math.floor(size / unit.ns);
  const rest = size - whole * unit.ns;
  const digits = unit.ns === 1 ? "" : String(rest).padStart(Math.log10(unit.ns), "0").replace(/0+$/, "");
  const sign = ns < 0 && size > 0 ? "−" : "";
  const wholeText = String(whole).replace(/\B(?=(\d{3})+$)/g, narrowSpace);
  const fraction = digits === "" ? "" : `.${digits.replace(/(\d{3})(?=\d)/g, `$1${narrowSpace}`)}`;
  return sign + wholeText + fraction;
}
