import type { BenchResult } from "../../traces/measure/bench-report.ts";
import { whyOutputsStay } from "../../traces/measure/integrity/constant-outputs.ts";
import { readPeakBytes, resetPeak } from "../machine/memory.ts";
import type { ColumnRecorder } from "../spans/column-recorder.ts";
import type { SpanName, SpanRecorder } from "../spans/recorder.ts";
import type { PreparedSteps, RunContext, StepWorkload } from "../workloads/workload.ts";
import { describeUnmeasured, summarizeSamples } from "./result.ts";
import type { Candidate } from "./run-bench.ts";

/** A configuration while it is measured. */
export interface Entry extends Candidate {
  readonly label: string;
  readonly span: SpanName;
  readonly step: SpanName;
  readonly prepared: PreparedSteps;
  /** Times of whole steps, ms, in the order they were taken. */
  readonly stepsMs: number[];
  /** What is known beside the samples. */
  result: BenchResult;
  /** Number of the next step; the inputs follow from it. */
  next: number;
  spentMs: number;
  turns: number;
  digest: number;
  /** Its check is done; what it says of its variant at other sizes may be open. */
  isChecked: boolean;
}

export interface StepRecorders {
  readonly spans: SpanRecorder;
  readonly columns: ColumnRecorder | null;
}

export interface PrepareParts {
  readonly workload: StepWorkload;
  readonly context: RunContext;
  /** How long each shared session took to load, ms, by its key. */
  readonly loads: Map<string, number>;
}

export async function prepareEntry(
  { workload, context, loads }: PrepareParts,
  { index, configuration, open }: Candidate,
  label: string,
): Promise<Entry> {
  const { recorder } = context;
  const baseBytes = process.memoryUsage.rss();
  const startMs = performance.now();
  const prepared = await recorder.spanAsync(recorder.name(label, "phase"), () =>
    workload.prepare(configuration, open, context),
  );
  const result: BenchResult = {
    ...describeUnmeasured(configuration, "measured", null),
    device: open.device.name,
    software: open.device.software,
    precision: prepared.precision,
    itemsPerStep: prepared.itemsPerStep,
    facts: prepared.facts,
    ...describeLoad(prepared.session, performance.now() - startMs, loads),
    baseBytes,
    ...(prepared.checkAccuracy !== undefined && { unchecked: true }),
  };
  return {
    index,
    configuration,
    open,
    label,
    span: recorder.name(label, "phase"),
    step: recorder.name("step", "step"),
    prepared,
    stepsMs: [],
    result,
    next: 0,
    spentMs: 0,
    turns: 0,
    digest: Number.NaN,
    isChecked: false,
  };
}

/** Whoever finds its session loaded tells how long that took: looking it up is no load. */
function describeLoad(
  session: string | undefined,
  elapsedMs: number,
  loads: Map<string, number>,
): Pick<BenchResult, "loadMs" | "loadShared"> {
  const known = session === undefined ? undefined : loads.get(session);
  if (known !== undefined) return { loadMs: known, loadShared: true };
  if (session !== undefined) loads.set(session, elapsedMs);
  return { loadMs: elapsedMs };
}

/**
 * One step with new inputs, ms. Only the step itself is timed; its outputs must differ from those of the last, where they
 * can.
 */
export async function takeStep(entry: Entry, { spans, columns }: StepRecorders): Promise<number> {
  const { prepared } = entry;
  prepared.vary(entry.next++);
  columns?.reserve();
  const startMs = performance.now();
  spans.begin(entry.step);
  const pending = prepared.step();
  if (pending !== undefined) await pending;
  spans.end();
  const elapsedMs = performance.now() - startMs;
  noteDigest(entry);
  return elapsedMs;
}

function noteDigest(entry: Entry): void {
  const digest = entry.prepared.digest();
  if (!Number.isFinite(digest)) throw new Error(`step ${entry.next - 1} computed ${digest}`);
  const { result } = entry;
  if (digest === entry.digest) {
    if (whyOutputsStay(result) === null) entry.result = { ...result, outputsChanged: false };
  } else if (result.outputsChanged === null && !Number.isNaN(entry.digest))
    entry.result = { ...result, outputsChanged: true };
  entry.digest = digest;
}

/** Runs `body` and keeps the largest size that the process had meanwhile. */
export async function watchPeak(entry: Entry, body: () => Promise<void>): Promise<void> {
  resetPeak();
  await body();
  const peakBytes = readPeakBytes();
  entry.result = { ...entry.result, peakBytes: Math.max(peakBytes, entry.result.peakBytes ?? 0) };
}

export function resultOf(entry: Entry): BenchResult {
  return { ...entry.result, ...summarizeSamples(entry.stepsMs, entry.result.itemsPerStep) };
}
