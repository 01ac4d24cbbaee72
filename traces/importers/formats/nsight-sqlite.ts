import { sqliteMagic } from "../../io/sqlite/header.ts";
import type { Importer } from "../importer.ts";
import { openNsightArguments } from "../nsight-systems/read-arguments.ts";
import { readNsightDatabase } from "../nsight-systems/read-database.ts";

/*
 * SQLite export of Nsight Systems, of any version: tables and columns are probed, a missing column reads as null.
 * "∗" stands for CUPTI_ACTIVITY_KIND_. Times are ns since the start of the capture.
 *
 *   source                                        model
 *   ∗RUNTIME start, end, globalTid, nameId        span on the thread; kind by name; "_v7000" leaves the name
 *   ∗RUNTIME correlationId, with the process      link, shared with the device work of that process
 *   ∗KERNEL start, end, shortName                 span of kind kernel (collective for NCCL) on the stream
 *   ∗KERNEL deviceId, contextId, streamId         stream track below the device, one per process too
 *   ∗MEMCPY copyKind; ∗MEMSET                     span of a transfer kind on the stream
 *   ∗GRAPH_TRACE graphId                          span of kind kernel on the stream: a graph traced as a whole
 *   ∗SYNCHRONIZATION syncType                     span of kind sync on a track of the process
 *   ∗CUDA_EVENT timestamp                         instant on the stream; without time: metadata
 *   CUDA_GRAPH_(NODE_)EVENTS nameId               span or instant on the thread
 *   NVTX_EVENTS type 59, text or textId           span on the thread: step, op or phase by name; category: domain
 *   NVTX_EVENTS type 60 / 34                      span on a track of the process / instant on the thread
 *   NVTX_EVENTS type 59 around calls              derived span beside the stream, over the work they launched
 *   NVTX_EVENTS type 39, ThreadNames              name of a thread that has events
 *   OSRT_API nameId                               span on the thread; kind io for file and socket calls
 *   SCHED_EVENTS isSchedIn                        span "on processor n" from in to out
 *   COMPOSITE_EVENTS, SAMPLING_CALLCHAINS         derived spans of sampled stacks
 *   GPU_METRICS, TARGET_INFO_GPU_METRICS          counter tracks
 *   PROCESSES name                                name of a process that has events, without its path
 *   TARGET_INFO_GPU, TARGET_INFO_CUDA_DEVICE      device tracks, facts
 *   TARGET_INFO_SESSION_START_TIME utcEpochNs     Unix time of the origin
 *   META_DATA_EXPORT or EXPORT_META_DATA          product and schema version; nothing else of it
 *   PROFILER_OVERHEAD, ∗OVERHEAD                  fact: the profiler's own work
 *   DIAGNOSTIC_EVENT severity                     fact: number of messages; their texts are not read
 *   TARGET_INFO_SYSTEM_ENV, META_DATA_CAPTURE,
 *   ProcessStreams, ANALYSIS_FILE, networks       never read
 *   StringIds                                     only ids that a row above uses
 *   other tables with times                       counted as not shown
 */

/** Nsight Systems export to SQLite (`nsys export --type sqlite`). */
export const nsightSqlite: Importer = {
  id: "nsight-sqlite",
  label: "Nsight Systems database (SQLite)",
  shortNames: ["Nsight Systems"],
  extensions: ["sqlite", "sqlite3", "db"],
  // The names of the tables may lie behind the head: every database is taken, and a foreign one refused by its tables.
  sniff: (head) => ([...sqliteMagic].every((char, i) => head[i] === char.charCodeAt(0)) ? 0.9 : 0),
  read: readNsightDatabase,
  openArguments: openNsightArguments,
};
