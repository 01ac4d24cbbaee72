import { writeFileSync } from "node:fs";
import initSqlite from "@sqlite.org/sqlite-wasm";

/*
 * A database as Nsight Systems exports it, of any size: one process, four streams, launches in order, steps and layers
 * as NVTX ranges around them, now and then a copy. Made by SQL alone, so that millions of rows take seconds.
 */

const stepLaunches = 500;
const layerLaunches = 10;
const copyEvery = 8;
const kernelNames = 200;
const launchGapNs = 6000;

const schema = `
PRAGMA page_size = 4096;
CREATE TABLE StringIds (id INTEGER NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (start INTEGER NOT NULL, end INTEGER NOT NULL, eventClass INTEGER NOT NULL,
  globalTid INTEGER, correlationId INTEGER, nameId INTEGER NOT NULL, returnValue INTEGER NOT NULL, callchainId INTEGER);
CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER NOT NULL, end INTEGER NOT NULL, deviceId INTEGER NOT NULL,
  contextId INTEGER NOT NULL, greenContextId INTEGER, streamId INTEGER NOT NULL, correlationId INTEGER,
  globalPid INTEGER, demangledName INTEGER NOT NULL, shortName INTEGER NOT NULL, mangledName INTEGER,
  launchType INTEGER, cacheConfig INTEGER, registersPerThread INTEGER NOT NULL, gridX INTEGER NOT NULL,
  gridY INTEGER NOT NULL, gridZ INTEGER NOT NULL, blockX INTEGER NOT NULL, blockY INTEGER NOT NULL,
  blockZ INTEGER NOT NULL, staticSharedMemory INTEGER NOT NULL, dynamicSharedMemory INTEGER NOT NULL,
  localMemoryPerThread INTEGER NOT NULL, localMemoryTotal INTEGER NOT NULL, gridId INTEGER NOT NULL,
  sharedMemoryExecuted INTEGER, graphNodeId INTEGER, sharedMemoryLimitConfig INTEGER);
CREATE TABLE CUPTI_ACTIVITY_KIND_MEMCPY (start INTEGER NOT NULL, end INTEGER NOT NULL, deviceId INTEGER NOT NULL,
  contextId INTEGER NOT NULL, greenContextId INTEGER, streamId INTEGER NOT NULL, correlationId INTEGER,
  globalPid INTEGER, bytes INTEGER NOT NULL, copyKind INTEGER NOT NULL, srcKind INTEGER, dstKind INTEGER);
CREATE TABLE NVTX_EVENTS (start INTEGER NOT NULL, end INTEGER, eventType INTEGER NOT NULL, rangeId INTEGER,
  category INTEGER, color INTEGER, text TEXT, globalTid INTEGER, endGlobalTid INTEGER, textId INTEGER,
  domainId INTEGER);
CREATE TABLE META_DATA_EXPORT (name TEXT, value TEXT);
CREATE TABLE TARGET_INFO_GPU (id INTEGER, name TEXT, smCount INTEGER);
`;

const process = `(1 << 48) + (4242 << 24)`;
const thread = `${process} + 4242`;
const start = `60000000000 + i * ${launchGapNs}`;

/** @param {number} count */
const numbers = (count) => `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})`;

/** @param {number} launches */
function statements(launches) {
  const steps = Math.ceil(launches / stepLaunches);
  const layers = Math.ceil(launches / layerLaunches);
  return [
    `${numbers(kernelNames)} INSERT INTO StringIds SELECT i + 1, 'kernel_' || i || '_128x64_nn' FROM n`,
    `INSERT INTO StringIds VALUES (1001, 'cudaLaunchKernel_v7000'), (1002, 'cudaMemcpyAsync_v3020'), (1003, 'layer')`,
    `${numbers(launches)} INSERT INTO CUPTI_ACTIVITY_KIND_RUNTIME SELECT ${start}, ${start} + 2000 + i % 997, 0, ${thread}, i + 1, 1001 + (i % ${copyEvery} = 0), 0, NULL FROM n`,
    `${numbers(launches)} INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL SELECT ${start} + 4000, ${start} + 8000 + i % 1511, 0, 1, NULL, 7 + (i / ${stepLaunches}) % 4, i + 1, ${process}, 1 + i % ${kernelNames}, 1 + i % ${kernelNames}, 1 + i % ${kernelNames}, 0, 0, 32 + i % 96, 108 + i % 4000, 1, 1, 128, 1, 1, 16384, 0, 0, 157286400, i + 1, 32768, NULL, 0 FROM n WHERE i % ${copyEvery} <> 0`,
    `${numbers(launches)} INSERT INTO CUPTI_ACTIVITY_KIND_MEMCPY SELECT ${start} + 4000, ${start} + 6000 + i % 701, 0, 1, NULL, 7 + (i / ${stepLaunches}) % 4, i + 1, ${process}, 4096 + i, 1 + i % 2, 1, 2 FROM n WHERE i % ${copyEvery} = 0`,
    `${numbers(steps)} INSERT INTO NVTX_EVENTS SELECT 60000000000 + i * ${stepLaunches * launchGapNs} - 200, 60000000000 + (i + 1) * ${stepLaunches * launchGapNs} - 400, 59, NULL, NULL, NULL, 'step ' || i, ${thread}, NULL, NULL, 0 FROM n`,
    `${numbers(layers)} INSERT INTO NVTX_EVENTS SELECT 60000000000 + i * ${layerLaunches * launchGapNs} - 100, 60000000000 + (i + 1) * ${layerLaunches * launchGapNs} - 500, 59, NULL, NULL, NULL, NULL, ${thread}, NULL, 1003, 0 FROM n`,
    `INSERT INTO META_DATA_EXPORT VALUES ('EXPORT_PRODUCT_VERSION', '2026.2.1.210'), ('EXPORT_SCHEMA_VERSION', '3.25.0')`,
    `INSERT INTO TARGET_INFO_GPU VALUES (0, 'NVIDIA Generated', 108)`,
  ];
}

/**
 * The same for the program `sqlite3`, which writes to disk: databases larger than memory, with `fillerBytes` of a table
 * that no importer reads in front of all rows, as the call chains of real captures are.
 * @param {{ readonly launches: number, readonly fillerBytes?: number }} options
 */
export function nsightLikeScript({ launches, fillerBytes = 0 }) {
  const blobBytes = 1_000_000;
  const filler = `CREATE TABLE FILLER (bytes BLOB); ${numbers(Math.max(1, Math.ceil(fillerBytes / blobBytes)))} INSERT INTO FILLER SELECT zeroblob(${blobBytes}) FROM n`;
  return [
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
    ...(fillerBytes === 0 ? [] : [filler]),
    schema,
    ...statements(launches),
    "",
  ].join(";\n");
}

/**
 * Writes a database with `launches` API rows and as much device work to `path`.
 * @param {string} path @param {{ readonly launches: number }} options
 */
export async function makeNsightLike(path, { launches }) {
  const sqlite = await initSqlite();
  const database = new sqlite.oo1.DB(":memory:");
  database.exec(schema);
  for (const sql of statements(launches)) database.exec(sql);
  writeFileSync(path, sqlite.capi.sqlite3_js_db_export(database));
  database.close();
}
