import type { EngineHandlers } from "../../contract/engine-contract.ts";
import type { Imports } from "../imports/import-job.ts";
import type { Runs } from "../runs/run-job.ts";
import type { Grants } from "../grants.ts";
import type { JobContext } from "../serve-client.ts";
import type { TraceStore } from "../trace-store.ts";
import { createAdviceHandlers } from "./advice.ts";
import { createBookmarkHandlers } from "./bookmarks.ts";
import { createExportHandlers } from "./exports.ts";
import { createCompareHandlers } from "./compare.ts";
import { createBenchHandlers } from "./bench.ts";
import { createHistoryHandlers } from "./history.ts";
import { createMeasurementHandlers } from "./measurements.ts";
import { createReplayHandlers } from "./replay.ts";
import { createReportHandlers } from "./reports.ts";
import { createGpuHandlers } from "./gpu.ts";
import { createKeptHandlers } from "./kept.ts";
import { createLaunchHandlers } from "./launches.ts";
import { createNameHandlers } from "./names.ts";
import { createSearchHandlers } from "./search.ts";
import { createSpanHandlers } from "./spans.ts";
import { createTableHandlers } from "./tables.ts";
import { createTimelineHandlers } from "./timeline.ts";
import { createTraceHandlers } from "./traces.ts";

/** What the machine offers an engine; tests and processes differ here only. */
export interface EngineHost {
  readonly imports: Imports;
  readonly runs: Runs;
  /** Whether growing traces are shown ("trace.grew"); where nobody looks before the end, they only cost time. */
  readonly showsGrowing: boolean;
  /** Where benchmark results are kept. */
  readonly historyFolder: string;
  /** Where bookmarks are kept. */
  readonly bookmarkFolder: string;
  /** Wall clock, ms. */
  readonly nowMs: () => number;
}

/** What all handlers of one client share. */
export interface HandlerParts {
  readonly host: EngineHost;
  readonly grants: Grants;
  /** Where the user lets files be written. */
  readonly targets: Grants;
  readonly store: TraceStore;
}

export type Handlers = EngineHandlers<JobContext>;

/** All commands of the contract, for one client. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { lent, ...gpuHandlers } = createGpuHandlers();
  return {
    ...createTraceHandlers(parts),
    ...createTimelineHandlers(parts),
    ...createSpanHandlers(parts),
    ...createTableHandlers(parts),
    ...createSearchHandlers(parts),
    ...createReplayHandlers(parts),
    ...createBookmarkHandlers(parts),
    ...createMeasurementHandlers(parts),
    ...createHistoryHandlers(parts),
    ...createExportHandlers(parts),
    ...createNameHandlers(parts),
    ...createAdviceHandlers(parts),
    ...createLaunchHandlers(parts),
    ...createReportHandlers(parts),
    ...createCompareHandlers(parts),
    ...createBenchHandlers(parts, lent),
    ...gpuHandlers,
    ...createKeptHandlers(),
  };
}
