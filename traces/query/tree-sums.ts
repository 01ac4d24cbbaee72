import { durationOf, longDuration, selfOf } from "../model/trace.ts";
import { enlarge } from "./enlarge.ts";
import type { PairTable } from "./pair-table.ts";
import { createPathWalk, type PathWalk } from "./path-walk.ts";
import { firstStartingAt } from "./rows-of.ts";
import { clippedDuration, isAccepted, isOpenEnded, visitSlices, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";

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
  const walk = createPathWalk(selection, { skipOutside: true, byTrack });
  const columns: Columns = {
    count: new Float64Array(0),
    totalNs: new Float64Array(0),
    selfNs: new Float64Array(0),
    longest: new Int32Array(0),
    longestNs: new Float64Array(0),
  };
  const open = createOpenSums(selection);
  const addSpans = createAdder(selection, walk, columns, open);
  yield* visitSlices(
    selection,
    false,
    (slice, begin, end) => {
      walk.assign(slice, begin, end);
      if (selection.selected[slice] === 1) addSpans(slice, begin, end);
      else open.passSpans(begin, end);
    },
    function* (spans) {
      yield* walk.makeRoom(spans);
      yield* growColumns(columns, walk.paths.room);
      yield* open.makeRoom(spans);
    },
  );
  yield* growColumns(columns, walk.paths.room);
  yield* open.addUp(columns.totalNs);
  yield* addUp(walk.paths, columns, byTrack ? trace.strings.length : Infinity);
  return {
    tree: walk.paths,
    count: columns.count,
    totalNs: columns.totalNs,
    selfNs: columns.selfNs,
    longest: columns.longest,
  };
}

function* growColumns(columns: Columns, length: number): Sliced<void> {
  if (length <= columns.longest.length) return;
  columns.longest = yield* enlarge(columns.longest, new Int32Array(length), -1);
  yield;
  columns.count = yield* enlarge(columns.count, new Float64Array(length));
  yield;
  columns.totalNs = yield* enlarge(columns.totalNs, new Float64Array(length));
  yield;
  columns.selfNs = yield* enlarge(columns.selfNs, new Float64Array(length));
  yield;
  columns.longestNs = yield* enlarge(columns.longestNs, new Float64Array(length), -1);
}

/** Adds positions [begin, end) of a selected slice, whose paths are assigned. */
function createAdder(
  selection: Selection,
  walk: PathWalk,
  columns: Columns,
  open: OpenSums,
): (slice: number, begin: number, end: number) => void {
  const { trace, startNs: from, endNs: to } = selection;
  const { spans, rows } = trace;
  const { startNs, packedDurationNs, packedSelfNs } = spans;
  const acceptsAll = selection.kinds === null && selection.names === null;
  return (slice, begin, end) => {
    const { count, totalNs, selfNs, longest, longestNs } = columns;
    const nodeOf = walk.columnOf(slice);
    const shift = walk.shiftOf(slice);
    const row = selection.row[slice];
    const hasParents = rows.depth[row] > 0;
    for (let position = begin; position < end; position++) {
      const span = rows.span[position];
      if (!acceptsAll && !isAccepted(selection, span)) {
        open.pass(span);
        continue;
      }
      const node = nodeOf[position + shift];
      count[node]++;
      if (isOpenEnded(trace, span)) {
        if (longest[node] < 0) longest[node] = span;
        open.addOpen(span, node);
        continue;
      }
      const packed = packedDurationNs[span];
      const packedSelf = packedSelfNs[span];
      const duration = packed === longDuration ? durationOf(spans, span) : packed;
      const isWhole = startNs[span] >= from && startNs[span] + duration <= to;
      const clipped = isWhole ? duration : clippedDuration(selection, span);
      totalNs[node] += clipped;
      if (!isWhole) selfNs[node] += clippedSelf(selection, row, span, clipped);
      else selfNs[node] += packedSelf === longDuration ? selfOf(spans, span) : packedSelf;
      if (duration > longestNs[node]) {
        longestNs[node] = duration;
        longest[node] = span;
      }
      if (hasParents) open.addClosed(span, clipped);
    }
  };
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
 * Ancestors must be told before what is inside them.
 */
interface OpenSums {
  /** Lets so many further spans be told. */
  makeRoom(spans: number): Sliced<void>;
  addOpen(span: number, node: number): void;
  addClosed(span: number, addNs: number): void;
  /** A span that is not in the scope. */
  pass(span: number): void;
  /** Spans at positions [begin, end) of the rows, none of them in the scope. */
  passSpans(begin: number, end: number): void;
  addUp(totalNs: Float64Array): Sliced<void>;
}

function createOpenSums({ trace }: Selection): OpenSums {
  const { parent } = trace.spans;
  const { span: rowSpan } = trace.rows;
  /** By SpanId: to whom what is inside hands its time, index of an open-ended span + 1; 0 for nobody. */
  let takers = new Uint32Array(0);
  let spans = new Uint32Array(0);
  let nodes = new Uint32Array(0);
  let addedNs = new Float64Array(0);
  let length = 0;

  const give = (span: number, addNs: number): void => {
    const above = parent[span];
    const taker = above < 0 ? 0 : takers[above];
    if (taker > 0) addedNs[taker - 1] += addNs;
  };
  const pass = (span: number): void => {
    if (length > 0 && parent[span] >= 0) takers[span] = takers[parent[span]];
  };
  return {
    *makeRoom(count) {
      if (trace.spans.flags === undefined || length + count <= spans.length) return;
      const room = Math.max(length + count, 2 * spans.length);
      spans = yield* enlarge(spans, new Uint32Array(room));
      yield;
      nodes = yield* enlarge(nodes, new Uint32Array(room));
      yield;
      addedNs = yield* enlarge(addedNs, new Float64Array(room));
    },
    addOpen(span, node) {
      if (length === 0) takers = new Uint32Array(trace.spans.length);
      spans[length] = span;
      nodes[length] = node;
      takers[span] = ++length;
    },
    addClosed(span, addNs) {
      if (length > 0) give(span, addNs);
    },
    pass,
    passSpans(begin, end) {
      if (length === 0) return;
      for (let position = begin; position < end; position++) pass(rowSpan[position]);
    },
    *addUp(totalNs) {
      // Row by row, so ancestors come first.
      for (let index = length - 1; index >= 0; index--) {
        if (index % spansPerSlice === 0) yield;
        if (addedNs[index] === 0) continue;
        totalNs[nodes[index]] += addedNs[index];
        give(spans[index], addedNs[index]);
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
