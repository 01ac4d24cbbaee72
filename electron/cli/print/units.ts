import { chooseTimeUnit, formatInUnit } from "../../../traces/model/format-units.ts";

/** One unit for a column of times, chosen from those in it. */
export interface TimeColumn {
  readonly unit: string;
  format(ns: number): string;
}

export function chooseTimeColumn(timesNs: readonly number[]): TimeColumn {
  const unit = chooseTimeUnit(timesNs);
  return { unit: unit.symbol, format: (ns) => formatInUnit(ns, unit) };
}

/** The calendar time of a Unix time, to the ns: "2024-04-04 01:13:15.406757723 UTC". */
export function formatUnixNs(unixNs: string): string {
  const ns = BigInt(unixNs);
  const billion = 1_000_000_000n;
  const fraction = ((ns % billion) + billion) % billion;
  const date = new Date(Number((ns - fraction) / billion) * 1000);
  if (Number.isNaN(date.getTime())) return `${unixNs} ns since 1970`;
  return `${date.toISOString().slice(0, 19).replace("T", " ")}.${String(fraction).padStart(9, "0")} UTC`;
}
