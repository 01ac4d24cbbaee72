import { toSlot } from "./color-slot.ts";
import type { Allocate } from "./column.ts";
import { FittedColumn } from "./fitted-column.ts";
import { packLinks, type LinkTable } from "./link-table.ts";
import { blockSize, type PushedColumns, type SpanStore } from "./span-store.ts";
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

/** Columns of pushed spans, and where those go. */
export interface PlacedBlock extends Omit<PushedColumns, "track"> {
  /** SpanIds. */
  readonly span: Uint32Array;
}

/** Plain data: another thread may do it. */
export interface ColumnsInput {
  readonly blocks: readonly PlacedBlock[];
  /** Spans of all of them. */
  readonly length: number;
  /** Give back what was read. */
  readonly release: boolean;
  /** Of all texts. */
  readonly variants: Uint8Array;
  readonly categoryCount: number;
}

/**
 * Tells where the spans of all blocks go. `firsts`: first span of each track, tracks + 1 values; `rank`: as of `placeTimes`.
 * Where blocks are given back, SpanIds take the memory of the tracks, which nobody needs any more, and so goes `rank`.
 */
export function placeBlocks(
  store: SpanStore,
  firsts: Uint32Array,
  rank: Uint32Array | null,
  release: boolean,
): readonly PlacedBlock[] {
  const next = firsts.slice();
  const blocks = store.columns().map(({ track, ...columns }): PlacedBlock => {
    const { rows } = columns;
    const span = release ? track.subarray(0, rows) : new Uint32Array(rows);
    if (rank === null) for (let i = 0; i < rows; i++) span[i] = next[track[i]]++;
    else for (let i = 0; i < rows; i++) span[i] = rank[next[track[i]]++];
    return { ...columns, span };
  });
  if (release && rank !== null) releaseMoved([rank]);
  return blocks;
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
  { blocks, release }: Pick<ColumnsInput, "blocks" | "release">,
  sealedSpans: Uint32Array | null,
  allocate: Allocate,
): PlacedMarks {
  const flags = store.uses("flags") ? new Uint8Array(allocate(store.length)) : null;
  const fixedLane = store.uses("lane") ? new FittedColumn(store.length, allocate) : null;
  if (flags === null && fixedLane === null && sealedSpans === null) return { flags, fixedLane };
  fixedLane?.fit(0xffff);
  store.forEachBlock((block, _rows, first) => {
    const { span } = blocks[first / blockSize];
    sealedSpans?.set(span, first);
    if (flags !== null && block.flags !== null) scatter(block.flags, span, flags);
    if (fixedLane !== null && block.lane !== null) scatter(block.lane, span, fixedLane.values);
    if (release) block.releaseMarks();
  });
  return { flags, fixedLane };
}

/** Writes the columns of all spans in seal order, block by block. */
export function placeColumns(input: ColumnsInput, allocate: Allocate): PlacedColumns {
  const { blocks, length: n, release, variants, categoryCount } = input;
  // First, so that the column of all ids is gone before the other columns are there.
  const links = placeLinks(input, allocate);
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
  for (const block of blocks) {
    placeBlock(block, columns, variants);
    if (!release) continue;
    for (const column of Object.values(block))
      if (typeof column === "object" && column !== null) releaseStaging(column);
  }
  return columns;
}

/** Null where no span has a correlation id. */
function placeLinks({ blocks, length: n, release }: ColumnsInput, allocate: Allocate): LinkTable | null {
  if (blocks.every((block) => block.link === null)) return null;
  // In memory that goes back: most spans of most files have no correlation id.
  const column = new Uint32Array(allocateStaging(n * 4), 0, n);
  for (const { link, rows, span } of blocks) {
    if (link === null) continue;
    // No `scatter`: one type of array is quicker than any.
    for (let i = 0; i < rows; i++) column[span[i]] = link[i];
    if (release) releaseStaging(link);
  }
  const links = packLinks(column, n, allocate);
  releaseStaging(column);
  return links;
}

function placeBlock(block: PlacedBlock, columns: PlacedColumns, variants: Uint8Array): void {
  const { span: spans, name, category, kind, sourceLow, sourceHigh } = block;
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
