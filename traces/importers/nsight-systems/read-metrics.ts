import type { TrackId } from "../../model/ids.ts";
import { hasTime, type Reading } from "./reading.ts";

interface MetricName {
  readonly metric: string;
  readonly source: string | null;
}

/** Hardware counters of devices. Ids of metrics differ from file to file, their names do not. */
export function readGpuMetrics({ builder, scan }: Reading): void {
  if (!scan.has("GPU_METRICS")) return;
  const names = new Map<string, MetricName>();
  scan.facts("TARGET_INFO_GPU_METRICS", ["typeId", "metricId", "metricName", "typeName"], (row) => {
    const metric = row.text(3);
    if (metric !== null) names.set(`${row.number(1)} ${row.number(2)}`, { metric, source: row.text(4) });
  });
  const tracks = new Map<string, TrackId>();
  const columns = ["timestamp", "typeId", "metricId", "value"];
  scan.events("GPU_METRICS", columns, (row) => {
    if (!hasTime(row, 1, builder)) return;
    const timeNs = row.number(1);
    const value = row.number(4);
    const key = `${row.number(2)} ${row.number(3)}`;
    let track = tracks.get(key);
    if (track === undefined) {
      const name = names.get(key);
      track = builder.addTrack({
        kind: "counter",
        name: name?.metric ?? `metric ${row.number(3)}`,
        detail: name?.source ?? `source ${row.number(2)}`,
        sortIndex: metricsSortIndex,
      });
      tracks.set(key, track);
    }
    builder.ledger.counterEvent();
    builder.addSample(track, timeNs, value);
  });
}

const metricsSortIndex = 2 ** 25;
