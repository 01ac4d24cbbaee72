import type { SqliteRow } from "../../io/sqlite/sqlite.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { kernelKind } from "../chrome/kinds.ts";
import type { ProcessRef } from "./owners.ts";
import { type Reading, timeOf } from "./reading.ts";
import { EventNames, type EventName } from "./string-ids.ts";
import type { EventTable } from "./tables.ts";

/** Columns that all tables of device work share; 1-based behind the rowid. */
const sharedColumns = ["start", "end", "deviceId", "contextId", "streamId", "correlationId", "globalPid"] as const;
const firstOwnColumn = sharedColumns.length + 1;

/** Kernels, copies, memsets and whole graphs, on the streams that ran them. */
export function readDeviceWork(reading: Reading): void {
  const { builder, strings, scan } = reading;
  const kernelNames = new EventNames(strings, builder, { kindOf: kernelKind });
  const nameColumn = scan.columnOf("CUPTI_ACTIVITY_KIND_KERNEL", ["shortName", "demangledName", "mangledName", "name"]);
  const withoutCall = readWork(reading, "CUPTI_ACTIVITY_KIND_KERNEL", "kernel", [nameColumn], (row) =>
    kernelNames.of(row, firstOwnColumn),
  );
  builder.ledger.note(
    "kernelsWithoutLaunch",
    "kernels whose launch is not in the file (recorded before the window, or not traced)",
    -1,
    withoutCall,
    "info",
  );

  const copyNames = createNumberedNames(reading, copyOf);
  const copyColumns = ["copyKind", "srcKind", "dstKind"];
  const copies = readWork(reading, "CUPTI_ACTIVITY_KIND_MEMCPY", "memcpy", copyColumns, (row) =>
    copyNames(row.number(firstOwnColumn), row.number(firstOwnColumn + 1) * 16 + row.number(firstOwnColumn + 2)),
  );
  const memset = createNumberedNames(reading, () => ({ name: "Memset", kind: SpanKind.deviceToDevice }));
  const memsets = readWork(reading, "CUPTI_ACTIVITY_KIND_MEMSET", "memset", [], () => memset(0, 0));
  const graphNames = createNumberedNames(reading, (graph) => ({ name: `CUDA graph ${graph}`, kind: SpanKind.kernel }));
  const graphs = readWork(reading, "CUPTI_ACTIVITY_KIND_GRAPH_TRACE", "graph", ["graphId"], (row) =>
    graphNames(row.number(firstOwnColumn), 0),
  );
  builder.ledger.note(
    "transfersWithoutCall",
    "copies, memsets and graphs whose call is not in the file; copies of managed memory have none",
    -1,
    copies + memsets + graphs,
    "info",
  );
}

/** Returns how many rows have no API call in the file. */
function readWork(
  reading: Reading,
  table: EventTable,
  categoryName: string,
  ownColumns: readonly string[],
  nameOf: (row: SqliteRow) => EventName,
): number {
  const { builder, scan, owners, devices, calls, work, ranges } = reading;
  if (!scan.has(table)) return 0;
  const category = builder.category(categoryName);
  const hasPid = scan.hasColumn(table, "globalPid");
  const extras = { link: 0 };
  const keepsWork = ranges.wanted;
  let withoutCall = 0;
  scan.events(table, [...sharedColumns, ...ownColumns], (row, place) => {
    const startNs = timeOf(row, 1, builder);
    if (Number.isNaN(startNs)) return;
    const durationNs = timeOf(row, 2, builder) - startNs;
    if (Number.isNaN(durationNs)) return;
    const process: ProcessRef | null = (hasPid ? owners.processOf(row, 7) : null) ?? owners.onlyProcess();
    const stream = devices.streamOf(process, row.number(3), row.number(4), row.number(5));
    extras.link = process === null ? 0 : owners.linkOf(process, row.number(6));
    const { id, kind } = nameOf(row);
    builder.addSpan(stream.track, startNs, durationNs, id, kind, category, place, extras);
    const call = calls.find(extras.link);
    if (call < 0) withoutCall++;
    else if (keepsWork) work.add(call, stream.index, startNs, startNs + durationNs);
  });
  return withoutCall;
}

interface NumberedName {
  readonly name: string;
  readonly kind: SpanKind;
}

/** Names made of numbers of the row; made once each. */
function createNumberedNames(
  { builder }: Reading,
  make: (first: number, second: number) => NumberedName,
): (first: number, second: number) => EventName {
  const made = new Map<number, EventName>();
  return (first, second) => {
    const key = first * 65_536 + second;
    let found = made.get(key);
    if (found === undefined) {
      const { name, kind } = make(first, second);
      found = { id: builder.intern(name), kind };
      made.set(key, found);
    }
    return found;
  };
}

/** Values of ENUM_CUDA_MEMCPY_OPER, built in because files before schema 3.0 have no such table. */
const copies: readonly NumberedName[] = [
  { name: "Memcpy", kind: SpanKind.other },
  { name: "Memcpy HtoD", kind: SpanKind.hostToDevice },
  { name: "Memcpy DtoH", kind: SpanKind.deviceToHost },
  { name: "Memcpy HtoA", kind: SpanKind.hostToDevice },
  { name: "Memcpy AtoH", kind: SpanKind.deviceToHost },
  { name: "Memcpy AtoA", kind: SpanKind.deviceToDevice },
  { name: "Memcpy AtoD", kind: SpanKind.deviceToDevice },
  { name: "Memcpy DtoA", kind: SpanKind.deviceToDevice },
  { name: "Memcpy DtoD", kind: SpanKind.deviceToDevice },
  { name: "Memcpy HtoH", kind: SpanKind.other },
  { name: "Memcpy PtoP", kind: SpanKind.deviceToDevice },
  { name: "Memcpy HtoD (managed)", kind: SpanKind.hostToDevice },
  { name: "Memcpy DtoH (managed)", kind: SpanKind.deviceToHost },
  { name: "Memcpy DtoD (managed)", kind: SpanKind.deviceToDevice },
];

/** Memory kinds on the host: pageable and pinned; 2 to 6 are of devices, 4 and 6 managed. */
const isHostMemory = (kind: number): boolean => kind === 0 || kind === 1;

function copyOf(copyKind: number, memory: number): NumberedName {
  const known = copies[copyKind];
  if (known !== undefined && copyKind !== 0) return known;
  const source = Math.floor(memory / 16);
  const target = memory % 16;
  const unknown = `Memcpy (kind ${copyKind})`;
  if (source > 6 || target > 6 || (source === 0 && target === 0)) return { name: unknown, kind: SpanKind.other };
  if (isHostMemory(source) === isHostMemory(target))
    return { name: unknown, kind: isHostMemory(source) ? SpanKind.other : SpanKind.deviceToDevice };
  return { name: unknown, kind: isHostMemory(source) ? SpanKind.hostToDevice : SpanKind.deviceToHost };
}
