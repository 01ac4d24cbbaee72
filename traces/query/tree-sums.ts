import { durationOf, longDuration, selfOf, type SpanTable } from "../model/trace.ts";
import { enlarge } from "./enlarge.ts";
import type { PairTable } from "./pair-table.ts";
import { createPathWalk, type PathWalk } from "./path-walk.ts";
import { firstStartingAt } from "./rows-of.ts";
import { clippedDuration, isAccepted, isOpenEnded, type Selection } from "./scope.ts";
import { visitSliceRuns } from "./slice-runs.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";

/** Sums by node of the top-down tree. Nodes: (parent, StringId), or below the root (0, strings.length + track). */
export interface TreeSums {
  readonly tree: PairTable;
  countOf(node: number): number;
  totalNsOf(node: number): number;
  selfNsOf(node: number): number;
  /** SpanId, -1 for nodes without a span of their own: the root and tracks. */
  longestOf(node: number): number;
}

/**
 * Two records a node, of words and of times: what a span adds to lies apart from what the last one added to, so that a
 * column for each sum would be a wait for each.
 */
interface NodeSums {
  words: Uint32Array;
  times: Float64Array;
}

const wordsOfNode = 4;
const ofCount = 0;
/** SpanId + 1 of the longest span, 0 for none. */
const ofLongest = 1;
/** Of that one: packed duration + 1, but `longDuration` remains; 0 for none and where it is open-ended. */
const ofSize = 2;
const timesOfNode = 2;
const ofTotalNs = 0;
const ofSelfNs = 1;

/** Walks a selection with ancestors once. Times are cut to its range; root and tracks hold the sums of their children. */
export function* sumTree(selection: Selection, byTrack: boolean): Sliced<TreeSums> {
  const walk = createPathWalk(selection, { skipOutside: true, byTrack });
  const sums: NodeSums = { words: new Uint32Array(0), times: new Float64Array(0) };
  const open = createOpenSums(selection);
  const addSpans = createAdder(selection, walk, sums, open);
  yield* visitSliceRuns(
    selection,
    (first, last, begin, end) => {
      walk.assign(first, last, begin, end);
      if (selection.selected[last] === 1) addSpans(last, begin, end);
      else open.passSpans(begin, end);
    },
    function* (spans) {
      yield* walk.makeRoom(spans);
      yield* growSums(sums, walk.paths.room);
      yield* open.makeRoom(spans);
    },
  );
  yield* growSums(sums, walk.paths.room);
  yield* open.addUp(sums);
  yield* addUp(walk.paths, sums, byTrack);
  const { words, times } = sums;
  return {
    tree: walk.paths,
    countOf: (node) => words[wordsOfNode * node + ofCount],
    totalNsOf: (node) => times[timesOfNode * node + ofTotalNs],
    selfNsOf: (node) => times[timesOfNode * node + ofSelfNs],
    longestOf: (node) => words[wordsOfNode * node + ofLongest] - 1,
  };
}

function* growSums(sums: NodeSums, nodes: number): Sliced<void> {
  if (timesOfNode * nodes <= sums.times.length) return;
  sums.words = yield* enlarge(sums.words, new Uint32Array(wordsOfNode * nodes));
  yield;
  sums.times = yield* enlarge(sums.times, new Float64Array(timesOfNode * nodes));
}

/** Adds positions [begin, end) of a selected slice and of those before it that were assigned together with it. */
function createAdder(
  selection: Selection,
  walk: PathWalk,
  sums: NodeSums,
  open: OpenSums,
): (slice: number, begin: number, end: number) => void {
  const { trace, startNs: from, endNs: to } = selection;
  const { spans, rows } = trace;
  const { startNs, packedDurationNs, packedSelfNs } = spans;
  const hasRange = from !== -Infinity || to !== Infinity;
  // A column that is not there says so for all spans at once.
  const isAnyOpen = spans.flags !== undefined;
  const acceptsAll = selection.kinds === null && selection.names === null;
  return (slice, begin, end) => {
    const { words, times } = sums;
    const nodeOf = walk.columnOf(slice);
    const shift = walk.shiftOf(slice);
    // Several slices are added only without a range, where no span asks for its row.
    const row = selection.row[slice];
    for (let position = begin; position < end; position++) {
      const span = rows.span[position];
      if (!acceptsAll && !isAccepted(selection, span)) {
        open.pass(span);
        continue;
      }
      const node = nodeOf[position + shift];
      const ofNode = wordsOfNode * node;
      const timesAt = timesOfNode * node;
      words[ofNode + ofCount]++;
      if (isAnyOpen && isOpenEnded(trace, span)) {
        if (words[ofNode + ofLongest] === 0) words[ofNode + ofLongest] = span + 1;
        open.addOpen(span, node);
        continue;
      }
      const packed = packedDurationNs[span];
      const packedSelf = packedSelfNs[span];
      const duration = packed === longDuration ? durationOf(spans, span) : packed;
      const isWhole = !hasRange || (startNs[span] >= from && startNs[span] + duration <= to);
      const clipped = isWhole ? duration : clippedDuration(selection, span);
      times[timesAt + ofTotalNs] += clipped;
      if (!isWhole) times[timesAt + ofSelfNs] += clippedSelf(selection, row, span, clipped);
      else times[timesAt + ofSelfNs] += packedSelf === longDuration ? selfOf(spans, span) : packedSelf;
      noteLongest(spans, words, ofNode, span);
      if (isAnyOpen) open.addClosed(span, clipped);
    }
  };
}

/** Keeps a closed span if it is longer than those of its node before. */
function noteLongest(spans: SpanTable, words: Uint32Array, ofNode: number, span: number): void {
  const packed = spans.packedDurationNs[span];
  const size = packed === longDuration ? longDuration : packed + 1;
  const most = words[ofNode + ofSize];
  if (size < most || (size === most && !isLonger(spans, span, size, words[ofNode + ofLongest] - 1))) return;
  words[ofNode + ofSize] = size;
  words[ofNode + ofLongest] = span + 1;
}

/** Of two spans of the same size, which is all of their duration unless it is long. */
function isLonger(spans: SpanTable, span: number, size: number, other: number): boolean {
  return size === longDuration && durationOf(spans, span) > durationOf(spans, other);
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
  addUp(sums: NodeSums): Sliced<void>;
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
    *addUp({ times }) {
      // Row by row, so ancestors come first.
      for (let index = length - 1; index >= 0; index--) {
        if (index % spansPerSlice === 0) yield;
        if (addedNs[index] === 0) continue;
        times[timesOfNode * nodes[index] + ofTotalNs] += addedNs[index];
        give(spans[index], addedNs[index]);
      }
    },
  };
}

/** Root and tracks get the sums of the level below. */
function* addUp(tree: PairTable, sums: NodeSums, byTrack: boolean): Sliced<void> {
  const root = 0;
  let budget = spansPerSlice;
  for (let node = tree.firstOf(root); node >= 0; node = tree.nextOf(node)) {
    for (let below = byTrack ? tree.firstOf(node) : -1; below >= 0; below = tree.nextOf(below)) {
      addNode(sums, node, below);
      if (--budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
    addNode(sums, root, node);
    if (--budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
}

function addNode({ words, times }: NodeSums, to: number, from: number): void {
  words[wordsOfNode * to + ofCount] += words[wordsOfNode * from + ofCount];
  times[timesOfNode * to + ofTotalNs] += times[timesOfNode * from + ofTotalNs];
}
