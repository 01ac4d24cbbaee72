import type { RowPlacer } from "./row-placer.ts";

/** What the event of a row is; `record`: it has no row but a record. As in events.as. */
export const RowType = { record: 0, span: 1, flowStart: 2, flowStep: 3, flowEnd: 4, flowEndEnclosed: 5 } as const;

/** Events of a batch. As in events.as. */
export const batchEvents = 4096;

/**
 * Columns of ordinary spans and arrows, one value for each event of a batch, overwritten by the next. Spans have name,
 * start and end, arrows have name, time and id; times have no digits below 1 ns.
 */
export interface EventRows {
  /** `RowType`. */
  readonly type: Uint8Array;
  /** Start: whole µs. */
  readonly micros: Float64Array;
  /** Start: ns, -999 … 999. */
  readonly nanos: Int32Array;
  /** Spans: whole µs of the duration. Arrows: the id. */
  readonly value: Float64Array;
  /** Spans: ns of the duration. */
  readonly valueNanos: Int32Array;
  /** Position of the event in the buffer; `offset` is that of the buffer in the file. */
  readonly start: Uint32Array;
  readonly offset: number;
  /** Spans: correlation id, 0 for none. */
  readonly link: Uint32Array;
  /** Number of (pid, tid), see `pidOf`. */
  readonly thread: Uint32Array;
  /** Number of (name, category), see `RowPlacer`. */
  readonly pair: Uint32Array;
  /** Gives the rows their meaning. Another one when memory was added: it is to be asked for anew, and is valid until more is read. */
  readonly placer: RowPlacer;
  pidOf(thread: number): number;
  tidOf(thread: number): number;
  /** Defines the entries of names and categories of pairs that are met one after another, in turn. */
  defineNames(entries: Int32Array): void;
  /** Number of a name or category by its entry, which is defined; -1 for none. */
  nameOf(entry: number): number;
}
