import type { Allocate, Column } from "./column.ts";
import type { SpanTable } from "./trace.ts";

type RowSpans = Pick<SpanTable, "length" | "depth" | "lane">;

export interface Rows {
  readonly length: number;
  readonly track: Column;
  readonly lane: Column;
  readonly depth: Column;
  readonly first: Column;
  readonly span: Column;
  readonly firstOfTrack: Column;
}

/**
 * Groups the spans of every track by (lane, depth): the strips in which they are drawn.
 * `firsts`: first span of each track, tracks + 1 values.
 */
export function buildRows(spans: RowSpans, firsts: Uint32Array, allocate: Allocate): Rows {
  const trackCount = firsts.length - 1;
  const firstOfTrack = new Uint32Array(allocate(4 * (trackCount + 1)));
  const list = new RowList();
  for (let t = 0; t < trackCount; t++) {
    firstOfTrack[t] = list.length;
    if (spans.lane === undefined) list.addTrack(spans, firsts[t], firsts[t + 1]);
    else list.addTrackWithLanes(spans, spans.lane, firsts[t], firsts[t + 1]);
  }
  const { length } = list;
  firstOfTrack[trackCount] = length;
  const track = new Uint32Array(allocate(length * 4));
  for (let t = 0; t < trackCount; t++) track.fill(t, firstOfTrack[t], firstOfTrack[t + 1]);
  const first = new Uint32Array(allocate((length + 1) * 4));
  for (let row = 0; row < length; row++) first[row + 1] = first[row] + list.count[row];
  const next = first.slice();
  const span = new Uint32Array(allocate(spans.length * 4));
  for (let t = 0; t < trackCount; t++) {
    const { lane, depth } = spans;
    if (lane === undefined) {
      const row = firstOfTrack[t];
      for (let at = firsts[t]; at < firsts[t + 1]; at++) span[next[row + depth[at]]++] = at;
    } else {
      const rowOf = list.firstOfLane(firstOfTrack[t], firstOfTrack[t + 1]);
      for (let at = firsts[t]; at < firsts[t + 1]; at++) span[next[rowOf[lane[at]] + depth[at]]++] = at;
    }
  }
  const toColumn = (values: Uint32Array): Uint32Array => {
    const column = new Uint32Array(allocate(length * 4));
    column.set(values.subarray(0, length));
    return column;
  };
  return { length, track, lane: toColumn(list.lane), depth: toColumn(list.depth), first, span, firstOfTrack };
}

/** Rows found so far: columns that grow, since there may be a row for every span. */
class RowList {
  length = 0;
  lane = new Uint32Array(64);
  depth = new Uint32Array(64);
  /** Spans of the row. */
  count = new Uint32Array(64);
  /** One number a lane of the track at hand. */
  #ofLane = new Uint32Array(64);

  /** Adds the rows of spans [begin, end), all on one lane. */
  addTrack({ depth }: RowSpans, begin: number, end: number): void {
    const base = this.length;
    for (let span = begin; span < end; span++) {
      const row = base + depth[span];
      while (row >= this.length) this.#add(0, this.length - base);
      this.count[row]++;
    }
  }

  addTrackWithLanes({ depth }: RowSpans, lane: Column, begin: number, end: number): void {
    const base = this.length;
    let lanes = 0;
    for (let span = begin; span < end; span++) if (lane[span] >= lanes) lanes = lane[span] + 1;
    if (lanes > this.#ofLane.length) this.#ofLane = new Uint32Array(2 * lanes);
    const levels = this.#ofLane.fill(0, 0, lanes);
    for (let span = begin; span < end; span++)
      if (depth[span] >= levels[lane[span]]) levels[lane[span]] = depth[span] + 1;
    for (let l = 0; l < lanes; l++) for (let d = 0; d < levels[l]; d++) this.#add(l, d);
    const rowOf = this.firstOfLane(base, this.length);
    for (let span = begin; span < end; span++) this.count[rowOf[lane[span]] + depth[span]]++;
  }

  /** First row of each lane of the track that has rows [begin, end), until the next call. */
  firstOfLane(begin: number, end: number): Uint32Array {
    for (let row = end - 1; row >= begin; row--) this.#ofLane[this.lane[row]] = row;
    return this.#ofLane;
  }

  #add(lane: number, depth: number): void {
    if (this.length === this.lane.length) {
      this.lane = enlarge(this.lane);
      this.depth = enlarge(this.depth);
      this.count = enlarge(this.count);
    }
    this.lane[this.length] = lane;
    this.depth[this.length++] = depth;
  }
}

function enlarge(column: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * column.length);
  larger.set(column);
  return larger;
}
