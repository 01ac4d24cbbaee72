import { UserFacingError } from "../../../traces/model/errors.ts";
import type { LaunchTable } from "../../../traces/model/launch-table.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { computeRoofline } from "../../../traces/query/roofline.ts";
import { derive } from "../trace-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

const largestLaunchList = 10_000;

/** Answers about kernels that were measured one by one. */
export function createLaunchHandlers({ store }: HandlerParts): Pick<Handlers, "launch.list" | "launch.metrics"> {
  return {
    "launch.list"({ trace: key }) {
      const current = store.current(key);
      const table = launchesOf(current.trace);
      const roofline = derive(current, "roofline", () => computeRoofline(table));
      return Promise.resolve({
        launches: table.launches.slice(0, largestLaunchList),
        launchCount: table.launches.length,
        metrics: table.metrics,
        roofline: roofline.filter(({ launch }) => launch < largestLaunchList),
      });
    },

    "launch.metrics"({ trace: key, launch }) {
      const table = launchesOf(store.current(key).trace);
      if (launch >= table.launches.length)
        throw new UserFacingError(`expected one of ${table.launches.length} kernels, found number ${launch}`);
      return Promise.resolve({ values: valuesOf(table, launch) });
    },
  };
}

const noLaunches: LaunchTable = { launches: [], metrics: [], values: new Float64Array(0), texts: [] };

const launchesOf = ({ launches }: Trace): LaunchTable => launches ?? noLaunches;

function valuesOf({ metrics, values, texts }: LaunchTable, launch: number): (number | string | null)[] {
  const first = launch * metrics.length;
  const row = Array.from(values.subarray(first, first + metrics.length) as ArrayLike<number>, (value) =>
    Number.isNaN(value) ? null : value,
  ) as (number | string | null)[];
  for (const [place, text] of texts) if (place >= first && place < first + metrics.length) row[place - first] = text;
  return row;
}
