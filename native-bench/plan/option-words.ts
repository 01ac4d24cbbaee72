import { formatCount, thinSpace } from "../../traces/model/format-units.ts";
import type { Option, OptionValue } from "./option.ts";

/** Head of a field or a column: "Duration, s"; the id of an option that is no longer declared. */
export function optionHead(id: string, option: Option | undefined): string {
  const unit = unitOf(option);
  return `${option?.label ?? id}${unit === null ? "" : `, ${unit}`}`;
}

/** "40", "100 000", "0.6"; whatever is no number as it is. */
export function numberWords(value: OptionValue): string {
  if (typeof value !== "number") return String(value ?? "none");
  return Number.isInteger(value) ? formatCount(value) : String(value);
}

/** Words for values of an option, with its unit behind them: "10 to 40 s". */
export function withUnit(words: string, option: Option | undefined, space = thinSpace): string {
  const unit = unitOf(option);
  return unit === null ? words : `${words}${space}${unit}`;
}

function unitOf(option: Option | undefined): string | null {
  return option?.kind === "number" ? (option.unit ?? null) : null;
}
