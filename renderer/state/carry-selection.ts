import type { EngineClient, SpanBrief, TraceKey, TraceSummary } from "../../electron/contract/engine-contract.ts";
import type { AppState } from "./store.ts";
import type { Selection, TraceTab } from "./trace-tab.ts";
import { findTab } from "./update-tab.ts";

const pageSpans = 500;

/**
 * The selection when a summary replaces another: numbers of spans and rows hold for one summary only. An area moves to
 * the new rows of its tracks; a span is let go, and the seeker looks for it.
 */
export function carrySelection(selection: Selection, before: TraceSummary, after: TraceSummary): Selection {
  switch (selection.kind) {
    case "none":
    case "range":
      return selection;
    case "span":
      return { kind: "none" };
    case "instant":
      return shiftNs(before, after) === 0 ? selection : { kind: "none" };
    case "area": {
      const rows = carryRows(selection.rows, before, after);
      return rows.length === 0 ? { kind: "none" } : { ...selection, rows };
    }
  }
}

export interface SpanSeeker {
  /** Looks for the span that was selected in `before` and selects it in `after`; never rejects. */
  follow(tab: TraceTab, before: TraceSummary, after: TraceSummary): Promise<void>;
  forget(key: TraceKey): void;
}

/** Keeps the selected spans of growing traces. */
export function createSpanSeeker(get: () => AppState): SpanSeeker {
  /** Spans that were let go, with the summary they belong to, until they are found in a newer one. */
  const sought = new Map<TraceKey, { readonly span: SpanBrief; readonly of: TraceSummary }>();
  return {
    async follow({ key, selection }, before, after) {
      if (selection.kind === "span") sought.set(key, { span: selection.span, of: before });
      const lost = sought.get(key);
      const { engine } = get();
      if (lost === undefined || engine === null) return;
      try {
        const span = await findAgain(engine, lost.span, lost.of, after);
        const now = findTab(get(), key);
        // Meanwhile the trace may have grown once more: then the next search is on its way.
        if (now?.summary !== after) return;
        sought.delete(key);
        if (span !== null && now.selection.kind === "none") get().select(key, { kind: "span", span });
      } catch (error) {
        get().report("The selected span could not be found again.", error, key);
      }
    },
    forget(key) {
      sought.delete(key);
    },
  };
}

/** The same span in a newer state of its trace: same track, name and times; null when it is not there any more. */
async function findAgain(
  engine: EngineClient,
  span: SpanBrief,
  before: TraceSummary,
  after: TraceSummary,
): Promise<SpanBrief | null> {
  const track = after.tracks[span.track];
  if (track === undefined || track.rowCount === 0) return null;
  const startNs = span.startNs + shiftNs(before, after);
  const { spans } = await engine.call("span.list", {
    trace: after.trace,
    scope: {
      startNs,
      endNs: startNs + 1,
      rows: Array.from({ length: track.rowCount }, (_, at) => track.firstRow + at),
    },
    first: 0,
    count: pageSpans,
  });
  return (
    spans.find(
      (other) => other.name === span.name && other.startNs === startNs && other.durationNs === span.durationNs,
    ) ??
    // One that was still open when the state before was taken has got its end since.
    (span.openEnded ? spans.find((other) => other.name === span.name && other.startNs === startNs) : undefined) ??
    null
  );
}

/** An event from before all others moves the origin, and with it every time. */
function shiftNs(before: TraceSummary, after: TraceSummary): number {
  return Number(BigInt(before.originClockNs) - BigInt(after.originClockNs));
}

function carryRows(rows: readonly number[], before: TraceSummary, after: TraceSummary): readonly number[] {
  const wanted = new Set(rows);
  return before.tracks.flatMap((track) => {
    const now = after.tracks[track.id];
    if (now === undefined) return [];
    return Array.from({ length: Math.min(track.rowCount, now.rowCount) }, (_, at) => at)
      .filter((at) => wanted.has(track.firstRow + at))
      .map((at) => now.firstRow + at);
  });
}
