import type { ByteSource } from "../../io/byte-source.ts";
import { openSqlite, type SqliteDatabase } from "../../io/sqlite/sqlite.ts";
import { TraceFormatError } from "../../model/errors.ts";
import type { TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ImportContext } from "../importer.ts";
import { CallTable } from "./call-table.ts";
import { Devices } from "./devices.ts";
import { createIntervals } from "./interval-table.ts";
import { Owners } from "./owners.ts";
import { NvtxRanges, projectRanges } from "./project-nvtx.ts";
import { readCalls } from "./read-calls.ts";
import { readDeviceWork } from "./read-device-work.ts";
import { readFileFacts, readOwnerNames, readProfilerFacts } from "./read-facts.ts";
import { readHost } from "./read-host.ts";
import { readWaitsAndGraphs } from "./read-host-waits.ts";
import { readGpuMetrics } from "./read-metrics.ts";
import { readNvtx } from "./read-nvtx.ts";
import { readCpuSamples } from "./read-samples.ts";
import type { Reading } from "./reading.ts";
import { TableScan } from "./scan.ts";
import { StringIds } from "./string-ids.ts";
import { isNsightDatabase, listUnknownEventTables } from "./tables.ts";

/** Reads an export of Nsight Systems into `builder`; see the mapping in `formats/nsight-sqlite.ts`. */
export async function readNsightDatabase(
  source: ByteSource,
  builder: TraceBuilder,
  context: ImportContext,
): Promise<TraceDescription> {
  const bytes = await source.openRandomAccess(() => {
    context.throwIfCancelled();
    context.reportProgress(source.storedRead, () => description);
  });
  let description: TraceDescription = describe(context.fileName, null, []);
  const database = await openSqlite(bytes);
  try {
    if (!isNsightDatabase(database)) throw foreignDatabase(database);
    noteDamage(database, bytes.size, builder);
    const scan = new TableScan({ database, builder, context, size: bytes.size, describe: () => description });
    const facts = readFileFacts(scan);
    builder.setClock(0n, facts.unixStartNs);
    description = describe(context.fileName, facts.productVersion, facts.facts);
    const reading: Reading = {
      database,
      builder,
      scan,
      strings: new StringIds(database),
      owners: new Owners(builder),
      devices: new Devices(builder, facts),
      calls: new CallTable(),
      ranges: new NvtxRanges(),
      work: createIntervals(),
    };
    reading.ranges.wanted = scan.has("NVTX_EVENTS");
    readCalls(reading);
    readDeviceWork(reading);
    readWaitsAndGraphs(reading);
    readNvtx(reading);
    projectRanges(reading.ranges, reading.work, reading.calls, reading.devices, builder);
    readHost(reading);
    readCpuSamples(reading);
    readGpuMetrics(reading);
    readOwnerNames(reading);
    reading.devices.describe();
    noteUnknownTables(reading);
    const extraFacts: [string, string][] = [];
    if (reading.devices.streams.length === 0) extraFacts.push(["CUDA", "no CUDA activity in this capture"]);
    extraFacts.push(...readProfilerFacts(reading));
    return describe(context.fileName, facts.productVersion, [...facts.facts, ...extraFacts]);
  } finally {
    database.close();
  }
}

function describe(
  name: string,
  version: string | null,
  facts: readonly (readonly [key: string, value: string])[],
): TraceDescription {
  return {
    name,
    format: "nsight-sqlite",
    formatLabel: "Nsight Systems database",
    producer: version === null ? "Nsight Systems" : `Nsight Systems ${version}`,
    facts,
    opaqueOffsets: true,
  };
}

const shownTables = 8;

function foreignDatabase({ tables }: SqliteDatabase): TraceFormatError {
  const names = [...tables.keys()];
  const list = names.length === 0 ? "no table" : `the tables ${names.slice(0, shownTables).join(", ")}`;
  return new TraceFormatError(
    `expected a database of Nsight Systems, with a table StringIds or CUPTI_ACTIVITY_KIND_…, found ${list}${names.length > shownTables ? " …" : ""}`,
    { byteOffset: 0 },
  );
}

function noteDamage(database: SqliteDatabase, size: number, { ledger }: TraceBuilder): void {
  if (database.missingBytes > 0) {
    ledger.truncatedAt(size);
    ledger.note(
      "cut",
      `expected ${size + database.missingBytes} bytes by the header, found ${size}: rows in the missing pages are lost`,
      size,
    );
  }
  if (database.isWriteAhead) {
    ledger.note(
      "writeAhead",
      "the database is in write-ahead mode; rows that are still in a -wal file beside it are not read",
      -1,
    );
  }
}

/** Tables of other features: counted, so that nobody takes the picture for all there is. */
function noteUnknownTables({ database, builder, scan }: Reading): void {
  for (const { name } of listUnknownEventTables(database)) {
    const count = scan.countRows(name);
    if (count === 0) continue;
    builder.ledger.note(`notShown ${name}`, `rows of ${name}, a table that is not shown`, -1, count, "info");
  }
}
