import { durationOf, selfOf } from "../model/trace.ts";
import type { PairTable } from "./pair-table.ts";
import { createPathWalk, type PathWalk } from "./path-walk.ts";
import { firstStartingAt } from "./rows-of.ts";
import { clippedDuration, isAccepted, isOpenEnded, visitSlices, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";

/** Sums by node of the top-down tree. Nodes: (parent, StringId), or below the root (0, strings.length + track). */
export interface TreeSums {
  readonly tree: PairTable;
  readonly count: Float64Array;
  readonly totalNs: Float64Array;
  readonly selfNs: Float64Array;
  /** SpanId, -1 for nodes without a span of their own: the root and tracks. */
  readonly longest: Int32Array;
}

interface Columns {
  count: Float64Array;
  totalNs: Float64Array;
  selfNs: Float64Array;
  longest: Int32Array;
  longestNs: Float64Array;
}

/** Walks a selection with ancestors once. Times are cut to its range; root and tracks hold the sums of their children. */
export function* sumTree(selection: Selection, byTrack: boolean): Sliced<TreeSums> {
  const { trace } = selection;
  const walk = createPathWalk(selection, {
    skipOutside: true,
    ...(byTrack && { keyOfTrack: (track: number) => trace.strings.length + track }),
  });
  const columns: Columns = {
    count: new Float64Array(0),
    totalNs: new Float64Array(0),
    selfNs: new Float64Array(0),
    longest: new Int32Array(0),
    longestNs: new Float64Array(0),
  };
  growColumns(columns, 1);
  const open = createOpenSums(selection);
  yield* visitSlices(selection, false, (slice, begin, end) => {
    walk.assign(slice, begin, end);
    if (walk.paths.length > columns.count.length)
      growColumns(columns, Math.max(walk.paths.length, columns.count.length * 2));
    if (selection.selected[slice] === 1) addSpans(selection, walk, columns, open, { slice, begin, end });
  });
  open.addUp(columns.totalNs);
  yield* addUp(walk.paths, columns, byTrack ? trace.strings.length : Infinity);
  return {
    tree: walk.paths,
    count: columns.count,
    totalNs: columns.totalNs,
    selfNs: columns.selfNs,
    longest: columns.longest,
  };
}

function growColumns(columns: Columns, length: number): void {
  const more = (column: Float64Array): Float64Array => {
    const grown = new Float64Array(length);
    grown.set(column);
    return grown;
  };
  const known = columns.longest.length;
  const longest = new Int32Array(length).fill(-1);
  longest.set(columns.longest);
  columns.count = more(columns.count);
  columns.totalNs = more(columns.totalNs);
  columns.selfNs = more(columns.selfNs);
  columns.longest = longest;
  columns.longestNs = more(columns.longestNs).fill(-1, known);
}

function addSpans(
  selection: Selection,
  walk: PathWalk,
  columns: Columns,
  open: OpenSums,
  piece: { slice: number; begin: number; end: number },
): void {
  const { trace, startNs, endNs } = selection;
  const { spans, rows } = trace;
  const hasParents = rows.depth[selection.row[piece.slice]] > 0;
  for (let position = piece.begin; position < piece.end; position++) {
    const span = rows.span[position];
    if (!isAccepted(selection, span)) continue;
    const node = walk.pathAt(piece.slice, position);
    columns.count[node]++;
    if (isOpenEnded(trace, span)) {
      if (columns.longest[node] < 0) columns.longest[node] = span;
      open.addOpen(span, node, piece.slice);
      continue;
    }
    const duration = durationOf(spans, span);
    const isWhole = spans.startNs[span] >= startNs && spans.startNs[span] + duration <= endNs;
    const clipped = isWhole ? duration : clippedDuration(selection, span);
    columns.totalNs[node] += clipped;
    columns.selfNs[node] += isWhole
      ? selfOf(spans, span)
      : clippedSelf(selection, selection.row[piece.slice], span, clipped);
    if (duration > columns.longestNs[node]) {
      columns.longestNs[node] = duration;
      columns.longest[node] = span;
    }
    if (hasParents) open.addClosed(span, piece.slice, clipped);
  }
}

/** Self time inside the range, for the few spans that cross one of its ends. */
function clippedSelf(selection: Selection, row: number, span: number, clippedNs: number): number {
  const { trace, startNs, endNs } = selection;
  const { spans, rows } = trace;
  const below = row + 1;
  if (below >= rows.length || rows.depth[below] !== rows.depth[row] + 1) return clippedNs;
  const end = spans.startNs[span] + durationOf(spans, span);
  const last = firstStartingAt(trace, below, Math.min(end, endNs));
  let selfNs = clippedNs;
  for (let position = last - 1; position >= rows.first[below]; position--) {
    const child = rows.span[position];
    if (child < span || spans.startNs[child] + durationOf(spans, child) < startNs) break;
    if (spans.parent[child] === span) selfNs -= Math.max(0, clippedDuration(selection, child));
  }
  return selfNs;
}

/**
 * What is known of an open-ended span's time is that of its children. Each closed span hands its time to the nearest
 * open-ended ancestor, unless a closed one lies between; these hand on what they got when all spans have been seen.
 */
interface OpenSums {
  addOpen(span: number, node: number, slice: number): void;
  /** Ancestors must have been added before. */
  addClosed(span: number, slice: number, addNs: number): void;
  addUp(totalNs: Float64Array): void;
}

const noSpan = -1;

function createOpenSums(selection: Selection): OpenSums {
  const { parent } = selection.trace.spans;
  const indexOf = new Map<number, number>();
  const spans: number[] = [];
  const nodes: number[] = [];
  const slices: number[] = [];
  const addedNs: number[] = [];
  /** The open-ended span above spans that are not in the scope, so that no way up is gone twice. */
  const above = new Map<number, number>();

  const nearestOpen = (from: number, fromSlice: number): number => {
    const passed: number[] = [];
    let span = from;
    for (let slice = fromSlice; span >= 0 && !indexOf.has(span); span = parent[span], slice--) {
      const known = above.get(span);
      const isClosed = selection.selected[slice] === 1 && isAccepted(selection, span);
      if (known !== undefined || isClosed) {
        span = known ?? noSpan;
        break;
      }
      passed.push(span);
    }
    for (const each of passed) above.set(each, span);
    return span;
  };
  const give = (span: number, slice: number, addNs: number): void => {
    const index = indexOf.get(nearestOpen(parent[span], slice - 1));
    if (index !== undefined) addedNs[index] += addNs;
  };
  return {
    addOpen(span, node, slice) {
      indexOf.set(span, spans.length);
      spans.push(span);
      nodes.push(node);
      slices.push(slice);
      addedNs.push(0);
    },
    addClosed(span, slice, addNs) {
      if (spans.length > 0) give(span, slice, addNs);
    },
    addUp(totalNs) {
      // Row by row, so ancestors come first.
      for (let index = spans.length - 1; index >= 0; index--) {
        if (addedNs[index] === 0) continue;
        totalNs[nodes[index]] += addedNs[index];
        give(spans[index], slices[index], addedNs[index]);
      }
    },
  };
}

/** Root and tracks get the sums of the level below; children come after parents. */
function* addUp(tree: PairTable, columns: Columns, firstTrackKey: number): Sliced<void> {
  for (let node = tree.length - 1; node > 0; node--) {
    if (node % spansPerSlice === 0) yield;
    const parent = tree.parentOf(node);
    if (parent !== 0 && !(tree.parentOf(parent) === 0 && tree.keyOf(parent) >= firstTrackKey)) continue;
    columns.totalNs[parent] += columns.totalNs[node];
    columns.count[parent] += columns.count[node];
  }
}
