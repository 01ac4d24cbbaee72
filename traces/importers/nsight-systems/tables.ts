import type { SqliteDatabase, SqliteTable } from "../../io/sqlite/sqlite.ts";

/**
 * Tables whose rows become spans, instants or samples. Their place in this list is the upper part of a source offset,
 * the rowid the lower 32 bits: so the arguments of a span can be read again.
 */
export const eventTables = [
  "CUPTI_ACTIVITY_KIND_RUNTIME",
  "CUPTI_ACTIVITY_KIND_KERNEL",
  "CUPTI_ACTIVITY_KIND_MEMCPY",
  "CUPTI_ACTIVITY_KIND_MEMSET",
  "CUPTI_ACTIVITY_KIND_GRAPH_TRACE",
  "CUPTI_ACTIVITY_KIND_SYNCHRONIZATION",
  "CUPTI_ACTIVITY_KIND_CUDA_EVENT",
  "CUDA_GRAPH_NODE_EVENTS",
  "CUDA_GRAPH_EVENTS",
  "NVTX_EVENTS",
  "OSRT_API",
  "SCHED_EVENTS",
  "COMPOSITE_EVENTS",
  "GPU_METRICS",
] as const;
export type EventTable = (typeof eventTables)[number];

/** Tables about threads, samples, devices and the profiler itself. */
export type FactTable =
  | "SAMPLING_CALLCHAINS"
  | "ThreadNames"
  | "PROCESSES"
  | "StringIds"
  | "TARGET_INFO_GPU"
  | "TARGET_INFO_CUDA_DEVICE"
  | "TARGET_INFO_GPU_METRICS"
  | "TARGET_INFO_SESSION_START_TIME"
  | "META_DATA_EXPORT"
  | "EXPORT_META_DATA"
  | "PROFILER_OVERHEAD"
  | "CUPTI_ACTIVITY_KIND_OVERHEAD"
  | "DIAGNOSTIC_EVENT";

/** The table of this name, or of the name with the highest version suffix ("…_V3"); null where there is none. */
export function findTable(database: SqliteDatabase, name: EventTable | FactTable): SqliteTable | null {
  const exact = database.tables.get(name);
  if (exact !== undefined) return exact;
  let best: SqliteTable | null = null;
  let highest = -1;
  for (const table of database.tables.values()) {
    const version = table.name.startsWith(`${name}_V`) ? Number(table.name.slice(name.length + 2)) : Number.NaN;
    if (version > highest) {
      best = table;
      highest = version;
    }
  }
  return best;
}

const rowidRange = 2 ** 32;

/** Source offset of a row; 0 for a rowid that does not fit, of which no arguments can be read. */
export function toSourceOffset(table: EventTable, rowid: number): number {
  return rowid >= 0 && rowid < rowidRange ? (eventTables.indexOf(table) + 1) * rowidRange + rowid : 0;
}

/** The row behind a source offset; null for 0. */
export function fromSourceOffset(offset: number): { readonly table: EventTable; readonly rowid: number } | null {
  const table = eventTables[Math.floor(offset / rowidRange) - 1];
  return table === undefined ? null : { table, rowid: offset % rowidRange };
}

/** Whether a database comes from Nsight Systems. */
export function isNsightDatabase(database: SqliteDatabase): boolean {
  if (findTable(database, "StringIds") !== null) return true;
  return [...database.tables.keys()].some((name) => name.startsWith("CUPTI_ACTIVITY_KIND_"));
}

/**
 * Never read (environment, command lines, networks, program output), nor counted among what is not shown.
 * StringIds holds environment strings too: only ids that an event row uses are resolved.
 */
const privateTables = /^(?:META_DATA_|EXPORT_META_DATA|TARGET_INFO_|ProcessStreams|ANALYSIS_|ENUM_)/;

/** Tables with points in time that this importer knows nothing about. */
export function listUnknownEventTables(database: SqliteDatabase): SqliteTable[] {
  const known = new Set<string>();
  for (const name of [
    ...eventTables,
    "PROFILER_OVERHEAD",
    "CUPTI_ACTIVITY_KIND_OVERHEAD",
    "DIAGNOSTIC_EVENT",
  ] as const) {
    const table = findTable(database, name);
    if (table !== null) known.add(table.name);
  }
  return [...database.tables.values()].filter(
    ({ name, columns }) =>
      !known.has(name) && !privateTables.test(name) && (columns.includes("start") || columns.includes("timestamp")),
  );
}
