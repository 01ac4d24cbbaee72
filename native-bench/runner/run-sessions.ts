import { CancelledError } from "../../traces/model/errors.ts";
import type { BenchResult } from "../../traces/measure/bench-report.ts";
import { UnavailableError } from "../plan/availability.ts";
import { readPeakBytes, resetPeak } from "../machine/memory.ts";
import type { RunPlan } from "../plan/run-plan.ts";
import type { SessionContext, SessionOutcome, SessionWorkload } from "../workloads/workload.ts";
import { createRandom, shuffle } from "./random.ts";
import { describeUnmeasured, labelConfiguration, summarizeSamples } from "./result.ts";
import type { Candidate } from "./run-bench.ts";
import { withSeries } from "./run-context.ts";
import type { RunHost } from "./run-host.ts";
import { describeEnd, findStop } from "./stop-rule.ts";

export interface SessionsRun {
  readonly plan: RunPlan;
  readonly workload: SessionWorkload;
  readonly candidates: readonly Candidate[];
  readonly context: SessionContext;
  readonly host: RunHost;
  readonly tell: (index: number, result: BenchResult) => void;
}

interface Entry extends Candidate {
  readonly label: string;
  /** Samples; what warmed up is not among them. */
  readonly sessionsMs: number[];
  spentMs: number;
  warmupsTaken: number;
  result: BenchResult;
  /** Failed or refused: takes no further turn. */
  ended: boolean;
}

/**
 * Runs long sessions, whole ones in turns when each is repeated; the first of each may only warm up. A session that fails is reported and the others go
 * on; when the run is stopped, the finished ones keep their numbers.
 */
export async function runSessions(run: SessionsRun): Promise<void> {
  const { protocol } = run.plan;
  const random = createRandom(protocol.seed);
  const all = run.candidates.map(({ configuration }) => configuration);
  const entries: Entry[] = run.candidates.map((candidate) => ({
    ...candidate,
    label: labelConfiguration(candidate.configuration, all),
    sessionsMs: [],
    spentMs: 0,
    warmupsTaken: 0,
    result: describeUnmeasured(candidate.configuration, "stopped", "stopped before it was measured"),
    ended: false,
  }));
  try {
    for (;;) {
      const waiting = entries.filter(
        (entry) => !entry.ended && findStop(entry.sessionsMs, entry.spentMs, protocol) === null,
      );
      if (waiting.length === 0) break;
      for (const entry of shuffle(waiting, random)) {
        run.context.throwIfCancelled();
        await runOnce(run, entry);
      }
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    for (const entry of entries) if (entry.sessionsMs.length === 0 && !entry.ended) run.tell(entry.index, entry.result);
  }
}

async function runOnce(run: SessionsRun, entry: Entry): Promise<void> {
  const { context, host, workload } = run;
  const { maxMs, warmupSteps } = run.plan.protocol;
  const { recorder } = context;
  const depth = host.recorder?.depth ?? 0;
  const baseBytes = process.memoryUsage.rss();
  const startMs = performance.now();
  resetPeak();
  recorder.begin(recorder.name(entry.label, "phase"));
  try {
    const outcome = await workload.run(entry.configuration, entry.open, withSeries(context, host, entry.label));
    // A session that outlasts the budget counts: another one only to warm up would double the time of the run.
    if (entry.warmupsTaken < warmupSteps && outcome.elapsedMs < maxMs) {
      entry.warmupsTaken++;
      entry.result = { ...entry.result, firstStepMs: entry.result.firstStepMs ?? outcome.elapsedMs };
      return;
    }
    entry.sessionsMs.push(outcome.elapsedMs);
    entry.result = describeOutcome(entry, outcome, baseBytes, warmupSteps);
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    entry.ended = true;
    const kind = error instanceof UnavailableError ? "unavailable" : "failed";
    entry.result = { ...entry.result, outcome: kind, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    host.recorder?.unwind(depth);
    if (entry.sessionsMs.length > 0) entry.spentMs += performance.now() - startMs;
  }
  entry.result = {
    ...entry.result,
    ...describeEnd(entry.sessionsMs, entry.spentMs, run.plan.protocol),
    ...(run.candidates.length > 1 && entry.result.peakBytes !== null && { peakShared: true }),
  };
  run.tell(entry.index, entry.result);
}

function describeOutcome(entry: Entry, outcome: SessionOutcome, baseBytes: number, warmupsWanted: number): BenchResult {
  const { firstStepMs } = entry.result;
  const { itemsPerStep, facts, precision, loadMs, accuracy } = outcome;
  return {
    ...describeUnmeasured(entry.configuration, accuracy?.passed === false ? "excluded" : "measured", null),
    ...summarizeSamples(entry.sessionsMs, itemsPerStep),
    device: entry.open.device.name,
    software: entry.open.device.software,
    precision,
    itemsPerStep,
    facts,
    loadMs,
    firstStepMs,
    warmupSteps: entry.warmupsTaken,
    ...(entry.warmupsTaken < warmupsWanted && { warmupStepsWanted: warmupsWanted }),
    peakBytes: readPeakBytes(),
    baseBytes,
    accuracy,
  };
}
