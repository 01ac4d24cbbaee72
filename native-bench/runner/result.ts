import type { BenchOutcome, BenchResult } from "../../traces/measure/bench-report.ts";
import { medianInterval, medianOf } from "../../traces/measure/median-interval.ts";
import type { Configuration } from "../plan/run-plan.ts";

/** The result of a configuration of which nothing was measured. */
export function describeUnmeasured(
  { variant, backend, options }: Configuration,
  outcome: BenchOutcome,
  reason: string | null,
): BenchResult {
  return {
    variant,
    backend,
    device: null,
    software: false,
    precision: null,
    options,
    outcome,
    reason,
    itemsPerStep: 1,
    facts: {},
    medianMs: null,
    lowMs: null,
    highMs: null,
    sampleCount: 0,
    samplesMs: [],
    itemsPerSecond: null,
    loadMs: null,
    firstStepMs: null,
    warmupSteps: 0,
    peakBytes: null,
    baseBytes: null,
    placement: null,
    outputsChanged: null,
    accuracy: null,
  };
}

/** The numbers that follow from the samples: times of whole steps, ms. */
export function summarizeSamples(
  stepsMs: readonly number[],
  itemsPerStep: number,
): Pick<BenchResult, "samplesMs" | "sampleCount" | "medianMs" | "lowMs" | "highMs" | "itemsPerSecond"> {
  const samplesMs = stepsMs.map((ms) => ms / itemsPerStep);
  const sampleCount = samplesMs.length;
  if (sampleCount === 0)
    return { samplesMs, sampleCount, medianMs: null, lowMs: null, highMs: null, itemsPerSecond: null };
  const medianMs = medianOf(samplesMs);
  const interval = medianInterval(samplesMs);
  return {
    samplesMs,
    sampleCount,
    medianMs,
    lowMs: interval?.low ?? null,
    highMs: interval?.high ?? null,
    itemsPerSecond: 1000 / medianMs,
  };
}

/** "fast · onnxruntime-cpu · batch 4": what tells this configuration from the others of its run; `leftOut`: ids of options. */
export function labelConfiguration(
  configuration: Configuration,
  others: readonly Configuration[],
  leftOut: readonly string[] = [],
): string {
  const parts = [configuration.variant];
  if (others.some(({ backend }) => backend !== configuration.backend)) parts.push(configuration.backend);
  for (const [id, value] of Object.entries(configuration.options)) {
    // Null: the option means nothing here.
    if (value !== null && !leftOut.includes(id) && others.some(({ options }) => options[id] !== value))
      parts.push(`${id} ${String(value)}`);
  }
  return parts.join(" · ");
}
