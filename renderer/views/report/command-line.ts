import type { ComparisonOptions } from "../../../traces/compare/comparison.ts";
import { type CompareSides, openParts, type SideName } from "../../state/compare-sides.ts";
import type { ResultsFile } from "../../state/report-slice.ts";
import type { TraceTab } from "../../state/trace-tab.ts";

/**
 * The command that compares the same files in the same way, to be run in their folder: the window does not know where
 * they lie. Null when the command line cannot say it: a part of a trace.
 */
export function commandLineOf(
  sides: CompareSides,
  tabs: readonly TraceTab[],
  options: ComparisonOptions,
  itemsPerStep: number | null,
): string | null {
  const parts = { before: openParts(sides.before, tabs), after: openParts(sides.after, tabs) };
  const all = [...parts.before, ...parts.after];
  if (all.length === 0 || all.some(({ part }) => part.range.kind !== "whole")) return null;
  const names = (side: "before" | "after"): string => parts[side].map(({ tab }) => quoted(tab.fileName)).join(" ");
  const gate = Number((options.tolerance * 100).toPrecision(6));
  return [
    "deltaflame compare",
    names("before"),
    "--vs",
    names("after"),
    `--gate ${gate}%`,
    `--alpha ${options.alpha}`,
    ...(itemsPerStep === null ? [] : [`--items ${itemsPerStep}`]),
    ...(options.allowIncomparable ? ["--allow-incomparable"] : []),
    "--report report.html",
  ].join(" ");
}

/** What draws scaling curves into the report; "" without. */
export function curvesFlag(curves: Readonly<Record<SideName, ResultsFile>> | null): string {
  return curves === null ? "" : ` --scaling ${quoted(curves.before.name)} ${quoted(curves.after.name)}`;
}

/** As a POSIX shell takes it literally. */
function quoted(name: string): string {
  const safe = name.startsWith("-") ? `./${name}` : name;
  return /^[\w./:@%+=,-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", String.raw`'\''`)}'`;
}
