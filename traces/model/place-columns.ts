import { toSlot } from "./color-slot.ts";
import type { Allocate } from "./column.ts";
import { FittedColumn } from "./fitted-column.ts";
import { packLinks, type LinkTable } from "./link-table.ts";
import type { PushedColumns, SpanStore } from "./span-store.ts";
import { allocateStaging, releaseMoved, releaseStaging } from "./staging-memory.ts";
import { noCategoryByte } from "./trace.ts";

/** Columns of spans that sealing takes over as they were pushed; types as in `SpanTable`. */
export interface PlacedColumns {
  readonly name: Uint16Array | Uint32Array;
  readonly category: Uint8Array | Uint16Array;
  readonly kind: Uint8Array;
  readonly slot: Uint8Array;
  readonly sourceLow: Uint32Array;
  readonly sourceHigh?: Uint8Array;
  readonly links?: LinkTable;
}

/** Plain data: another thread may do it. */
export interface ColumnsInput {
  readonly blocks: readonly PushedColumns[];
  /** First span of each track, tracks + 1 values. */
  readonly firsts: Uint32Array;
  /** As of `placeTimes`. */
  readonly rank: Uint32Array | null;
  /** Give back what was read. */
  readonly release: boolean;
  /** Of all texts. */
  readonly variants: Uint8Array;
  readonly categoryCount: number;
}

/** What nesting and arrows read beside the times. */
export interface PlacedMarks {
  /** Null when there are none. */
  readonly flags: Uint8Array | null;
  /** Null where no importer fixed one. */
  readonly fixedLane: FittedColumn | null;
}

/** Writes flags, lanes and `sealedSpans` (SpanIds by push order; null: nobody asks) in seal order; few files have any. */
export function placeMarks(
  store: SpanStore,
  { firsts, rank, release }: Pick<ColumnsInput, "firsts" | "rank" | "release">,
  sealedSpans: Uint32Array | null,
  allocate: Allocate,
): PlacedMarks {
  const flags = store.uses("flags") ? new Uint8Array(allocate(store.length)) : null;
  const fixedLane = store.uses("lane") ? new FittedColumn(store.length, allocate) : null;
  if (flags === null && fixedLane === null && sealedSpans === null) return { flags, fixedLane };
  fixedLane?.fit(0xffff);
  const next = firsts.slice();
  store.forEachBlock((block, rows, first) => {
    const spans = placesOf(block.track, rows, next, rank, new Uint32Array(rows));
    sealedSpans?.set(spans, first);
    if (flags !== null && block.flags !== null) scatter(block.flags, spans, flags);
    if (fixedLane !== null && block.lane !== null) scatter(block.lane, spans, fixedLane.values);
    if (release) block.releaseMarks();
  });
  return { flags, fixedLane };
}

/** Writes the columns of all spans in seal order, block by block. */
export function placeColumns(input: ColumnsInput, allocate: Allocate): PlacedColumns {
  const { blocks, firsts, rank, release, variants, categoryCount } = input;
  const n = firsts[firsts.length - 1];
  const next = firsts.slice();
  // Tracks are not needed any more where blocks are given back: places take their memory.
  const places = blocks.map(({ track, rows }) =>
    placesOf(track, rows, next, rank, release ? track : new Uint32Array(rows)),
  );
  if (release && rank !== null) releaseMoved([rank]);
  // First, so that the column of all ids is gone before the other columns are there.
  const links = placeLinks(input, places, n, allocate);
  const hasHigh = blocks.some((block) => block.sourceHigh !== null);
  const columns: PlacedColumns = {
    name: variants.length <= 2 ** 16 ? new Uint16Array(allocate(n * 2)) : new Uint32Array(allocate(n * 4)),
    category: categoryCount <= noCategoryByte ? new Uint8Array(allocate(n)) : new Uint16Array(allocate(n * 2)),
    kind: new Uint8Array(allocate(n)),
    slot: new Uint8Array(allocate(n)),
    sourceLow: new Uint32Array(allocate(n * 4)),
    ...(hasHigh && { sourceHigh: new Uint8Array(allocate(n)) }),
    ...(links !== null && { links }),
  };
  for (const [b, block] of blocks.entries()) {
    placeBlock(block, places[b], columns, variants);
    if (!release) continue;
    for (const column of Object.values(block))
      if (typeof column === "object" && column !== null) releaseStaging(column);
  }
  return columns;
}

/** Null where no span has a correlation id. */
function placeLinks(
  { blocks, release }: ColumnsInput,
  places: readonly Uint32Array[],
  n: number,
  allocate: Allocate,
): LinkTable | null {
  if (blocks.every((block) => block.link === null)) return null;
  // In memory that goes back: most spans of most files have no correlation id.
  const column = new Uint32Array(allocateStaging(n * 4), 0, n);
  for (const [b, { link, rows }] of blocks.entries()) {
    if (link === null) continue;
    const spans = places[b];
    // No `scatter`: one type of array is quicker than any.
    for (let i = 0; i < rows; i++) column[spans[i]] = link[i];
    if (release) releaseStaging(link);
  }
  const links = packLinks(column, n, allocate);
  releaseStaging(column);
  return links;
}

/** Writes the SpanIds of the rows of a block to `spans`, which may be `track`, and returns them. */
function placesOf(
  track: Uint32Array,
  rows: number,
  next: Uint32Array,
  rank: Uint32Array | null,
  spans: Uint32Array,
): Uint32Array {
  if (rank === null) for (let i = 0; i < rows; i++) spans[i] = next[track[i]]++;
  else for (let i = 0; i < rows; i++) spans[i] = rank[next[track[i]]++];
  return spans.subarray(0, rows);
}

function placeBlock(block: PushedColumns, spans: Uint32Array, columns: PlacedColumns, variants: Uint8Array): void {
  const { name, category, kind, sourceLow, sourceHigh } = block;
  const to = columns;
  const [toName, toCategory, toKind, toSlots, toSource] = [to.name, to.category, to.kind, to.slot, to.sourceLow];
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i];
    toName[span] = name[i];
    toCategory[span] = category[i];
    toKind[span] = kind[i];
    toSlots[span] = toSlot(kind[i], variants[name[i]]);
    toSource[span] = sourceLow[i];
  }
  if (sourceHigh !== null && columns.sourceHigh !== undefined) scatter(sourceHigh, spans, columns.sourceHigh);
}

function scatter(
  values: Uint8Array | Uint16Array | Uint32Array,
  spans: Uint32Array,
  target: Uint8Array | Uint16Array | Uint32Array,
): void {
  for (let i = 0; i < spans.length; i++) target[spans[i]] = values[i];
}
