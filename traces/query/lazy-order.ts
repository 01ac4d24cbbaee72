import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { sortSliced } from "./sliced-sort.ts";

/** An order that is sorted only where it was asked for: the first page of a million rows costs a few passes, not a sort. */
export interface LazyOrder {
  /** Items [first, end) of the sorted order; a view. */
  range(first: number, end: number): Sliced<Uint32Array>;
}

/** Items of `order` from the end of the part before up to `end`: not before those, not behind the ones that follow. */
interface Part {
  readonly end: number;
  readonly isSorted: boolean;
}

const comparisonsPerSlice = spansPerSlice / 4;
/** Parts up to this size are sorted in one go. */
const smallPart = 1 << 12;

/**
 * Sorts `order` in place as it is asked for, by quicksort that leaves alone what nobody asked for. `compare` must be strict:
 * 0 for none but the same. Pivots are drawn, from a fixed seed: no order of the items makes it slow.
 */
export function createLazyOrder(order: Uint32Array, compare: (a: number, b: number) => number): LazyOrder {
  const parts: Part[] = order.length > 0 ? [{ end: order.length, isSorted: false }] : [];
  let seed = 1;
  const draw = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  return {
    *range(first, end) {
      const wanted = order.subarray(first, end);
      if (wanted.length === 0) return wanted;
      const stop = first + wanted.length;
      let begin = 0;
      for (let at = 0; begin < stop;) {
        const part = parts[at];
        if (part.end <= first || part.isSorted) {
          begin = part.end;
          at++;
        } else if (part.end - begin <= smallPart || (begin >= first && part.end <= stop)) {
          yield* sortSliced(order.subarray(begin, part.end), compare);
          parts[at] = { end: part.end, isSorted: true };
        } else {
          const cut = yield* divide(order, begin, part.end, order[begin + draw(part.end - begin)], compare);
          parts.splice(at, 0, { end: cut, isSorted: false });
        }
      }
      return wanted;
    },
  };
}

/** Moves what is before `pivot`, one of the items, in front of what is behind it; returns the first place of the latter. Hoare. */
function* divide(
  order: Uint32Array,
  begin: number,
  end: number,
  pivot: number,
  compare: (a: number, b: number) => number,
): Sliced<number> {
  let i = begin;
  let j = end - 1;
  let budget = comparisonsPerSlice;
  for (;;) {
    for (; compare(order[i], pivot) < 0; i++)
      if (--budget <= 0) {
        yield;
        budget = comparisonsPerSlice;
      }
    for (; compare(order[j], pivot) > 0; j--)
      if (--budget <= 0) {
        yield;
        budget = comparisonsPerSlice;
      }
    // The last item alone may be the pivot: then it is a part of its own.
    if (i >= j) return Math.min(j + 1, end - 1);
    const item = order[i];
    order[i++] = order[j];
    order[j--] = item;
  }
}
