import { isIdle, solveMixture } from "../../measure/integrity/formulas.ts";
import { fitLine } from "../../measure/line-fit.ts";
import { formatNumber } from "../../model/format-units.ts";
import { formatChange, formatPercent } from "../../compare/words.ts";
import type { Insight } from "./claim.ts";
import type { LedgerMixture, LedgerSeries } from "./ledger.ts";

/** Exponents of a loop: total time grows as the number of items. */
const serialExponents: readonly [number, number] = [0.95, 1.05];

/** Sizes of a series that are no measurement of the work: their time per item is a fifth of all others or less. */
export function findCachedSizes({ axis, points }: LedgerSeries): readonly number[] {
  if (axis !== "batch" || points.length < 3) return [];
  const perItem = points.map(([size, time]) => time / size);
  return points.flatMap(([size], i) =>
    isIdle(
      perItem[i],
      perItem.filter((_, j) => j !== i),
    )
      ? [size]
      : [],
  );
}

/** What the numbers of a series say, whatever the text beside them says. */
export function inspectSeries(series: LedgerSeries): readonly Insight[] {
  const cached = findCachedSizes(series);
  const valid = series.points.filter(([size]) => !cached.includes(size));
  const insights = cached.map((size) => describeCached(series, size, valid));
  if (valid.length < 2) return insights;
  return [...insights, ...(series.axis === "size" ? describeSizes(series, valid) : describeBatches(series, valid))];
}

type Points = LedgerSeries["points"];

function insight(id: string, { subject }: Pick<LedgerSeries, "subject">, sentence: string): Insight {
  return { id, subject, sentence };
}

function describeCached(series: LedgerSeries, size: number, valid: Points): Insight {
  const time = series.points.find(([each]) => each === size)?.[1] ?? Number.NaN;
  const others = valid.map(([each, total]) => total / each);
  const factor = Math.min(...others) / (time / size);
  const ratio = valid[0] === undefined ? Number.NaN : valid[0][1] / valid[0][0] / (time / size);
  const single = series.single === null ? "" : ` and ${formatNumber(series.single)} ${series.unit} for a single one`;
  return insight(
    "cache",
    series,
    `batch ${size} at ${trim(time)} ${series.unit} is not comparable: other sizes take ${trim(Math.min(...others))} ${series.unit} per item or more (${formatNumber(ratio)}×, at least ${formatNumber(factor)}×)${single}. An answer from a cache, not the work; ratios to it are withdrawn.`,
  );
}

function describeBatches(series: LedgerSeries, valid: Points): readonly Insight[] {
  const [first, last] = [valid[0], valid[valid.length - 1]];
  const exponent = Math.log(last[1] / first[1]) / Math.log(last[0] / first[0]);
  const perItem = valid.map(([size, time]) => time / size);
  if (exponent >= serialExponents[0] && exponent <= serialExponents[1]) {
    const ofSingle =
      series.single === null ? "" : `, ${(Math.min(...perItem) / series.single).toFixed(2)} of a single one`;
    return [
      insight(
        "serial",
        series,
        `serial loop: total time grows as batch^${exponent.toFixed(3)}; ${perItem.map(trim).join(" and ")} ${series.unit} per item${ofSingle}. Batching brings nothing.`,
      ),
    ];
  }
  const { a, c, cHalf } = fitLine(valid);
  if (!(a > 0 && c > 0)) return [];
  const sizes = valid.map(([size]) => size);
  const freedom =
    cHalf === null
      ? ` Two points, two parameters: no interval; measure batch ${[2, 4, 8].map((factor) => factor * (sizes.at(-1) ?? 1)).join(", ")} as well.`
      : ` Slope ± ${trim(cHalf)} (95 %).`;
  return [
    insight(
      "affine",
      series,
      `batching works: ${trim(a)} + ${trim(c)}·b ${series.unit}.${describeSingle(series, a + c)}${describeGain(series, valid)}${freedom}`,
    ),
    describeCeiling(series, a, c),
  ];
}

function describeSingle({ single, unit }: LedgerSeries, predicted: number): string {
  if (single === null) return "";
  return ` It gives ${trim(predicted)} ${unit} for one, measured apart: ${trim(single)} ${unit} (${formatChange(predicted / single - 1)}).`;
}

function describeGain({ single }: LedgerSeries, valid: Points): string {
  if (single === null) return "";
  const gains = valid.map(([size, time]) => `${(single / (time / size)).toFixed(2)}× at ${size}`);
  return ` Per item against a single one: ${gains.join(", ")}.`;
}

const unitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1 };

function describeCeiling(series: LedgerSeries, a: number, c: number): Insight {
  const seconds = unitSeconds[series.unit] ?? Number.NaN;
  const perSecond = (itemTime: number): string => trim(1 / (itemTime * seconds));
  const at = 16;
  const { target } = series;
  const reach =
    target === null
      ? ""
      : 1 / (c * seconds) < target
        ? ` The goal of ${target}/s is above it: no batch size reaches it before an item costs less than ${trim(1 / (target * seconds))} ${series.unit}.`
        : ` The goal of ${target}/s is reached at batch ${Math.ceil(a / (1 / (target * seconds) - c))}.`;
  return insight(
    "ceiling",
    series,
    `ceiling ${perSecond(c)} items/s (1/${trim(c)} ${series.unit}).${reach} Half of it at batch ${trim(a / c)}, 90 % at ${trim((9 * a) / c)}; batch ${at} takes ${trim(a + c * at)} ${series.unit}, ${trim(a / at + c)} per item, ${perSecond(a / at + c)}/s.`,
  );
}

function describeSizes(series: LedgerSeries, valid: Points): readonly Insight[] {
  const { c, cHalf } = fitLine(valid);
  if (cHalf === null || Math.abs(c) > cHalf) return [];
  const times = valid.map(([, time]) => time);
  const [sizes, logs] = [
    valid.map(([size]) => size),
    valid.map(([size, time]) => [Math.log(size), Math.log(time)] as const),
  ];
  const power = fitLine(logs);
  return [
    insight(
      "constant",
      series,
      `time does not depend on size from ${Math.min(...sizes)} to ${Math.max(...sizes)}: slope ${c.toFixed(4)} ± ${cHalf.toFixed(4)} ${series.unit} each, exponent ${power.c.toFixed(4)} ± ${(power.cHalf ?? 0).toFixed(4)}, spread ${formatPercent(Math.max(...times) / Math.min(...times) - 1)}. Launch- or host-bound, not bound by the device.`,
    ),
  ];
}

/** One slow repetition among answers from a cache, as far as mean and deviation prove it. */
export function inspectMixture({ subject, unit, n, mean, deviation, hit }: LedgerMixture): readonly Insight[] {
  const mixture = solveMixture(mean, deviation, n, hit);
  if (mixture === null) return [];
  const { fromMean, fromDeviation } = mixture;
  return [
    {
      id: "mixture",
      subject,
      sentence: `1 real and ${n - 1} cached of ${n} repetitions: the mean ${trim(mean)} gives ${fromMean.toFixed(2)} ${unit} for the real one, the deviation ${trim(deviation)} gives ${fromDeviation.toFixed(2)} ${unit}.`,
    },
  ];
}

/** Four significant digits. */
function trim(value: number): string {
  return String(Number(value.toPrecision(4)));
}
