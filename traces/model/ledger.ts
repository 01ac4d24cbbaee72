import { formatCount } from "./format-units.ts";

/**
 * What an import did with every event of the file. Rule, checked in tests:
 * eventsRead = spans + instants + counterEvents + flowEnds + metadata + foldedIn + Σ dropped.
 */
export interface ImportLedger {
  /** How the import ended: nothing to say, something to say, or a part of the file is missing. */
  readonly outcome: "ok" | "notes" | "partial";
  /** Events (JSON objects, records) met in the file. */
  readonly eventsRead: number;
  /** Spans of the trace that came from one event, or from one pair of begin and end. */
  readonly spans: number;
  /** Further spans made from samples or other folded-in events; outside the rule above. */
  readonly derivedSpans: number;
  readonly instants: number;
  /** Events that carried counter samples (one event may hold several). */
  readonly counterEvents: number;
  readonly counterSamples: number;
  readonly flowEnds: number;
  readonly metadata: number;
  /** Events that became part of another one: E, async ends and steps, object snapshots, profile chunks. */
  readonly foldedIn: number;
  /** Reason → count, each with the first byte offsets. */
  readonly dropped: readonly LedgerLine[];
  /** Changes and oddities that cost no event: clamped, given a lane, rounded, repaired … */
  readonly notes: readonly LedgerLine[];
  /** Byte at which the file breaks off; absent when it is complete. */
  readonly truncatedAtByte?: number;
}

/** Of the events (dropped) and samples (a note) whose spans a trace had no room for: a part of the file is missing then. */
export const spanLimitCode = "spanLimit";

/** Of events that lie too far from the others to be told beside them: their file has two clocks. */
export const otherClockCode = "otherClock";

/** Of the note on a packed file whose content is not what was packed: it may be wrong anywhere. */
export const checksumCode = "gzipChecksum";

export interface LedgerLine {
  /** `info`: normal in real files; `warning`: the reader should know. */
  readonly level: "info" | "warning";
  /** Stable word for programs: "overlaps", "openEnded", "badTime". */
  readonly code: string;
  /** One sentence for people. */
  readonly message: string;
  readonly count: number;
  /** Byte offsets of the first three. */
  readonly firstBytes: readonly number[];
}

/** The places of a line that are worth telling beside where the file breaks off, which `breakingPoint` tells. */
export function placesOf({ firstBytes }: LedgerLine, { truncatedAtByte }: ImportLedger): readonly number[] {
  return firstBytes.filter((byte) => byte !== truncatedAtByte);
}

/** Where a file of `fileBytes` breaks off, for people: of a packed one the place is one in its unpacked text. */
export function breakingPoint(ledger: ImportLedger, fileBytes: number): string | null {
  const { truncatedAtByte, notes } = ledger;
  if (truncatedAtByte === undefined) return null;
  const isUnpacked = truncatedAtByte > fileBytes || notes.some(({ code }) => code === "gzipTruncated");
  return `byte ${formatCount(truncatedAtByte)}${isUnpacked ? " of the unpacked text" : ""}`;
}
