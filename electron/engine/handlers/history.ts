import { basename } from "node:path";
import { compareMeasurements } from "../../../traces/compare/measurements/compare-measurements.ts";
import { followMeasurements } from "../../../traces/compare/measurements/measurement-history.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";
import { keepRun, listRuns, listSuites } from "../result-history.ts";
import type { JobContext } from "../serve-client.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";
import { readGranted, readResults } from "./read-results.ts";

/** Runs beyond these are older than anybody looks; the newest are read. */
const mostRuns = 200;

/** Benchmark results over time. Files are copied, so a run stays what it was. */
export function createHistoryHandlers({
  host: { historyFolder: root },
  grants,
}: HandlerParts): Pick<Handlers, "history.list" | "history.read" | "history.keep"> {
  const readRuns = async (suite: string, count: number, context: JobContext) => {
    const runs = (await listRuns(root, suite)).slice(-count);
    const sets: MeasurementSet[] = [];
    for (const { path } of runs) sets.push(await readResults({ path, name: basename(path) }, context));
    return { runs, sets };
  };
  return {
    async "history.list"({ count }) {
      const suites = await listSuites(root);
      return suites.toSorted((x, y) => (x.newest < y.newest ? 1 : -1)).slice(0, count);
    },
    async "history.read"({ suite, options }, context) {
      const { runs, sets } = await readRuns(suite, mostRuns, context);
      return { suite, keptAt: runs.map(({ keptAt }) => keptAt), ...followMeasurements(sets, options) };
    },
    async "history.keep"({ suite, options, file: token }, context) {
      // Only what can be read is kept.
      const results = await readGranted(token, grants, context);
      const file = await grants.find(token);
      const { sets } = await readRuns(suite, 1, context);
      if (file !== null) await keepRun(root, suite, file.path);
      return { comparison: sets.length === 0 ? null : compareMeasurements(sets, [results], options) };
    },
  };
}
