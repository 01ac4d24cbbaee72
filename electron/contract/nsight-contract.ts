import type { Launch, LaunchMetric } from "../../traces/model/launch-table.ts";
import type { RooflinePoint } from "../../traces/query/roofline.ts";
import type { FileToken, TraceKey } from "./keys.ts";

/* What only files of Nsight have: kernels measured one by one, and reports that become databases first. */

export interface NsightCommands {
  "launch.list": { readonly request: { readonly trace: TraceKey }; readonly reply: LaunchList };
  "launch.metrics": { readonly request: LaunchRequest; readonly reply: LaunchMetrics };
  "nsight.plan": { readonly request: NsightReportRequest; readonly reply: NsightPlan };
  "nsight.export": { readonly request: NsightReportRequest; readonly reply: { readonly database: string } };
}

/** Kernels that were measured one by one, beside the time axis. */
export interface LaunchList {
  /** In launch order; at most the first 10,000, `launchCount` tells how many there are. */
  readonly launches: readonly Launch[];
  readonly launchCount: number;
  readonly metrics: readonly LaunchMetric[];
  /** Of the launches listed, where the file has the counters. */
  readonly roofline: readonly RooflinePoint[];
}
export interface LaunchRequest {
  readonly trace: TraceKey;
  readonly launch: number;
}
/** In the order of `LaunchList.metrics`; null: not collected. */
export interface LaunchMetrics {
  readonly values: readonly (number | string | null)[];
}

export interface NsightReportRequest {
  /** A report of Nsight Systems. */
  readonly file: FileToken;
}
/** How a report becomes a database that can be opened. Names, never paths. */
export interface NsightPlan {
  /** The database that lies beside the report already; null: none. */
  readonly database: string | null;
  /** What `nsight.export` would write. */
  readonly newDatabase: string;
  /** The user's nsys; null: not found. */
  readonly nsysVersion: string | null;
  /** For a shell in the folder of the report. */
  readonly command: string;
}
