import { UserFacingError } from "../../../traces/model/errors.ts";
import { askWhatIf, prepareReplay, type ReplayedTrace, type ReplayEdit } from "../../../traces/replay/what-if.ts";
import type { ReplayEditRequest } from "../../contract/engine-contract.ts";
import { createRecent, type Recent } from "../recent.ts";
import type { JobContext } from "../serve-client.ts";
import { type CurrentTrace, derive } from "../trace-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";
import { findByQuery } from "./search.ts";

/** Answers what steps would take if spans took another time. The graph of a trace is made once per snapshot. */
export function createReplayHandlers({ store }: HandlerParts): Pick<Handlers, "replay.ask"> {
  return {
    async "replay.ask"({ trace: key, edits }, context) {
      const current = store.current(key);
      const kept: Recent<ReplayedTrace> = derive(current, "replay", () => createRecent(1));
      const replayed = await kept.get("", () => context.runSlices(prepareReplay(current.trace)));
      const found: ReplayEdit[] = [];
      for (const edit of edits) found.push(await toEdit(edit, current, context));
      return await context.runSlices(askWhatIf(replayed, found));
    },
  };
}

async function toEdit(
  { query, factor, below }: ReplayEditRequest,
  current: CurrentTrace,
  context: JobContext,
): Promise<ReplayEdit> {
  const search = await findByQuery(current, query, context);
  if (search.query === null) throw new UserFacingError("say which spans: a name, or a query as in the search");
  if (search.hitCount === 0) throw new UserFacingError(`no span is found by "${query}"`);
  return { has: search.has, factor, below };
}
