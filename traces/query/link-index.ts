import type { Column } from "../model/column.ts";
import type { Trace } from "../model/trace.ts";

/** Flows by either end. */
export interface FlowIndex {
  /** Indices of the flows that leave a span, in file order. */
  leaving(span: number): number[];
  arriving(span: number): number[];
}

export function createFlowIndex({ flows }: Trace): FlowIndex {
  return { leaving: indexBy(flows.from, flows.length), arriving: indexBy(flows.to, flows.length) };
}

/** Sorting span · count + flow as one double is exact (60 M spans × 10 M flows < 2^53) and needs no comparator. */
function indexBy(ends: Column, count: number): (span: number) => number[] {
  const keys = new Float64Array(count);
  for (let flow = 0; flow < count; flow++) keys[flow] = ends[flow] * count + flow;
  keys.sort();
  return (span) => {
    const found: number[] = [];
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle] < span * count) low = middle + 1;
      else high = middle;
    }
    for (; low < count && keys[low] < (span + 1) * count; low++) found.push(keys[low] - span * count);
    return found;
  };
}

/** Spans by correlation id. */
export interface LinkIndex {
  /** Spans with the id, ascending; none for 0. */
  ofLink(link: number): number[];
}

/** Chains through typed arrays: 8 B for a linked span, 4–8 B for its bucket. */
export function createLinkIndex({ spans }: Trace): LinkIndex {
  const { link } = spans;
  if (link === undefined) return { ofLink: () => [] };
  let count = 0;
  for (let span = 0; span < spans.length; span++) if (link[span] !== 0) count++;
  const bits = Math.max(4, Math.ceil(Math.log2(count + 1)));
  const heads = new Int32Array(2 ** bits).fill(-1);
  const linked = new Uint32Array(count);
  const next = new Int32Array(count);
  const bucketOf = (value: number): number => Math.imul(value, 0x9e3779b1) >>> (32 - bits);
  let entry = 0;
  for (let span = 0; span < spans.length; span++) {
    if (link[span] === 0) continue;
    const bucket = bucketOf(link[span]);
    linked[entry] = span;
    next[entry] = heads[bucket];
    heads[bucket] = entry++;
  }
  return {
    ofLink(value) {
      const found: number[] = [];
      if (value === 0) return found;
      for (let at = heads[bucketOf(value)]; at >= 0; at = next[at])
        if (link[linked[at]] === value) found.push(linked[at]);
      return found.toReversed();
    },
  };
}
