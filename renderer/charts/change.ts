import { chooseTimeUnit, formatInUnit, formatNumber, thinSpace, type Unit } from "../../traces/model/format-units.ts";

/** What a change means for the user; "even" is not significant, or no change. */
export type ChangeTone = "slower" | "faster" | "even";

/** The color of a tone. Never alone: a sign stands beside it. */
export function toneColor(tone: ChangeTone): string {
  return `var(--compare-${tone})`;
}

export function toneSign(tone: ChangeTone): "▲" | "▼" | "·" {
  return tone === "slower" ? "▲" : tone === "faster" ? "▼" : "·";
}

/** "+12.4", "−3.10", "0": a delta always carries its sign. */
export function signedInUnit(valueNs: number, unit: Unit): string {
  const text = formatInUnit(Math.abs(valueNs), unit);
  // "< 0.01" cannot carry a sign.
  if (text.startsWith("<")) return "≈\u20090";
  return valueNs > 0 ? `+${text}` : valueNs < 0 ? `−${text}` : "0";
}

/** "+12.4 ms". */
export function signedDuration(valueNs: number): string {
  const unit = chooseTimeUnit([valueNs]);
  return `${signedInUnit(valueNs, unit)}${thinSpace}${unit.symbol}`;
}

/** A relative change 0.124 as "+12.4 %". */
export function signedPercent(fraction: number): string {
  const percent = Math.abs(fraction) * 100;
  const text =
    percent > 0 && percent < 0.01 ? `<${thinSpace}0.01` : percent >= 0.995 ? formatNumber(percent) : percent.toFixed(2);
  return `${fraction > 0 ? "+" : fraction < 0 ? "−" : ""}${fraction === 0 ? "0" : text}${thinSpace}%`;
}
