import { formatCount } from "./format-units.ts";
import { spanLimitCode } from "./ledger.ts";
import type { LedgerBook } from "./trace-builder.ts";

/** Spans of a trace. */
export const mostSpans = 60_000_000;

/** Tracks of a trace: each takes as much memory as some forty spans. */
export const mostTracks = 1_000_000;

/** Counts an event that would be one span more than a trace holds. The rest of the file is read on, and counted. */
export function dropBeyondLimit(ledger: LedgerBook, limit: number, byteOffset: number): void {
  ledger.dropped(spanLimitCode, sentence(limit), byteOffset);
}

/** As `dropBeyondLimit`, of a span that was made from events which are counted already. */
export function noteBeyondLimit(ledger: LedgerBook, limit: number, byteOffset: number): void {
  ledger.note(spanLimitCode, sentence(limit), byteOffset);
}

const sentence = (limit: number): string =>
  `spans beyond the ${formatCount(limit)} ${limit < mostSpans ? "that there is memory for" : "that a trace holds"}`;
