import type { Scope, TraceSummary } from "../../electron/contract/engine-contract.ts";
import { formatCounted, formatDuration } from "../../traces/model/format-units.ts";
import type { TraceTab } from "./trace-tab.ts";

/** What the tables of the dock speak about: the selected area or range, else everything; muted kinds left out. */
export function scopeOf(tab: TraceTab): Scope {
  const { selection, mutedKinds, summary } = tab;
  const kinds =
    mutedKinds.length === 0 || summary === null
      ? {}
      : { kinds: summary.kinds.map((entry) => entry.kind).filter((kind) => !mutedKinds.includes(kind)) };
  switch (selection.kind) {
    case "area":
      return { startNs: selection.startNs, endNs: selection.endNs, rows: selection.rows, ...kinds };
    case "range":
      return { startNs: selection.startNs, endNs: selection.endNs, ...kinds };
    case "none":
    case "span":
    case "instant":
      return kinds;
  }
}

/** "Whole trace", "Selection: 12.4 ms, 3 rows". */
export function scopeWords(tab: TraceTab): string {
  const { selection } = tab;
  const muted = tab.mutedKinds.length === 0 ? "" : `, without ${formatCounted(tab.mutedKinds.length, "kind")}`;
  if (selection.kind === "range") return `Selection: ${formatDuration(selection.endNs - selection.startNs)}${muted}`;
  if (selection.kind !== "area") return `Whole trace${muted}`;
  return `Selection: ${formatDuration(selection.endNs - selection.startNs)}, ${formatCounted(selection.rows.length, "row")}${muted}`;
}

/** Changes when the answer to a question about the trace may change: while it grows, and when it is complete. */
export function revisionOf(summary: TraceSummary | null): string {
  return summary === null ? "none" : `${summary.spanCount}${summary.partial ? "+" : ""}`;
}
