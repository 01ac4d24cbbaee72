/*
 * Numbers for people, in the window, the command line and reports alike: three significant digits, one unit per
 * column, thin spaces before units and between groups of three digits. "Not collected" is a word, never 0.
 */

/** U+2009; narrow, so that number and unit read as one. */
export const thinSpace = "\u2009";
const minus = "\u2212";

export interface Unit {
  readonly symbol: string;
  /** How many base units (ns, bytes) one of it is. */
  readonly size: number;
}

export const timeUnits: Readonly<Record<"ns" | "us" | "ms" | "s" | "h", Unit>> = {
  ns: { symbol: "ns", size: 1 },
  us: { symbol: "µs", size: 1e3 },
  ms: { symbol: "ms", size: 1e6 },
  s: { symbol: "s", size: 1e9 },
  h: { symbol: "h", size: 3.6e12 },
};

/** From here on times are told in minutes, hours and days, as clocks do: so many seconds nobody can picture. */
export const longTimeNs = 120e9;
const clockUnits: readonly Unit[] = [
  { symbol: "d", size: 86_400e9 },
  { symbol: "h", size: 3600e9 },
  { symbol: "min", size: 60e9 },
];

/**
 * One unit for a column: that of the median, or a larger one where the largest value would be a long row of digits
 * and at least three of four values still show. ns without values.
 */
export function chooseTimeUnit(valuesNs: readonly number[]): Unit {
  const sizes = valuesNs
    .map(Math.abs)
    .filter((value) => value > 0 && Number.isFinite(value))
    .toSorted((a, b) => a - b);
  const unit = timeUnitOf(sizes[Math.floor(sizes.length / 2)] ?? 0);
  const quarter = sizes[Math.floor(sizes.length / 4)] ?? 0;
  const largest = sizes.at(-1) ?? 0;
  const larger = Object.values(timeUnits).find((candidate) => candidate.size > unit.size);
  return larger !== undefined && largest >= 1e5 * unit.size && quarter >= 0.1 * larger.size ? larger : unit;
}

/**
 * Unit for a value among others. Half a unit of rounding is looked ahead: 999.6 µs is 1.00 ms. Minutes and days are
 * none: as decimal numbers nobody reads them.
 */
export function timeUnitOf(valueNs: number): Unit {
  const size = Math.abs(valueNs);
  if (size < 999.5) return timeUnits.ns;
  if (size < 999.5e3) return timeUnits.us;
  if (size < 999.5e6) return timeUnits.ms;
  return size < 2 * timeUnits.h.size ? timeUnits.s : timeUnits.h;
}

/**
 * "12.4 ms"; whole nanoseconds stay whole: "17 ns". Long ones to the second, "12 min 5 s", from an hour on to the minute,
 * "1 d 3 h 20 min", from two years on in years.
 */
export function formatDuration(valueNs: number): string {
  const size = Math.abs(valueNs);
  // Nothing was recorded for so long: two clocks lie that far apart.
  if (size >= 730 * 86_400e9) return `${formatNumber(valueNs / 86_400e9 / 365.25)} years`;
  if (size >= longTimeNs - 0.5e9) {
    const step = size < 3600e9 - 0.5e9 ? 1e9 : 60e9;
    const { words, restNs } = splitLong(Math.round(size / step) * step);
    const seconds = restNs === 0 ? [] : [`${restNs / 1e9}${thinSpace}s`];
    return `${valueNs < 0 ? minus : ""}${[...words, ...seconds].join(" ")}`;
  }
  const unit = timeUnitOf(valueNs);
  return `${formatInUnit(valueNs, unit)}${thinSpace}${unit.symbol}`;
}

/** "3 d", "20 min" of a long time, without those that are 0, and what is left below a minute. Whole ns, not negative. */
export function splitLong(
  valueNs: number,
  space: string = thinSpace,
): { readonly words: readonly string[]; readonly restNs: number } {
  const words: string[] = [];
  let restNs = valueNs;
  for (const { symbol, size } of clockUnits) {
    const count = Math.floor(restNs / size);
    if (count > 0) words.push(`${formatCount(count)}${space}${symbol}`);
    restNs -= count * size;
  }
  return { words, restNs };
}

/** Every nanosecond, for hover: "12 403 118 ns". */
export function formatDurationExact(valueNs: number): string {
  return `${groupDigits(String(Math.round(valueNs)))}${thinSpace}ns`;
}

/**
 * The number without its unit, for a column whose head names the unit. A value too small for three digits
 * of the unit is "< 0.01", never "0.00".
 */
export function formatInUnit(valueNs: number, unit: Unit): string {
  const value = valueNs / unit.size;
  if (unit.size === 1 && Number.isInteger(value)) return groupDigits(String(value).replace("-", minus));
  if (value === 0) return "0";
  if (Math.abs(value) < 0.01) return `<${thinSpace}0.01`;
  // Three decimals at most, so that the points of a column can stand in one line.
  return Math.abs(value) < 0.995 ? value.toFixed(3).replace("-", minus) : formatNumber(value);
}

/** Three significant digits, more before the point when there are more: "1.24", "12.4", "124", "12 410". */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? `${minus}∞` : "not a number";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e15 || size < 1e-4) return value.toExponential(2).replaceAll("-", minus);
  const digits =
    size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.995 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(size)));
  return groupDigits(value.toFixed(digits).replace("-", minus));
}

/** A value with as many digits as it needs to be told from another: 10.04 beside 10, where both would be "10.0". */
export function formatApart(value: number, other: number): string {
  if (formatNumber(value) !== formatNumber(other) || value === other) return formatNumber(value);
  for (let digits = 4; digits < 15; digits++) {
    const text = value.toPrecision(digits);
    if (Number(text) !== Number(other.toPrecision(digits))) return groupDigits(text.replace("-", minus));
  }
  return String(value);
}

/** The digits of a value that its uncertainty leaves, down to the second of the uncertainty: 0.29994 for ± 0.00011. */
export function formatWithin(value: number, uncertainty: number | null): string {
  if (uncertainty === null || !(uncertainty > 0) || !Number.isFinite(uncertainty) || !Number.isFinite(value))
    return formatNumber(value);
  const last = Math.floor(Math.log10(uncertainty)) - 1;
  const size = Math.abs(value);
  if (size >= 1e15 || (size < 1e-4 && size > 0)) {
    const digits = Math.min(15, Math.max(0, Math.floor(Math.log10(size)) - last));
    return value.toExponential(digits).replaceAll("-", minus);
  }
  return groupDigits(value.toFixed(Math.min(15, Math.max(0, -last))).replace("-", minus));
}

/** Every digit, in groups: "1 234 567". */
export function formatCount(value: number): string {
  return groupDigits(String(Math.round(value)).replace("-", minus));
}

/** "1 span", "1 234 spans". */
export function formatCounted(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`;
}

/** "12.4 %"; "< 0.1 %" for a part that is there but small. */
export function formatShare(fraction: number): string {
  const percent = fraction * 100;
  if (percent > 0 && percent < 0.1) return `<${thinSpace}0.1${thinSpace}%`;
  return `${percent.toFixed(percent >= 99.95 ? 0 : 1)}${thinSpace}%`;
}

const byteUnits: readonly Unit[] = [
  { symbol: "B", size: 1 },
  { symbol: "KB", size: 1e3 },
  { symbol: "MB", size: 1e6 },
  { symbol: "GB", size: 1e9 },
  { symbol: "TB", size: 1e12 },
];

/** "132 MB"; decimal, as file managers count. */
export function formatBytes(bytes: number): string {
  const unit = byteUnits.findLast((candidate) => Math.abs(bytes) >= candidate.size * 0.9995) ?? byteUnits[0];
  if (unit === undefined || unit.size === 1) return `${formatCount(bytes)}${thinSpace}B`;
  return `${formatNumber(bytes / unit.size)}${thinSpace}${unit.symbol}`;
}

/** "118 MB/s". */
export function formatByteRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** "1.42× faster", "0.71×": never percent for ratios. */
export function formatRatio(ratio: number): string {
  return `${formatNumber(ratio)}×`;
}

/** "about 4 s", "about 2 min": for what is only estimated. */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 1) return "less than 1 s";
  if (seconds < 90) return `about ${Math.ceil(seconds)}${thinSpace}s`;
  return `about ${Math.ceil(seconds / 60)}${thinSpace}min`;
}

/** Thin spaces between groups of three digits before the point; from five digits on, as "1234" reads well. */
export function groupDigits(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const digits = whole.replace(/\D/g, "");
  const grouped = digits.length < 5 ? whole : whole.replace(/\B(?=(\d{3})+(?!\d))/g, thinSpace);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
