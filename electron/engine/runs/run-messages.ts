import type { MessagePort } from "node:worker_threads";
import type { GpuQuestion } from "../../../native-bench/gpu/gpu-line.ts";
import type { BackendFacts } from "../../../native-bench/plan/catalog.ts";
import type { RunUpdate } from "../../../native-bench/plan/telemetry.ts";
import type { ClockOrigin } from "../../../native-bench/spans/clock.ts";
import type { OpenBlockFile } from "../../../native-bench/spans/block-file.ts";
import type { RecordMessage, SaverMessage } from "../../../native-bench/spans/record-message.ts";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";
import type { GpuReply } from "../../contract/bench-contract.ts";
import type { PlainError } from "../../contract/plain-error.ts";
import type { ImportedTrace } from "../imports/import-job.ts";
import type { RunJob } from "./run-job.ts";
import type { RunFacts } from "./run-trace.ts";

/** What a thread of the workload bundle is there for; its `workerData`. */
export type WorkerPart =
  | { readonly kind: "workload" }
  | {
      readonly kind: "collector";
      readonly origin: ClockOrigin;
      readonly name: string;
      readonly isWatched: boolean;
      /** Where it saves blocks; null: nowhere. */
      readonly file: OpenBlockFile | null;
    }
  | {
      readonly kind: "thread";
      readonly role: string;
      readonly name: string;
      readonly data: unknown;
      readonly origin: ClockOrigin;
      readonly cancelFlag: Int32Array;
      /** Its recorder speaks over `records`; null when nothing is recorded. */
      readonly recorder: { readonly track: number; readonly records: MessagePort } | null;
    };

/** To the thread that probes and runs. `cancelFlag[0]` becomes 1 when the run shall end. */
export type ToWorkload =
  | { readonly kind: "probe"; readonly hasGpuLine: boolean }
  | {
      readonly kind: "run";
      readonly job: RunJob;
      readonly origin: ClockOrigin;
      readonly cancelFlag: Int32Array;
      readonly hasGpuLine: boolean;
    }
  | { readonly kind: "gpu"; readonly reply: GpuReply };

export type FromWorkload =
  | { readonly kind: "backends"; readonly backends: readonly BackendFacts[] }
  | { readonly kind: "record"; readonly message: RecordMessage }
  /** The recorder of a further thread tells over a line of its own: its starter may be busy. */
  | { readonly kind: "records"; readonly port: MessagePort }
  | { readonly kind: "updates"; readonly updates: readonly RunUpdate[] }
  /** For the client that lends its GPU. */
  | { readonly kind: "gpu"; readonly question: number; readonly asked: GpuQuestion }
  | { readonly kind: "done"; readonly report: BenchReport }
  | { readonly kind: "failed"; readonly error: PlainError };

/** To the thread that makes traces of what the others record, so that neither they nor the engine wait for it. */
export type ToCollector =
  | { readonly kind: "record"; readonly message: RecordMessage }
  | { readonly kind: "finish"; readonly facts: RunFacts };

export type FromCollector =
  | { readonly kind: "record"; readonly message: SaverMessage }
  | { readonly kind: "snapshot"; readonly imported: ImportedTrace }
  | { readonly kind: "sealed"; readonly imported: ImportedTrace };
