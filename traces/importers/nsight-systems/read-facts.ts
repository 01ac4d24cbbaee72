import type { DeviceFacts } from "./devices.ts";
import type { Reading } from "./reading.ts";
import type { TableScan } from "./scan.ts";
import { formatBytes, formatDuration } from "../../model/format-units.ts";

/** What the file says of itself and of the machine: only what is on a list. */
export interface FileFacts extends DeviceFacts {
  readonly productVersion: string | null;
  readonly schemaVersion: string | null;
  readonly unixStartNs: bigint | null;
  readonly facts: readonly (readonly [key: string, value: string])[];
}

interface Gpu {
  readonly id: number;
  readonly cudaOrdinal: number | null;
  readonly name: string;
  /** Name and size, for people. */
  readonly summary: string;
}

/** Reads versions, start time and devices. */
export function readFileFacts(scan: TableScan): FileFacts {
  const versions = new Map<string, string>();
  for (const table of ["EXPORT_META_DATA", "META_DATA_EXPORT"] as const) {
    scan.facts(table, ["name", "value"], (row) => {
      const name = row.text(1);
      // Host, user and paths stand in the same table: they are not read.
      if (name === "EXPORT_SCHEMA_VERSION" || name === "EXPORT_PRODUCT_VERSION") versions.set(name, row.text(2) ?? "");
    });
  }
  let unixStartNs: bigint | null = null;
  scan.facts("TARGET_INFO_SESSION_START_TIME", ["utcEpochNs"], (row) => {
    if (row.isInteger(1)) unixStartNs ??= row.bigint(1);
  });
  const gpus = readGpus(scan);
  const ordinals = new Map<string, number>();
  scan.facts("TARGET_INFO_CUDA_DEVICE", ["gpuId", "cudaId", "pid"], (row) => {
    if (row.isInteger(1)) ordinals.set(`${row.number(3)} ${row.number(2)}`, row.number(1));
  });
  const productVersion = versions.get("EXPORT_PRODUCT_VERSION") ?? null;
  const schemaVersion = versions.get("EXPORT_SCHEMA_VERSION") ?? null;
  return {
    productVersion,
    schemaVersion,
    unixStartNs,
    deviceOf: (pid, ordinal) =>
      ordinals.get(`${pid} ${ordinal}`) ?? gpus.find((gpu) => gpu.cudaOrdinal === ordinal)?.id ?? ordinal,
    nameOf: (device) => gpus.find((gpu) => gpu.id === device)?.name ?? null,
    facts: [
      ...(schemaVersion === null ? [] : [["export schema", schemaVersion] as const]),
      ...gpus.map((gpu) => [`GPU ${gpu.id}`, gpu.summary] as const),
    ],
  };
}

function readGpus(scan: TableScan): Gpu[] {
  const gpus: Gpu[] = [];
  const columns = ["id", "name", "cuDevice", "smCount", "totalMemory", "computeMajor", "computeMinor"];
  scan.facts("TARGET_INFO_GPU", columns, (row) => {
    const id = row.number(1);
    const name = row.text(2);
    if (name === null) return;
    const parts = [name];
    if (row.isInteger(4) && row.number(4) > 0) parts.push(`${row.number(4)} multiprocessors`);
    if (row.isInteger(5) && row.number(5) > 0) parts.push(formatBytes(row.number(5)));
    if (row.isInteger(6)) parts.push(`compute capability ${row.number(6)}.${row.number(7)}`);
    gpus.push({ id, cudaOrdinal: row.isInteger(3) ? row.number(3) : null, name, summary: parts.join(", ") });
  });
  return gpus.toSorted((a, b) => a.id - b.id);
}

/** Names of the threads and processes that have events; those of the rest of the host are passed over. */
export function readOwnerNames({ scan, builder, owners, strings }: Reading): void {
  const { ledger } = builder;
  let passedOver = 0;
  scan.facts("ThreadNames", ["nameId", "globalTid"], (row) => {
    const thread = owners.findThread(row, 2);
    if (thread === null) return void passedOver++;
    const name = strings.text(row.number(1));
    if (name !== null && name !== "") owners.nameThread(thread, name);
  });
  scan.facts("PROCESSES", ["globalPid", "name"], (row) => {
    const process = owners.findProcess(row, 1);
    if (process === null) return void passedOver++;
    // A path tells more of the machine than the trace needs.
    const name = row.text(2)?.split(/[\\/]/).at(-1);
    if (name !== undefined && name !== "") builder.describeTrack(process.track, { name: `${name} ${process.pid}` });
  });
  ledger.note(
    "foreignNames",
    "names of threads and processes of the host that have no events here; not read",
    -1,
    passedOver,
    "info",
  );
}

/** The profiler's own cost, and its messages by number; their texts may hold paths and are not read. */
export function readProfilerFacts({ scan }: Pick<Reading, "scan">): [string, string][] {
  let overheadNs = 0;
  let periods = 0;
  for (const table of ["PROFILER_OVERHEAD", "CUPTI_ACTIVITY_KIND_OVERHEAD"] as const) {
    scan.facts(table, ["start", "end"], (row) => {
      if (!row.isInteger(1) || !row.isInteger(2)) return;
      periods++;
      overheadNs += Math.max(0, row.number(2) - row.number(1));
    });
  }
  const bySeverity = new Map<number, number>();
  scan.facts("DIAGNOSTIC_EVENT", ["severity"], (row) => {
    bySeverity.set(row.number(1), (bySeverity.get(row.number(1)) ?? 0) + 1);
  });
  const messages = [...bySeverity].map(([severity, count]) => `${severities[severity] ?? "other"}: ${count}`);
  return [
    ...(periods === 0
      ? []
      : ([["profiler's own work", `${formatDuration(overheadNs)} in all, periods: ${periods}`]] satisfies [
          string,
          string,
        ][])),
    ...(messages.length === 0 ? [] : ([["profiler's messages", messages.join(", ")]] satisfies [string, string][])),
  ];
}

/** Values of ENUM_DIAGNOSTIC_SEVERITY_LEVEL. */
const severities: Readonly<Record<number, string>> = {
  0: "of unknown severity",
  1: "info",
  2: "warnings",
  3: "errors",
};
