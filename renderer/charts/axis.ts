import { range, type ScaleLinear, scaleLinear, scaleLog } from "d3";
import { smallestOf } from "../../traces/model/extremes.ts";
import { groupDigits, type Unit } from "../../traces/model/format-units.ts";

/** What a direction of a chart measures. Values come in base units (ns, items); the picture shows them in `unit`. */
export interface ChartAxis {
  readonly title: string;
  readonly unit: Unit;
  readonly scale: "linear" | "log";
  /** Counts of things: ticks at whole numbers, from the smallest on. */
  readonly whole?: boolean;
  /** Of a log axis of line charts: ticks at the values that were measured, not at round ones. */
  readonly ticksAtValues?: boolean;
}

/** Average width of a digit of a tick's label, and the least room between two labels. */
const tickLetterPx = 6.4;
const labelGapPx = 10;

/** A number without a unit: counts, batch sizes, shares of one. */
export const plainUnit: Unit = { symbol: "", size: 1 };

export interface AxisTick {
  readonly px: number;
  /** Empty for ticks between two labelled ones. */
  readonly text: string;
}

/** An axis laid on pixels. */
export interface PlacedAxis {
  readonly axis: ChartAxis;
  /** Null where the axis has no such place: 0 and below on a log axis, what is not finite. */
  readonly toPx: (value: number) => number | null;
  readonly toValue: (px: number) => number;
  readonly ticks: readonly AxisTick[];
}

export interface AxisRoom {
  /** Where the smallest and the largest value lie; may run backwards, as upward axes do. */
  readonly fromPx: number;
  readonly toPx: number;
  /** Least distance of two labels. */
  readonly tickPx: number;
}

/**
 * Lays `axis` over the room so that all `values` fit, rounded out to whole ticks. A linear axis starts at 0 unless
 * `fromZero` is false. Log axes leave out what is not positive. Without usable values the axis reaches from 1 to 10.
 */
export function placeAxis(
  axis: ChartAxis,
  values: readonly number[],
  room: AxisRoom,
  options: {
    readonly fromZero?: boolean;
    /** Where a log axis has its ticks instead of at round values; the earlier ones get their labels first. */
    readonly places?: readonly number[];
  } = {},
): PlacedAxis {
  const usable = values.filter((value) => Number.isFinite(value) && (axis.scale === "linear" || value > 0));
  return axis.scale === "log"
    ? placeLog(axis, usable, room, options.places ?? [])
    : placeLinear(axis, usable, room, options.fromZero !== false && axis.whole !== true);
}

/** The number of a value in the unit of its axis, as short as it can be told: "0.5", "12 000". */
export function axisNumber(value: number, unit: Unit): string {
  const shown = Number((value / unit.size).toPrecision(6));
  return groupDigits(String(shown === 0 ? 0 : shown).replace("-", "\u2212"));
}

/** "Time per item, ms". */
export function axisTitle(axis: ChartAxis): string {
  return axis.unit.symbol === "" ? axis.title : `${axis.title}, ${axis.unit.symbol}`;
}

function placeLinear(
  axis: ChartAxis,
  values: readonly number[],
  { fromPx, toPx, tickPx }: AxisRoom,
  fromZero: boolean,
): PlacedAxis {
  const [least, most] = span(values, fromZero);
  const [low, high] =
    axis.whole === true ? [Math.min(smallestOf(values), most), Math.max(least + 1, most)] : [least, most];
  // Ticks are round in the unit that is shown, not in the base unit.
  const { size } = axis.unit;
  const room = Math.floor(Math.abs(toPx - fromPx) / tickPx);
  let tickCount = Math.max(1, axis.whole === true ? Math.min(room, (high - low) / size) : room);
  const make = (): ScaleLinear<number, number> =>
    scaleLinear([low / size, high / size], [fromPx, toPx]).nice(tickCount);
  let scale = make();
  // A count is only a wish: fewer until the labels keep their distance.
  while (tickCount > 1 && Math.abs(toPx - fromPx) < tickPx * (scale.ticks(tickCount).length - 1)) {
    tickCount--;
    scale = make();
  }
  return {
    axis,
    toPx: (value) => (Number.isFinite(value) ? scale(value / size) : null),
    toValue: (px) => scale.invert(px) * size,
    ticks: scale.ticks(tickCount).map((tick) => ({ px: scale(tick), text: axisNumber(tick, plainUnit) })),
  };
}

function placeLog(
  axis: ChartAxis,
  values: readonly number[],
  { fromPx, toPx, tickPx }: AxisRoom,
  places: readonly number[],
): PlacedAxis {
  const { size } = axis.unit;
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const [from, to] = values.length === 0 ? [size, 10 * size] : [low / 1.15, high * 1.15];
  const scale = scaleLog([from / size, to / size], [fromPx, toPx]);
  const wanted = new Set(places.filter((value) => value >= low && value <= high).map((value) => value / size));
  const round = logTicks(from / size, to / size);
  // Between two round numbers there may be none: then those of a linear axis.
  const others = round.length > 1 ? round : scaleLinear([from / size, to / size], [0, 1]).ticks(4);
  const isMeasured = wanted.size > 1;
  const ticks: AxisTick[] = [];
  for (const value of isMeasured ? wanted : others) {
    const tick = { px: scale(value), text: axisNumber(value, plainUnit) };
    // Sizes that were measured may lie closer than round ones: as close as their labels can be told apart.
    const gapPx = (other: AxisTick): number =>
      isMeasured ? ((tick.text.length + other.text.length) / 2) * tickLetterPx + labelGapPx : tickPx;
    const isFree = ticks.every((other) => other.text === "" || Math.abs(other.px - tick.px) >= gapPx(other));
    ticks.push(isFree ? tick : { ...tick, text: "" });
  }
  return {
    axis,
    toPx: (value) => (Number.isFinite(value) && value > 0 ? scale(value / size) : null),
    toValue: (px) => scale.invert(px) * size,
    ticks: ticks.toSorted((a, b) => a.px - b.px),
  };
}

/** 1, 2, 5 of every decade inside; whole decades first, so that they get their labels. */
function logTicks(from: number, to: number): readonly number[] {
  const powers = range(Math.floor(Math.log10(from)), Math.ceil(Math.log10(to)) + 1);
  return [1, 5, 2]
    .flatMap((digit) => powers.map((power) => Number(`${digit}e${power}`)))
    .filter((value) => value >= from && value <= to);
}

function span(values: readonly number[], fromZero: boolean): readonly [number, number] {
  const start = fromZero ? 0 : Infinity;
  const low = values.reduce((least, value) => Math.min(least, value), start);
  const high = values.reduce((most, value) => Math.max(most, value), fromZero ? 0 : -Infinity);
  if (low > high) return [0, 1];
  return low === high ? [Math.min(0, low), low === 0 ? 1 : Math.max(0, low * 1.2)] : [low, high];
}
