import { costOfSpan, type MakeRoom, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";

/** Spans that are handed over at once: what they touch stays in a near cache. */
const spansAtOnce = 1 << 11;
/** What a span of several short rows counts as: see `costOfSpan`. */
const costOfShort = 8;

/** Positions [begin, end) of slices [first, last]: of a single one, or all of those of several. */
export type VisitRun = (first: number, last: number, begin: number, end: number) => void;

/**
 * Visits all slices, ancestors too, a piece of a long one at a time, or several short ones whose positions follow each
 * other: where rows hold few spans, a call for each would cost more than its spans. Several are selected all or none, and
 * the selection has no range. Pauses and `makeRoom`: as for `visitSlices`.
 */
export function* visitSliceRuns(selection: Selection, visit: VisitRun, makeRoom: MakeRoom): Sliced<void> {
  const { length, begin: beginOf, end: endOf, selected } = selection;
  const hasRange = selection.startNs !== -Infinity || selection.endNs !== Infinity;
  const most = Math.min(spansPerSlice, selection.spanCount);
  let budget = spansPerSlice;
  yield* makeRoom(most);
  for (let first = 0, last = 0; first < length; first = last + 1) {
    const runEnd = beginOf[first] + (hasRange ? 0 : spansAtOnce);
    for (last = first; last + 1 < length; last++)
      if (endOf[last + 1] > runEnd || beginOf[last + 1] !== endOf[last] || selected[last + 1] !== selected[first])
        break;
    const cost = last > first ? costOfShort : costOfSpan(selection.trace, selection.row[first]);
    for (let begin = beginOf[first]; begin < endOf[last];) {
      const end = last > first ? endOf[last] : Math.min(endOf[last], begin + spansAtOnce);
      visit(first, last, begin, end);
      budget -= (end - begin) * cost;
      begin = end;
      if (budget > 0) continue;
      yield;
      budget = spansPerSlice;
      yield* makeRoom(most);
    }
  }
}
