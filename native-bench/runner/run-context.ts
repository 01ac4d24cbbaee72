import { CancelledError } from "../../traces/model/errors.ts";
import type { RunPlan } from "../plan/run-plan.ts";
import { nullRecorder } from "../spans/recorder.ts";
import type { SessionContext } from "../workloads/workload.ts";
import type { RunHost } from "./run-host.ts";
import type { SharedParts } from "./share.ts";

/** What workloads see of the run; sessions see all of it. */
export function createRunContext({ protocol }: RunPlan, host: RunHost, parts: SharedParts): SessionContext {
  const { cancelFlag } = host;
  return {
    recorder: host.recorder ?? nullRecorder,
    trackRecorder: (name) => host.trackRecorder(name),
    threads: host.threads,
    way: "",
    gpu: host.gpu,
    seed: protocol.seed,
    cancelFlag,
    throwIfCancelled() {
      if (isCancelled(cancelFlag)) throw new CancelledError();
    },
    share: parts.share,
    scratchFolder: host.scratchFolder,
    phase: (title, index, count) => host.tell({ kind: "telemetry", telemetry: { kind: "phase", title, index, count } }),
    progress: (progress) => host.tell({ kind: "telemetry", telemetry: { kind: "progress", ...progress } }),
    point: pointOf(host, ""),
    values: (table) => host.tell({ kind: "telemetry", telemetry: { kind: "values", table } }),
    map: (map) => host.tell({ kind: "telemetry", telemetry: { kind: "map", map } }),
    event: (name, facts) => host.tell({ kind: "telemetry", telemetry: { kind: "event", name, facts } }),
  };
}

/** The context of one configuration, whose curves carry its name. */
export const withSeries = (context: SessionContext, host: RunHost, series: string): SessionContext => ({
  ...context,
  way: series,
  point: pointOf(host, series),
});

const pointOf =
  (host: RunHost, series: string): SessionContext["point"] =>
  (curve, x, y) =>
    host.tell({ kind: "telemetry", telemetry: { kind: "points", curve, series, points: [[x, y]] } });

export function isCancelled(cancelFlag: Int32Array): boolean {
  return Atomics.load(cancelFlag, 0) === 1;
}
