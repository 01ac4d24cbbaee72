import type { GpuAnswer, GpuQuestion } from "../../native-bench/gpu/gpu-line.ts";
import type { BackendFacts, WorkloadFacts } from "../../native-bench/plan/catalog.ts";
import type { RunPlan } from "../../native-bench/plan/run-plan.ts";
import type { RunUpdate } from "../../native-bench/plan/telemetry.ts";
import type { BenchReport } from "../../traces/measure/bench-report.ts";
import type { IntegrityFinding } from "../../traces/measure/integrity/finding.ts";
import type { FileToken, RunKey, TraceKey } from "./keys.ts";

/* Runs of workloads: what can be run, on what, and what came of it. */

export interface BenchCommands {
  /** What can be run. */
  "bench.catalog": { readonly request: null; readonly reply: readonly WorkloadFacts[] };
  /** What it can run on: probes compute something small, so this takes a second the first time. */
  "bench.backends": { readonly request: null; readonly reply: readonly BackendFacts[] };
  /** Runs to the end and replies with the report; the trace grows under its key meanwhile. Cancelling drops both. */
  "bench.start": { readonly request: BenchRequest; readonly reply: RunOutcome };
  /** Results saved by a run, or a benchmark file of any make, with what is wrong with its numbers. */
  "bench.read": { readonly request: { readonly file: FileToken }; readonly reply: BenchFile };
  /** Ends a run early: "bench.start" replies soon with what was measured. */
  "bench.stop": { readonly request: { readonly run: RunKey }; readonly reply: null };
  /** Fits that were stopped and can go on, and how much is kept for later runs. */
  "kept.list": { readonly request: null; readonly reply: KeptReply };
  /** Removes all that is kept for later runs; a fit that is running keeps none of its checkpoints. */
  "kept.clear": { readonly request: null; readonly reply: null };
  /** Offers the WebGPU of the client for runs: "gpu.asked" comes until the call is cancelled. Replies never. */
  "gpu.serve": { readonly request: null; readonly reply: null };
  /** Answers one "gpu.asked". */
  "gpu.answer": { readonly request: GpuReply; readonly reply: null };
}

export interface BenchEvents {
  /** Only to clients that serve a GPU. */
  "gpu.asked": { readonly question: number; readonly asked: GpuQuestion };
  "bench.progressed": { readonly run: RunKey; readonly updates: readonly RunUpdate[] };
}

export interface KeptReply {
  /** The newest first. */
  readonly fits: readonly KeptFitFacts[];
  readonly bytes: number;
}
export interface KeptFitFacts {
  /** What is fitted and how: "laminar, 1 004 663 points, wasm-f64". */
  readonly title: string;
  readonly savedMs: number;
  readonly passes: number;
  readonly iteration: number | null;
  readonly cost: number | null;
  /** Starts it again, and so lets it go on; null where it reads files that the window has no token of. */
  readonly plan: Omit<RunPlan, "protocol"> | null;
}

/** What came of a question, or why nothing did. */
export type GpuReply =
  | { readonly question: number; readonly answer: GpuAnswer }
  | { readonly question: number; readonly fault: string };

/** What a run measured, and what is wrong with its numbers. */
export interface RunOutcome {
  readonly report: BenchReport;
  readonly findings: readonly IntegrityFinding[];
}

export interface BenchFile {
  readonly name: string;
  /** Null when the file was written by something else. */
  readonly report: BenchReport | null;
  readonly findings: readonly IntegrityFinding[];
}

export interface BenchRequest {
  readonly run: RunKey;
  /** The key under which its spans become a trace; null: only measure. */
  readonly trace: TraceKey | null;
  /** Name of that trace. */
  readonly name: string;
  /** Values of file options are tokens. */
  readonly plan: RunPlan;
}
