import type { WaterfallBar } from "../../../traces/compare/comparison.ts";
import type { Direction, Estimate, Interval, Verdict } from "../../../traces/measure/estimate.ts";
import {
  chooseTimeUnit,
  formatBytes,
  formatCounted,
  formatInUnit,
  formatRatio,
  thinSpace,
  type Unit,
} from "../../../traces/model/format-units.ts";
import { tellApart } from "../../names/tell-apart.ts";
import { type ChangeTone, signedInUnit, signedPercent } from "../../charts/change.ts";
import type { WaterfallRow } from "../../charts/waterfall-layout.ts";

/** Orange or blue only for what is decided; everything else is grey. */
export function toneOf(verdict: Verdict | null): ChangeTone {
  return verdict === "regressed" ? "slower" : verdict === "improved" ? "faster" : "even";
}

export function verdictSign(verdict: Verdict): "▲" | "▼" | "=" | "?" {
  return ({ regressed: "▲", improved: "▼", equivalent: "=", inconclusive: "?" } as const)[verdict];
}

/** "inconclusive, slower": a word for each outcome, with the direction where it is open. */
export function verdictWords(verdict: Verdict, direction: Direction): string {
  return verdict === "inconclusive" && direction !== "unknown" ? `inconclusive, ${direction}` : verdict;
}

/** The unit of a column: a time unit for ns, else the unit itself. */
export function unitFor(values: readonly number[], base: string): Unit {
  return base === "ns" ? chooseTimeUnit(values) : { symbol: base, size: 1 };
}

/** "12.4 ms". `beside`: values that are read together with it, in one unit. */
export function valueWords(value: number, base: string, beside: readonly number[] = []): string {
  if (base === "B") return formatBytes(value);
  const unit = unitFor([value, ...beside], base);
  return `${formatInUnit(value, unit)}${unit.symbol === "" ? "" : `${thinSpace}${unit.symbol}`}`;
}

/** "+12.4 % [+11.0, +13.8]"; new and gone things have no percentage. */
export function relativeWords(relative: number, interval: Interval | null): string {
  if (relative === Infinity) return "new";
  if (Number.isNaN(relative)) return "not defined";
  if (interval === null) return signedPercent(relative);
  const bare = (fraction: number): string => signedPercent(fraction).replace(`${thinSpace}%`, "");
  return `${signedPercent(relative)} [${bare(interval[0])}, ${bare(interval[1])}]`;
}

/** "1.42× faster", "1.08× slower": never a negative percentage of speed; null where not even the direction is known. */
export function speedWords(estimate: Estimate): string | null {
  const ratio = estimate.after.median / estimate.before.median;
  if (!Number.isFinite(ratio) || ratio <= 0 || estimate.verdict === "equivalent") return null;
  if (estimate.verdict === "inconclusive" && estimate.direction === "unknown") return null;
  return ratio <= 1 ? `${formatRatio(1 / ratio)} faster` : `${formatRatio(ratio)} slower`;
}

/** p and q: three digits, tiny ones as a bound. */
export function probabilityWords(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "not tested";
  return value < 0.0001 ? `<${thinSpace}0.0001` : value < 0.1 ? String(Number(value.toPrecision(2))) : value.toFixed(2);
}

/** What is missing for a decision: "About 12 more steps a side would decide." */
export function moreNeededWords({ moreNeeded }: Estimate): string | null {
  return moreNeeded === null ? null : `About ${formatCounted(Math.ceil(moreNeeded), "more step")} a side would decide.`;
}

/** "+12.4 ms" in the unit of its base. */
export function deltaWords(value: number, base: string): string {
  const unit = unitFor([value], base);
  return `${signedInUnit(value, unit)}${unit.symbol === "" ? "" : `${thinSpace}${unit.symbol}`}`;
}

/** Bars of the engine as rows of the chart. A change is colored only when its interval leaves out 0. */
export function waterfallRowsOf(bars: readonly WaterfallBar[]): readonly WaterfallRow[] {
  const piecesOf = tellApart(bars.map(({ label }) => label));
  const titleOf = (bar: WaterfallBar): string =>
    barTitle(
      bar.kind,
      piecesOf(bar.label)
        .map(({ text }) => text)
        .join(""),
    );
  return bars.map((bar): WaterfallRow => {
    if (bar.kind === "before" || bar.kind === "after")
      return { kind: "total", id: bar.id, title: bar.label, valueNs: bar.ns };
    const [lowNs, highNs] = bar.interval ?? [null, null];
    const presence = bar.kind === "onlyBefore" ? "removed" : bar.kind === "onlyAfter" ? "added" : undefined;
    return {
      kind: "change",
      id: bar.id,
      title: titleOf(bar),
      deltaNs: bar.ns,
      lowNs,
      highNs,
      tone: lowNs !== null && lowNs > 0 ? "slower" : highNs !== null && highNs < 0 ? "faster" : "even",
      ...(presence === undefined ? {} : { presence }),
    };
  });
}

function barTitle(kind: WaterfallBar["kind"], label: string): string {
  if (kind === "count") return `${label}, number of calls`;
  return kind === "speed" ? `${label}, time per call` : label;
}

interface SideWords {
  readonly label: string;
  readonly conditions: string;
}

/** What the charts of a comparison hold for: "Before: a.json. After: b.json. Both: Intel Xeon." */
export function sidesWords(before: SideWords, after: SideWords): string {
  return before.conditions === after.conditions
    ? `Before: ${before.label}. After: ${after.label}. Both: ${before.conditions}.`
    : `Before: ${before.label} (${before.conditions}). After: ${after.label} (${after.conditions}).`;
}
