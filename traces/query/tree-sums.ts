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
  yield* visitSlices(selection, false, (slice, begin, end) => {
    walk.assign(slice, begin, end);
    if (walk.paths.length > columns.count.length)
      growColumns(columns, Math.max(walk.paths.length, columns.count.length * 2));
    if (selection.selected[slice] === 1) addSpans(selection, walk, columns, { slice, begin, end });
  });
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
    if (hasParents) addToOpenAncestors(selection, walk, columns, { slice: piece.slice, span, node, addNs: clipped });
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

/** What is known of an open-ended span's time is that of its children: hands it up to the first closed ancestor. */
function addToOpenAncestors(
  selection: Selection,
  walk: PathWalk,
  columns: Columns,
  from: { slice: number; span: number; node: number; addNs: number },
): void {
  const { trace } = selection;
  let node = from.node;
  let slice = from.slice;
  for (let ancestor = trace.spans.parent[from.span]; ancestor >= 0; ancestor = trace.spans.parent[ancestor]) {
    slice--;
    if (selection.selected[slice] === 0 || !isAccepted(selection, ancestor)) continue;
    if (!isOpenEnded(trace, ancestor)) return;
    node = walk.paths.parentOf(node);
    columns.totalNs[node] += from.addNs;
  }
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
