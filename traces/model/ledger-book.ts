import { spanLimitCode, type ImportLedger, type LedgerLine } from "./ledger.ts";
import type { LedgerBook } from "./trace-builder.ts";

/** Totals that only the builder knows. */
export interface LedgerTotals {
  readonly spans: number;
  readonly derivedSpans: number;
  readonly instants: number;
  readonly counterSamples: number;
  readonly flowEnds: number;
}

/** What a trace has that no line of the ledger counts. */
export interface UncountedTotals {
  /** Kernels without a place in time. */
  readonly launches: number;
}

export interface ClosableLedgerBook extends LedgerBook {
  /** The ledger as of now; `extra` notes (of the seal) are appended. */
  close(totals: LedgerTotals, uncounted: UncountedTotals, extra: readonly LedgerLine[]): ImportLedger;
}

interface OpenLine {
  readonly level: "info" | "warning";
  readonly code: string;
  readonly message: string;
  count: number;
  readonly firstBytes: number[];
}

export function createLedgerBook(): ClosableLedgerBook {
  const dropped = new Map<string, OpenLine>();
  const notes = new Map<string, OpenLine>();
  let eventsRead = 0;
  let metadata = 0;
  let counterEvents = 0;
  let foldedIn = 0;
  let truncatedAtByte: number | null = null;

  return {
    read: (count = 1) => void (eventsRead += count),
    metadata: (count = 1) => void (metadata += count),
    counterEvent: (count = 1) => void (counterEvents += count),
    foldedIn: (count = 1) => void (foldedIn += count),
    dropped: (code, message, byteOffset, count = 1) => addLine(dropped, "warning", code, message, byteOffset, count),
    note: (code, message, byteOffset, count = 1, level = "warning") =>
      addLine(notes, level, code, message, byteOffset, count),
    truncatedAt: (byteOffset) => void (truncatedAtByte = byteOffset),
    close(totals, { launches }, extra) {
      const allNotes = [...toLines(notes), ...extra];
      const isCut = truncatedAtByte !== null || dropped.has(spanLimitCode) || notes.has(spanLimitCode);
      const isLost =
        dropped.size > 0 &&
        totals.spans + totals.derivedSpans + totals.instants + counterEvents + totals.flowEnds + launches === 0;
      const remarkable = dropped.size > 0 || allNotes.some((line) => line.level === "warning");
      return {
        outcome: isCut || isLost ? "partial" : remarkable ? "notes" : "ok",
        eventsRead,
        ...totals,
        counterEvents,
        metadata,
        foldedIn,
        dropped: toLines(dropped),
        notes: allNotes,
        ...(truncatedAtByte !== null && { truncatedAtByte }),
      };
    },
  };
}

/** Both sides of the rule that every ledger keeps (`ImportLedger`). */
export function ledgerBalance(ledger: ImportLedger): { readonly read: number; readonly accounted: number } {
  const droppedCount = ledger.dropped.reduce((sum, line) => sum + line.count, 0);
  const accounted =
    ledger.spans +
    ledger.instants +
    ledger.counterEvents +
    ledger.flowEnds +
    ledger.metadata +
    ledger.foldedIn +
    droppedCount;
  return { read: ledger.eventsRead, accounted };
}

function addLine(
  lines: Map<string, OpenLine>,
  level: "info" | "warning",
  code: string,
  message: string,
  byteOffset: number,
  count: number,
): void {
  if (count === 0) return;
  const line = lines.get(code);
  if (line === undefined) {
    lines.set(code, { level, code, message, count, firstBytes: byteOffset >= 0 ? [byteOffset] : [] });
    return;
  }
  line.count += count;
  if (byteOffset >= 0 && line.firstBytes.length < 3) line.firstBytes.push(byteOffset);
}

const toLines = (lines: ReadonlyMap<string, OpenLine>): LedgerLine[] =>
  [...lines.values()].map((line) => ({ ...line, firstBytes: [...line.firstBytes] }));
