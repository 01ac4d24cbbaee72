import type { Strip, TrackSummary } from "../../electron/contract/engine-contract.ts";
import type { TrackLayout } from "../state/trace-tab.ts";
import { isGroup, orderTracks, type TrackNode, walkNodes } from "./track-order.ts";

/**
 * One track on the screen, from top to bottom: header (processes and devices), instants, rows, counter.
 * Heights and positions in CSS px; y from the top of all content.
 */
export interface Block {
  readonly track: TrackSummary;
  readonly level: number;
  readonly yPx: number;
  readonly heightPx: number;
  readonly pinned: boolean;
  readonly collapsible: boolean;
  readonly collapsed: boolean;
  readonly headerPx: number;
  readonly instantsPx: number;
  readonly rowCount: number;
  readonly rowPx: number;
  readonly counterPx: number;
  /** Rows that the header of a collapsed group shows merged; null elsewhere. */
  readonly mergedRows: readonly number[] | null;
  /** All rows that a collapsed track stands for. */
  readonly hiddenRows: readonly number[];
}

/** A line of the canvas: one strip of the picture and where it is drawn. */
export interface Line {
  /** Equal for equal strips, whatever else is in the layout. */
  readonly key: string;
  readonly strip: Strip;
  readonly block: Block;
  readonly yPx: number;
  readonly heightPx: number;
}

export interface StripLayout {
  /** Pinned blocks first, then the tree. */
  readonly blocks: readonly Block[];
  readonly pinnedCount: number;
  readonly pinnedPx: number;
  readonly totalPx: number;
  readonly rowPx: number;
  readonly blockOfTrack: ReadonlyMap<number, number>;
  readonly parentOf: ReadonlyMap<number, number | null>;
}

export const rowHeightsPx: Readonly<Record<TrackLayout["rowHeight"], number>> = { compact: 12, normal: 18, roomy: 24 };
export const counterHeightPx = 36;
const trackGapPx = 4;
/** A track of one compact row still holds its name. */
const smallestTrackPx = 16;

/** Places every visible track. Cost grows with the tracks, so call it when tracks or layout change, not per frame. */
export function layoutStrips(tracks: readonly TrackSummary[], layout: TrackLayout): StripLayout {
  const roots = orderTracks(tracks, layout);
  const pinned = findNodes(roots, layout.pinned);
  const isPinned = new Set(pinned.map((node) => node.track.id));

  const blocks: Block[] = [];
  let yPx = 0;
  const add = (top: TrackNode, asPinned: boolean): void => {
    const waiting = [top];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const collapsed = layout.collapsed.has(node.track.id) && isCollapsible(node);
      const block = toBlock(node, node.level - top.level, yPx, rowHeightsPx[layout.rowHeight], collapsed, asPinned);
      blocks.push(block);
      yPx += block.heightPx;
      if (collapsed) continue;
      for (const child of node.children.toReversed())
        if (asPinned || !isPinned.has(child.track.id)) waiting.push(child);
    }
  };
  for (const node of pinned) add(node, true);
  const pinnedCount = blocks.length;
  const pinnedPx = yPx;
  for (const node of roots) if (!isPinned.has(node.track.id)) add(node, false);

  const blockOfTrack = new Map<number, number>();
  blocks.forEach((block, index) => {
    if (!blockOfTrack.has(block.track.id)) blockOfTrack.set(block.track.id, index);
  });
  const parentOf = new Map(tracks.map((track) => [track.id, track.parent]));
  return { blocks, pinnedCount, pinnedPx, totalPx: yPx, rowPx: rowHeightsPx[layout.rowHeight], blockOfTrack, parentOf };
}

/** The nodes of these tracks, in their order. */
function findNodes(roots: readonly TrackNode[], ids: readonly number[]): readonly TrackNode[] {
  if (ids.length === 0) return [];
  const wanted = new Set(ids);
  const nodes = new Map<number, TrackNode>();
  for (const node of walkNodes(roots)) if (wanted.has(node.track.id)) nodes.set(node.track.id, node);
  return ids.flatMap((id) => nodes.get(id) ?? []);
}

/** Lines that meet [fromPx, toPx) of the content, top to bottom. Cost grows with what is returned. */
export function linesBetween(layout: StripLayout, fromPx: number, toPx: number): Line[] {
  const lines: Line[] = [];
  for (let index = blockIndexAt(layout, fromPx); index < layout.blocks.length; index++) {
    const block = layout.blocks[index];
    if (block === undefined || block.yPx >= toPx) break;
    pushLines(block, fromPx, toPx, lines);
  }
  return lines;
}

/** The line under a y of the content; null on headers without a strip and in gaps. */
export function lineAt(layout: StripLayout, yPx: number): Line | null {
  return linesBetween(layout, yPx, yPx + 1e-6)[0] ?? null;
}

/** The block under a y of the content. */
export function blockAt(layout: StripLayout, yPx: number): Block | null {
  const block = layout.blocks[blockIndexAt(layout, yPx)];
  return block !== undefined && yPx >= block.yPx && yPx < block.yPx + block.heightPx ? block : null;
}

/** Where a row is drawn: itself, or the collapsed track that stands for it (`exact` false); null when hidden. */
export function placeOfRow(
  layout: StripLayout,
  track: number,
  row: number,
): { yPx: number; heightPx: number; exact: boolean } | null {
  for (let id: number | null = track; id !== null; id = layout.parentOf.get(id) ?? null) {
    const block = layout.blocks[layout.blockOfTrack.get(id) ?? -1];
    if (block === undefined) continue;
    const index = row - block.track.firstRow;
    const top = block.yPx + block.headerPx + block.instantsPx;
    if (id === track && index < block.rowCount)
      return { yPx: top + index * block.rowPx, heightPx: block.rowPx - 1, exact: true };
    if (block.headerPx > 0) return { yPx: block.yPx, heightPx: block.headerPx - 1, exact: false };
    return { yPx: top, heightPx: block.rowPx - 1, exact: false };
  }
  return null;
}

/** First block whose lower edge lies below `yPx`; the block count when there is none. */
export function blockIndexAt(layout: StripLayout, yPx: number): number {
  let low = 0;
  let high = layout.blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = layout.blocks[middle];
    if (block !== undefined && block.yPx + block.heightPx <= yPx) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First rows of all lanes of a track: what is outermost. */
export function outermostRows(track: TrackSummary): readonly number[] {
  if (track.rowCount === 0) return [];
  return [track.firstRow, ...track.laneRows.map((offset) => track.firstRow + offset)];
}

/** Every row that the lines stand for: a collapsed track stands for all of its rows, a collapsed group for all below. */
export function rowsOf(lines: readonly Line[]): readonly number[] {
  const rows = new Set<number>();
  for (const { strip, block } of lines) {
    if (strip.kind !== "rows") continue;
    if (block.collapsed) for (const row of block.hiddenRows) rows.add(row);
    for (const row of strip.rows) rows.add(row);
  }
  return [...rows];
}

function isCollapsible(node: TrackNode): boolean {
  if (node.isPathToMatch) return false;
  return (
    node.children.length > 0 || node.track.rowCount > 1 || (node.track.rowCount > 0 && node.track.instantCount > 0)
  );
}

// oxlint-disable-next-line max-params -- called for every track
function toBlock(
  node: TrackNode,
  level: number,
  yPx: number,
  rowPx: number,
  collapsed: boolean,
  pinned: boolean,
): Block {
  const { track } = node;
  const group = isGroup(track);
  const headerPx = group ? Math.max(20, rowPx + 4) : 0;
  const parts = group && collapsed ? nothingOwn : ownParts(track, rowPx, collapsed);
  return {
    track,
    level,
    yPx,
    heightPx: headerPx + bodyPx(parts, rowPx, group),
    pinned,
    collapsible: isCollapsible(node),
    collapsed,
    headerPx,
    rowPx,
    ...parts,
    mergedRows: group && collapsed ? rowsBelow(node, outermostRows) : null,
    hiddenRows: collapsed ? rowsBelow(node, allRows) : noRows,
  };
}

const noRows: readonly number[] = [];

type OwnParts = Pick<Block, "instantsPx" | "rowCount" | "counterPx">;
const nothingOwn: OwnParts = { instantsPx: 0, rowCount: 0, counterPx: 0 };

function ownParts(track: TrackSummary, rowPx: number, collapsed: boolean): OwnParts {
  return {
    instantsPx: track.instantCount > 0 && !collapsed ? Math.max(12, rowPx - 2) : 0,
    rowCount: collapsed ? Math.min(1, track.rowCount) : track.rowCount,
    counterPx: track.sampleCount > 0 ? counterHeightPx : 0,
  };
}

/** Height below the header. Without a header it is never lower than a name: also for a folded track without rows. */
function bodyPx({ instantsPx, rowCount, counterPx }: OwnParts, rowPx: number, group: boolean): number {
  const own = instantsPx + rowCount * rowPx + counterPx;
  if (group) return own > 0 ? own + trackGapPx : 0;
  return Math.max(own, smallestTrackPx) + trackGapPx;
}

function rowsBelow(node: TrackNode, rowsOfTrack: (track: TrackSummary) => readonly number[]): readonly number[] {
  const rows: number[] = [];
  for (const { track } of walkNodes([node])) for (const row of rowsOfTrack(track)) rows.push(row);
  return rows;
}

const allRows = (track: TrackSummary): readonly number[] =>
  Array.from({ length: track.rowCount }, (_, index) => track.firstRow + index);

function pushLines(block: Block, fromPx: number, toPx: number, lines: Line[]): void {
  const meets = (yPx: number, heightPx: number): boolean => heightPx > 0 && yPx < toPx && yPx + heightPx > fromPx;
  const { id } = block.track;
  if (block.mergedRows !== null && block.mergedRows.length > 0 && meets(block.yPx, block.headerPx)) {
    lines.push({
      key: `m${id}`,
      strip: { kind: "rows", rows: block.mergedRows },
      block,
      yPx: block.yPx,
      heightPx: block.headerPx,
    });
  }
  const instantsY = block.yPx + block.headerPx;
  if (meets(instantsY, block.instantsPx)) {
    lines.push({
      key: `i${id}`,
      strip: { kind: "instants", track: id },
      block,
      yPx: instantsY,
      heightPx: block.instantsPx,
    });
  }
  const rowsY = instantsY + block.instantsPx;
  const first = Math.max(0, Math.floor((fromPx - rowsY) / block.rowPx));
  const last = Math.min(block.rowCount - 1, Math.ceil((toPx - rowsY) / block.rowPx) - 1);
  for (let index = first; index <= last; index++) {
    const row = block.track.firstRow + index;
    lines.push({
      key: `r${row}`,
      strip: { kind: "rows", rows: [row] },
      block,
      yPx: rowsY + index * block.rowPx,
      heightPx: block.rowPx,
    });
  }
  const counterY = rowsY + block.rowCount * block.rowPx;
  if (meets(counterY, block.counterPx)) {
    lines.push({
      key: `c${id}`,
      strip: { kind: "counter", track: id },
      block,
      yPx: counterY,
      heightPx: block.counterPx,
    });
  }
}
