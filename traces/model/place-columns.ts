import { toSlot } from "./color-slot.ts";
import type { Allocate } from "./column.ts";
import { FittedColumn } from "./fitted-column.ts";
import { packLinks, type LinkTable } from "./link-table.ts";
import { allocateStaging, releaseStaging } from "./staging-memory.ts";
import { noCategoryByte } from "./trace.ts";
import type { SpanBlock, SpanStore } from "./span-store.ts";

/** Columns of spans that sealing takes over as they were pushed; types as in `SpanTable`. */
export interface PlacedColumns {
  readonly name: Uint16Array | Uint32Array;
  readonly category: Uint8Array | Uint16Array;
  readonly kind: Uint8Array;
  readonly slot: Uint8Array;
  readonly sourceLow: Uint32Array;
  readonly sourceHigh?: Uint8Array;
  readonly flags?: Uint8Array;
  readonly links?: LinkTable;
  /** Null where no importer fixed one. */
  readonly fixedLane: FittedColumn | null;
}

export interface ColumnsInput {
  readonly store: SpanStore;
  /** First span of each track, tracks + 1 values. */
  readonly firsts: Uint32Array;
  /** As of `placeTimes`. */
  readonly rank: Uint32Array | null;
  /** Give back what was read. */
  readonly release: boolean;
  /** Written: SpanIds by push order; null: nobody asks. */
  readonly sealedSpans: Uint32Array | null;
}

/** Writes the columns of all spans in seal order, block by block. `variants`: of all texts. */
export function placeColumns(
  input: ColumnsInput,
  variants: Uint8Array,
  categoryCount: number,
  allocate: Allocate,
): PlacedColumns {
  const { store, firsts, rank, release, sealedSpans } = input;
  const n = store.length;
  // In memory that goes back: most spans of most files have no correlation id.
  const link = store.uses("link") ? new Uint32Array(allocateStaging(n * 4), 0, n) : null;
  const columns: PlacedColumns = {
    name: variants.length <= 2 ** 16 ? new Uint16Array(allocate(n * 2)) : new Uint32Array(allocate(n * 4)),
    category: categoryCount <= noCategoryByte ? new Uint8Array(allocate(n)) : new Uint16Array(allocate(n * 2)),
    kind: new Uint8Array(allocate(n)),
    slot: new Uint8Array(allocate(n)),
    sourceLow: new Uint32Array(allocate(n * 4)),
    ...(store.uses("flags") && { flags: new Uint8Array(allocate(n)) }),
    ...(store.uses("sourceHigh") && { sourceHigh: new Uint8Array(allocate(n)) }),
    fixedLane: store.uses("lane") ? new FittedColumn(n, allocate) : null,
  };
  const next = firsts.slice();
  store.forEachBlock((block, rows, first) => {
    const spans = placesOf(block.track, rows, next, rank);
    sealedSpans?.set(spans, first);
    placeBlock(block, spans, columns, link, variants);
    if (release) block.release();
  });
  if (link === null) return columns;
  const links = packLinks(link, n, allocate);
  releaseStaging(link);
  return { ...columns, links };
}

/** SpanIds of the rows of a block. */
function placesOf(track: Uint32Array, rows: number, next: Uint32Array, rank: Uint32Array | null): Uint32Array {
  const spans = new Uint32Array(rows);
  if (rank === null) for (let i = 0; i < rows; i++) spans[i] = next[track[i]]++;
  else for (let i = 0; i < rows; i++) spans[i] = rank[next[track[i]]++];
  return spans;
}

function placeBlock(
  block: SpanBlock,
  spans: Uint32Array,
  columns: PlacedColumns,
  toLink: Uint32Array | null,
  variants: Uint8Array,
): void {
  const { name, category, kind, sourceLow, link, sourceHigh, flags, lane } = block;
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
  // Its own loop and no `scatter`: nearly every file has links, and one type of array is quicker than any.
  if (link !== null && toLink !== null) for (let i = 0; i < spans.length; i++) toLink[spans[i]] = link[i];
  if (sourceHigh !== null && columns.sourceHigh !== undefined) scatter(sourceHigh, spans, columns.sourceHigh);
  if (flags !== null && columns.flags !== undefined) scatter(flags, spans, columns.flags);
  if (lane !== null && columns.fixedLane !== null) {
    columns.fixedLane.fit(0xffff);
    scatter(lane, spans, columns.fixedLane.values);
  }
}

function scatter(
  values: Uint8Array | Uint16Array | Uint32Array,
  spans: Uint32Array,
  target: Uint8Array | Uint16Array | Uint32Array,
): void {
  for (let i = 0; i < spans.length; i++) target[spans[i]] = values[i];
}
