import type { Column } from "../model/column.ts";
import type { Trace } from "../model/trace.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";

/** Flows by either end. */
export interface FlowIndex {
  /** Indices of the flows that leave a span, in file order. */
  leaving(span: number): number[];
  arriving(span: number): number[];
}

export function* createFlowIndex({ flows }: Trace): Sliced<FlowIndex> {
  const from = yield* indexByKey(flows.from, flows.length, flows.length);
  const to = yield* indexByKey(flows.to, flows.length, flows.length);
  return { leaving: from, arriving: to };
}

/** Spans by correlation id. */
export interface LinkIndex {
  /** Spans with the id, ascending; none for 0. */
  ofLink(link: number): number[];
}

export function* createLinkIndex({ spans }: Trace): Sliced<LinkIndex> {
  const { link } = spans;
  if (link === undefined) return { ofLink: () => [] };
  let count = 0;
  for (let span = 0; span < spans.length; span++) {
    if (link[span] !== 0) count++;
    if (span % spansPerSlice === spansPerSlice - 1) yield;
  }
  const find = yield* indexByKey(link, spans.length, count, 0);
  return { ofLink: (value) => (value === 0 ? [] : find(value)) };
}

/**
 * Finds the positions of a key in a column, ascending. Chains through typed arrays: 8 B for an entry, 4–8 B for its
 * bucket. `count`: entries, those without the key `none`.
 */
function* indexByKey(
  keys: Column,
  length: number,
  count: number,
  none: number | null = null,
): Sliced<(key: number) => number[]> {
  const bits = Math.max(4, Math.ceil(Math.log2(count + 1)));
  const heads = new Int32Array(2 ** bits).fill(-1);
  const positions = new Uint32Array(count);
  const next = new Int32Array(count);
  const bucketOf = (key: number): number => Math.imul(key, 0x9e3779b1) >>> (32 - bits);
  let entry = 0;
  for (let position = 0; position < length; position++) {
    if (position % spansPerSlice === spansPerSlice - 1) yield;
    if (keys[position] === none) continue;
    const bucket = bucketOf(keys[position]);
    positions[entry] = position;
    next[entry] = heads[bucket];
    heads[bucket] = entry++;
  }
  return (key) => {
    const found: number[] = [];
    for (let at = heads[bucketOf(key)]; at >= 0; at = next[at])
      if (keys[positions[at]] === key) found.push(positions[at]);
    return found.toReversed();
  };
}
