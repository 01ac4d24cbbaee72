import type { ComparisonSummary, DeltaRow, DeltaSide } from "../../../traces/compare/comparison.ts";
import type { SideName } from "../../state/compare-sides.ts";
import { selectSpanById } from "../../state/span-actions.ts";
import type { AppStore } from "../../state/store.ts";

/** Key and number of the longest span of a row on a side; null when that side has none in an open trace. */
export function spanOf(
  summary: ComparisonSummary,
  row: Pick<DeltaRow, SideName>,
  side: SideName,
): { readonly trace: string; readonly span: number } | null {
  const own: DeltaSide | null = row[side];
  if (own?.longest == null) return null;
  const trace = summary[side].parts[own.longest.part]?.trace ?? null;
  return trace === null ? null : { trace, span: own.longest.span };
}

/** Leaves the comparison for the trace, with the span large on the screen. */
export function showSpan(
  store: AppStore,
  summary: ComparisonSummary,
  row: Pick<DeltaRow, SideName>,
  side: SideName,
): void {
  const found = spanOf(summary, row, side);
  if (found === null) return;
  store.getState().activateTab(found.trace);
  void selectSpanById(store, found.trace, found.span, { reveal: true, zoom: true });
}
