import { UserFacingError } from "../../../traces/model/errors.ts";
import { searchSpans, type Search } from "../../../traces/query/search.ts";
import { toSpanBrief } from "../../../traces/query/span-brief.ts";
import type { SearchKey } from "../../contract/engine-contract.ts";
import { createRecent, type Recent } from "../recent.ts";
import type { JobContext } from "../serve-client.ts";
import { derive, type CurrentTrace, type OpenTrace } from "../trace-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";
import { checkSpan } from "./known-ids.ts";
import { matchNamesInTime } from "../match-names.ts";

/** Results kept per snapshot, an eighth of a byte a span each. */
const keptSearches = 4;
/** Queries kept per trace. */
const keptQueries = 64;

export function createSearchHandlers({ store }: HandlerParts): Pick<Handlers, "search.run" | "search.step"> {
  return {
    async "search.run"({ trace: key, search, query }, context) {
      const entry = store.entry(key);
      const { hitCount, nameCount, totalNs } = await findByQuery(store.current(key), query, context);
      // After it succeeded: a query that cannot be read leaves the earlier one in force.
      entry.queries.delete(search);
      entry.queries.set(search, query);
      for (const oldest of entry.queries.keys()) {
        if (entry.queries.size <= keptQueries) break;
        entry.queries.delete(oldest);
      }
      return { search, hitCount, nameCount, totalNs };
    },

    async "search.step"({ trace: key, search, fromSpan, fromNs, direction }, context) {
      const current = store.current(key);
      const hits = await findHits(store.entry(key), current, search, context);
      if (hits === null) throw new UserFacingError("this search is not known any more");
      if (fromSpan !== null) checkSpan(current.trace, fromSpan);
      const hit = hits.step({ fromSpan, fromNs }, direction);
      return hit === null
        ? null
        : { span: toSpanBrief(current.trace, hit.span), index: hit.index, hitCount: hits.hitCount };
    },
  };
}

/** Hits of a search in this very snapshot, found again when it is newer than the search; null for an unknown key. */
export async function findHits(
  entry: OpenTrace,
  current: CurrentTrace,
  search: SearchKey,
  context: JobContext,
): Promise<Search | null> {
  const query = entry.queries.get(search);
  if (query === undefined) return null;
  try {
    return await findByQuery(current, query, context);
  } catch (error) {
    // It was read before, but takes too long on the names of a grown trace: the picture must not fail for it, nor wait again.
    if (!(error instanceof UserFacingError)) throw error;
    entry.queries.delete(search);
    return null;
  }
}

/** Spans that a query finds in a snapshot; the last few answers are kept with it. */
export async function findByQuery(current: CurrentTrace, query: string, context: JobContext): Promise<Search> {
  const searches: Recent<Search> = derive(current, "searches", () => createRecent(keptSearches));
  return await searches.get(query, () =>
    context.runSlices(searchSpans(current.trace, query, matchNamesInTime, [...searches.values()])),
  );
}
