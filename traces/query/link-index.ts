import type { Column } from "../model/column.ts";
import { spansOfLinks } from "../model/link-table.ts";
import type { Trace } from "../model/trace.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";

/** Flows by either end. */
export interface FlowIndex {
  /** Indices of the flows that leave a span, in file order. */
  leaving(span: number): number[];
  arriving(span: number): number[];
}

export function* createFlowIndex({ flows }: Trace): Sliced<FlowIndex> {
  return { leaving: yield* indexByKey(flows.from), arriving: yield* indexByKey(flows.to) };
}

/** Spans by correlation id. */
export interface LinkIndex {
  /** Spans with the id, ascending; none for 0. */
  ofLink(link: number): number[];
}

export function* createLinkIndex({ spans }: Trace): Sliced<LinkIndex> {
  const { links } = spans;
  if (links === undefined) return { ofLink: () => [] };
  const find = yield* indexByKey(links.id);
  return { ofLink: (link) => find(link).map((place) => spansOfLinks(links, place, place + 1)[0]) };
}

/** Finds the positions of a key in a column, ascending. Chains through typed arrays: 4 B a position, 4–8 B for its bucket. */
function* indexByKey(keys: Column): Sliced<(key: number) => number[]> {
  const bits = Math.max(4, Math.ceil(Math.log2(keys.length + 1)));
  const heads = new Int32Array(2 ** bits).fill(-1);
  const next = new Int32Array(keys.length);
  const bucketOf = (key: number): number => Math.imul(key, 0x9e3779b1) >>> (32 - bits);
  for (let position = 0; position < keys.length; position++) {
    if (position % spansPerSlice === spansPerSlice - 1) yield;
    const bucket = bucketOf(keys[position]);
    next[position] = heads[bucket];
    heads[bucket] = position;
  }
  return (key) => {
    const found: number[] = [];
    for (let at = heads[bucketOf(key)]; at >= 0; at = next[at]) if (keys[at] === key) found.push(at);
    return found.toReversed();
  };
}
