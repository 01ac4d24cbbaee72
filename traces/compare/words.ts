import { formatDuration, formatNumber, thinSpace } from "../model/format-units.ts";
import type { Estimate } from "../measure/estimate.ts";
import type { DeltaRow, WaterfallBar } from "./comparison.ts";

/** "29.0 %"; one decimal below 100 %. */
export function formatPercent(fraction: number): string {
  if (!Number.isFinite(fraction)) return fraction > 0 ? "∞" : "−∞";
  const percent = fraction * 100;
  const text = Math.abs(percent) >= 100 ? formatNumber(percent) : percent.toFixed(1);
  // No sign for what rounds to nothing.
  return `${(/^-0(\.0)?$/.test(text) ? text.slice(1) : text).replace("-", "−")}${thinSpace}%`;
}

/** "+5.0 %", "−1.4 %". */
export function formatChange(fraction: number): string {
  const text = formatPercent(fraction);
  return fraction > 0 && !/^0(\.0)?\D/.test(text) ? `+${text}` : text;
}

/** "95 % CI −32.0 % to −26.0 %"; a lower level where so few observations allow no other; null without an interval. */
export function intervalWords({
  relativeInterval,
  level,
}: Pick<Estimate, "relativeInterval" | "level">): string | null {
  if (relativeInterval === null) return null;
  return `${formatLevel(level)} CI ${formatChange(relativeInterval[0])} to ${formatChange(relativeInterval[1])}`;
}

/** "95 %"; rounded down, since more would not be kept. */
export function formatLevel(level: number): string {
  return `${Math.floor(level * 10_000 + 1e-6) / 100}${thinSpace}%`;
}

/** p and q: four digits, tiny ones as a bound. */
export function formatP(p: number): string {
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}

/** "+12.4 ms"; "≈ 0" for what is too small to be told with a sign. */
export function formatDelta(ns: number): string {
  if (ns !== 0 && Math.abs(ns) < 0.01) return `≈${thinSpace}0`;
  return ns > 0 ? `+${formatDuration(ns)}` : formatDuration(ns);
}

/** Parts smaller than this against what they come to are not told. */
const smallPart = 0.1;

/**
 * The bars of one owner as a sentence without its end, with what they come to: "DataLoader: fewer calls, −12.0 ms per
 * step". Two parts that pull apart are both told: each alone can be larger than the whole change.
 */
export function describeBars(bars: readonly WaterfallBar[], per: string): string {
  const ns = bars.reduce((sum, bar) => sum + bar.ns, 0);
  const [main, other] = bars.toSorted((x, y) => Math.abs(y.ns) - Math.abs(x.ns));
  const sentence = describeBar({ ...main, ns }, per);
  if (other === undefined || Math.abs(other.ns) < smallPart * Math.abs(ns)) return sentence;
  const [calls, speed] = main.kind === "count" ? [main, other] : [other, main];
  return `${sentence} (by number of calls ${formatDelta(calls.ns)}, by time of a call ${formatDelta(speed.ns)})`;
}

function describeBar({ label: whole, kind, ns }: WaterfallBar, per: string): string {
  const label = shortenName(whole);
  const change = `${formatDelta(ns)}${per}`;
  switch (kind) {
    case "count":
      return `${label}: ${ns < 0 ? "fewer" : "more"} calls, ${change}`;
    case "speed":
      return `${label}: ${ns < 0 ? "faster" : "slower"}, ${change}`;
    case "onlyBefore":
      return `${label} is gone, ${change}`;
    case "onlyAfter":
      return `${label} is new, ${change}`;
    case "idle":
      return `${ns < 0 ? "less" : "more"} idle time, ${change}`;
    case "overlap":
      return `${ns < 0 ? "more" : "less"} overlap, ${change}`;
    case "rest":
      return `${label} names together, ${change}`;
    case "before":
    case "after":
      return `${label}: ${formatDuration(ns)}${per}`;
  }
}

const longestName = 60;

/** Kernel names can fill a screen: what it is stays, its arguments go; then the middle. */
export function shortenName(name: string, longest: number = longestName): string {
  if (name.length <= longest) return name;
  const bare = name.replace(/\(.*\)$/s, "(…)").replace(/^void /, "");
  const tail = Math.floor(longest * 0.35);
  return bare.length <= longest ? bare : `${bare.slice(0, longest - 1 - tail)}…${bare.slice(-tail)}`;
}

/** Changes of the usual step below this go either way by chance. */
const leastOpposed = 0.01;

/** Whether mean and usual step go opposite ways, so that the change beside the difference has the other sign. */
export function isOpposed({ delta, estimate }: Pick<DeltaRow, "delta" | "estimate">): boolean {
  return estimate !== null && delta * estimate.relative < 0 && Math.abs(estimate.relative) >= leastOpposed;
}

export const opposedWords =
  "mean and usual step go opposite ways, since a few long steps carry the mean: the difference is that of the means, the change that of the usual step";
