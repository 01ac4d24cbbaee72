import { SpanKind } from "../../model/span-kind.ts";
import { hasTime, type Reading } from "./reading.ts";
import { EventNames } from "./string-ids.ts";

/** Values of ENUM_CUPTI_SYNC_TYPE. */
const syncNames: readonly string[] = [
  "Synchronize",
  "Event synchronize",
  "Stream wait for event",
  "Stream synchronize",
  "Context synchronize",
];

/** Waits of the host for a device, device-side events, and the making of graph nodes. */
export function readWaitsAndGraphs(reading: Reading): void {
  readSynchronization(reading);
  readCudaEvents(reading);
  readGraphNodes(reading);
}

function readSynchronization({ builder, scan, owners }: Reading): void {
  const category = builder.category("synchronization");
  const names = syncNames.map((name) => builder.intern(name));
  const extras = { link: 0 };
  const columns = ["start", "end", "syncType", "correlationId", "globalPid"];
  scan.events("CUPTI_ACTIVITY_KIND_SYNCHRONIZATION", columns, (row, place) => {
    if (!hasTime(row, 1, builder) || !hasTime(row, 2, builder)) return;
    const startNs = row.number(1);
    const process = owners.processOf(row, 5) ?? owners.onlyProcess();
    if (process === null) return builder.ledger.dropped("withoutProcess", "waits of an unknown process", -1);
    extras.link = owners.linkOf(process, row.number(4));
    const track = owners.extraTrack(process, "CUDA synchronization");
    const name = names[row.number(3)] ?? names[0];
    builder.addSpan(track, startNs, row.number(2) - startNs, name, SpanKind.sync, category, place, extras);
  });
}

/** Moments at which a device reached an event; 0 means that the time was not collected. */
function readCudaEvents({ builder, scan, owners, devices }: Reading): void {
  const category = builder.category("CUDA event");
  const columns = ["timestamp", "deviceId", "contextId", "streamId", "globalPid", "eventId"];
  scan.events("CUPTI_ACTIVITY_KIND_CUDA_EVENT", columns, (row, place) => {
    const timeNs = row.number(1);
    if (timeNs === 0 || !row.isInteger(1)) {
      builder.ledger.metadata();
      builder.ledger.note("cudaEventsWithoutTime", "CUDA events whose time was not collected", -1, 1, "info");
      return;
    }
    const process = owners.processOf(row, 5) ?? owners.onlyProcess();
    const stream = devices.streamOf(process, row.number(2), row.number(3), row.number(4));
    const name = builder.intern(`CUDA event ${row.number(6)}`);
    builder.addInstant(stream.track, timeNs, name, category, 0, place);
  });
}

function readGraphNodes({ builder, scan, owners, strings }: Reading): void {
  const category = builder.category("CUDA graph");
  const names = new EventNames(strings, builder, { kindOf: () => SpanKind.other });
  for (const table of ["CUDA_GRAPH_NODE_EVENTS", "CUDA_GRAPH_EVENTS"] as const) {
    scan.events(table, ["start", "end", "nameId", "globalTid"], (row, place) => {
      if (!hasTime(row, 1, builder)) return;
      const startNs = row.number(1);
      const track = owners.trackOf(owners.threadOf(row, 4));
      const { id, kind } = names.of(row, 3);
      if (row.isInteger(2)) builder.addSpan(track, startNs, row.number(2) - startNs, id, kind, category, place);
      else builder.addInstant(track, startNs, id, category, 0, place);
    });
  }
}
