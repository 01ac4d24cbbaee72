/** Spans of one track in seal order; `lane` is what the importer fixed (0 where it did not). */
export interface NestInput {
  readonly length: number;
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
  readonly openEnded: Uint8Array;
  /** Null when no span of the track has a fixed lane. */
  readonly fixedLane: Uint16Array | null;
}

/** Written by `nest`, by position in the track. */
export interface NestOutput {
  /** Position of the parent, -1 for none. */
  readonly parent: Int32Array;
  readonly depth: Uint32Array;
  readonly lane: Uint32Array;
  readonly selfNs: Float64Array;
}

export interface NestCounts {
  /** Closed spans that end behind the end of the span they start in, in a single-stack pass. */
  readonly overlaps: number;
  /** Position of the first of them, -1 for none. */
  readonly firstOverlap: number;
  /** Spans that were given a lane because they overlap. */
  readonly spilled: number;
  readonly laneCount: number;
}

const noOverlap: NestCounts = { overlaps: 0, firstOverlap: -1, spilled: 0, laneCount: 1 };

/**
 * Finds parents, depths and self times.
 *
 *   lane 0   a──────────────   d────      One stack: what has ended (end ≤ start) leaves it,
 *             b────  c───                 what is then on top is the parent.
 *   lane 1                e───────        e starts in d and ends after it: it keeps its times and gets a lane.
 */
export function nest(input: NestInput, output: NestOutput): NestCounts {
  if (input.fixedLane === null && nestOnOneLane(input, output)) return noOverlap;
  const spill = nestOnLanes(input, output);
  const overlaps = input.fixedLane === null ? countOverlaps(input) : { overlaps: 0, firstOverlap: -1 };
  return { ...overlaps, ...spill };
}

/** False at the first span that ends after its parent; the output is then incomplete. */
function nestOnOneLane(
  { length, startNs, durationNs }: NestInput,
  { parent, depth, lane, selfNs }: NestOutput,
): boolean {
  let open = -1;
  for (let i = 0; i < length; i++) {
    const start = startNs[i];
    const duration = durationNs[i];
    while (open >= 0 && startNs[open] + durationNs[open] <= start) open = parent[open];
    parent[i] = open;
    lane[i] = 0;
    selfNs[i] = duration;
    if (open >= 0) {
      if (start + duration > startNs[open] + durationNs[open]) return false;
      depth[i] = depth[open] + 1;
      selfNs[open] -= duration;
    } else {
      depth[i] = 0;
    }
    open = i;
  }
  return true;
}

function countOverlaps({ length, startNs, durationNs, openEnded }: NestInput): {
  overlaps: number;
  firstOverlap: number;
} {
  const stackEnds: number[] = [];
  let overlaps = 0;
  let firstOverlap = -1;
  for (let i = 0; i < length; i++) {
    if (openEnded[i]) continue;
    const start = startNs[i];
    const end = start + durationNs[i];
    while (stackEnds.length > 0 && stackEnds[stackEnds.length - 1] <= start) stackEnds.pop();
    if (stackEnds.length > 0 && end > stackEnds[stackEnds.length - 1]) {
      overlaps++;
      if (firstOverlap < 0) firstOverlap = i;
    }
    stackEnds.push(end);
  }
  return { overlaps, firstOverlap };
}

/** Lanes on which a span may nest when its own is taken; further lanes only take spans while they are free. */
const nestingSpillLanes = 8;

function nestOnLanes(input: NestInput, output: NestOutput): { spilled: number; laneCount: number } {
  const { length, startNs, durationNs, fixedLane } = input;
  const { parent, depth, lane, selfNs } = output;
  const firstSpillLane = fixedLane === null ? 1 : maxOf(fixedLane, length) + 1;
  /** Innermost open span of each lane, -1 when free. */
  const open: number[] = [];
  const endOfSpan = (span: number): number => startNs[span] + durationNs[span];
  const overflow = createFreeLanes(firstSpillLane + nestingSpillLanes);
  let spilled = 0;
  let laneCount = 1;

  const close = (l: number, start: number): number => {
    let span = open[l] ?? -1;
    while (span >= 0 && endOfSpan(span) <= start) span = parent[span];
    open[l] = span;
    return span;
  };
  const fits = (span: number, end: number): boolean => span < 0 || end <= endOfSpan(span);

  for (let i = 0; i < length; i++) {
    const start = startNs[i];
    const end = start + durationNs[i];
    let l = fixedLane === null ? 0 : fixedLane[i];
    let top = close(l, start);
    if (!fits(top, end)) {
      spilled++;
      l = firstSpillLane;
      while (l < firstSpillLane + nestingSpillLanes && !fits((top = close(l, start)), end)) l++;
      if (l === firstSpillLane + nestingSpillLanes) {
        l = overflow.take(start, end);
        top = close(l, start);
      }
    }
    lane[i] = l;
    parent[i] = top;
    depth[i] = top < 0 ? 0 : depth[top] + 1;
    selfNs[i] = durationNs[i];
    if (top >= 0) selfNs[top] -= durationNs[i];
    open[l] = i;
    if (l >= laneCount) laneCount = l + 1;
  }
  return { spilled, laneCount };
}

/** Hands out the lowest lane ≥ `first` that is free at `start`, in O(log lanes). */
function createFreeLanes(first: number): { take(start: number, end: number): number } {
  const busy = createHeap(); // key: end, value: lane
  const free = createHeap(); // key: lane
  let next = first;
  return {
    take(start, end) {
      while (busy.size() > 0 && busy.minKey() <= start) {
        const l = busy.pop();
        free.push(l, l);
      }
      const l = free.size() > 0 ? free.pop() : next++;
      busy.push(end, l);
      return l;
    },
  };
}

interface Heap {
  size(): number;
  minKey(): number;
  push(key: number, value: number): void;
  /** Removes the entry of the smallest key and returns its value. */
  pop(): number;
}

function createHeap(): Heap {
  const keys: number[] = [];
  const values: number[] = [];
  const swap = (a: number, b: number): void => {
    [keys[a], keys[b]] = [keys[b], keys[a]];
    [values[a], values[b]] = [values[b], values[a]];
  };
  return {
    size: () => keys.length,
    minKey: () => keys[0],
    push(key, value) {
      let i = keys.push(key) - 1;
      values.push(value);
      while (i > 0 && keys[(i - 1) >> 1] > keys[i]) {
        swap(i, (i - 1) >> 1);
        i = (i - 1) >> 1;
      }
    },
    pop() {
      const value = values[0];
      swap(0, keys.length - 1);
      keys.pop();
      values.pop();
      for (let i = 0; ;) {
        const left = 2 * i + 1;
        if (left >= keys.length) break;
        const child = left + 1 < keys.length && keys[left + 1] < keys[left] ? left + 1 : left;
        if (keys[i] <= keys[child]) break;
        swap(i, child);
        i = child;
      }
      return value;
    },
  };
}

function maxOf(column: Uint16Array, length: number): number {
  let max = 0;
  for (let i = 0; i < length; i++) if (column[i] > max) max = column[i];
  return max;
}
