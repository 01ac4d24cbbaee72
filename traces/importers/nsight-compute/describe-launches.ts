import type { TraceDescription } from "../../model/trace-builder.ts";
import type { LaunchCollector } from "./launch-collector.ts";

/** What a trace of launches says of itself. */
export function describeLaunches(
  collector: LaunchCollector,
  file: { readonly fileName: string; readonly format: string; readonly formatLabel: string },
): TraceDescription {
  const { launches, metrics } = collector.toTable();
  const devices = new Set(launches.map(({ device }) => device));
  return {
    name: file.fileName,
    format: file.format,
    formatLabel: file.formatLabel,
    producer: "Nsight Compute",
    facts: [
      ["kernels", String(launches.length)],
      ["metrics", String(metrics.length)],
      ...[...devices].filter((device) => device !== null).map((device) => ["GPU", device] as const),
    ],
  };
}
