import { computeCallTree } from "../../../traces/query/call-tree.ts";
import { createTopTable, type TopTable } from "../../../traces/query/top-table.ts";
import { createRecent, type Recent } from "../recent.ts";
import { derive } from "../trace-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

/** Grouped tables kept per snapshot, so that sorting and paging cost no new pass. Each holds some bytes per span of its scope. */
const keptTables = 3;

export function createTableHandlers({ store }: HandlerParts): Pick<Handlers, "table.top" | "tree.calls"> {
  return {
    async "table.top"({ trace: key, scope, group, sort, descending, first, count }, context) {
      const current = store.current(key);
      const tables: Recent<TopTable> = derive(current, "topTables", () => createRecent(keptTables));
      const table = await tables.get(JSON.stringify([group, scope]), () =>
        context.runSlices(createTopTable(current.trace, scope, group)),
      );
      return await context.runSlices(table.page({ sort, descending, first, count }));
    },

    async "tree.calls"({ trace: key, scope, direction, byTrack, minShare, maxNodes }, context) {
      const { trace } = store.current(key);
      return await context.runSlices(computeCallTree(trace, scope, { direction, byTrack, minShare, maxNodes }));
    },
  };
}
