import { formatCount } from "../model/format-units.ts";
import { spanLimitCode } from "../model/ledger.ts";
import type { LedgerBook } from "../model/trace-builder.ts";
import { defaultLimits } from "./importer.ts";

/** Counts an event that would be one span more than a trace holds. The rest of the file is read on, and counted. */
export function dropBeyondLimit(ledger: LedgerBook, limit: number, byteOffset: number): void {
  const reason = limit < defaultLimits.spans ? "that there is memory for" : "that a trace holds";
  ledger.dropped(spanLimitCode, `spans beyond the ${formatCount(limit)} ${reason}`, byteOffset);
}
