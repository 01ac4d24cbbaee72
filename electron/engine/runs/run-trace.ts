import type { Allocate } from "../../../traces/model/column.ts";
import type { TraceDescription } from "../../../traces/model/trace-builder.ts";
import { formatCounted } from "../../../traces/model/format-units.ts";
import { liveRunFormat, liveRunLabel } from "../../../traces/measure/live-run.ts";
import { valuesOfFact } from "../../../traces/measure/common-facts.ts";
import { priorityWords } from "../../../traces/measure/priority-words.ts";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";
import { spanCostFact } from "../../../traces/advise/rules/recorder-cost.ts";
import type { Recordings } from "../../../native-bench/spans/recordings.ts";
import type { ImportedTrace } from "../imports/import-job.ts";
import { withOutline } from "../imports/perform-import.ts";

/** What is known of the machine of a run. */
export type RunFacts = TraceDescription["facts"];

/**
 * Machine, versions and what computed in which precision, so that traces of two of them are not compared as one; and what
 * a span costs.
 */
export function runFacts({ environment, results }: BenchReport): RunFacts {
  const { cpu, cores, os, gpus, powerMode, versions, spanCostNs } = environment;
  return [
    ["cpu", `${cpu}, ${formatCounted(cores, "core")}`],
    ...gpus.map((gpu, index): [string, string] => [`gpu ${index}`, gpu]),
    ...(["backend", "device", "precision"] as const).flatMap((fact): (readonly [string, string])[] => {
      const values = valuesOfFact(fact, results);
      return values.length === 0 ? [] : [[fact, values.join(", ")]];
    }),
    ["system", os],
    ...(powerMode === null ? [] : [["power mode", powerMode] as const]),
    ["priority", priorityWords(environment)],
    ...Object.entries(versions).map(([name, version]): [string, string] => [`version of ${name}`, version]),
    ...(spanCostNs === null ? [] : [[spanCostFact, `${spanCostNs.toFixed(1)} ns`] as const]),
  ];
}

/** The trace of everything recorded so far, with its outline. */
export function sealRecordings(
  recordings: Recordings,
  name: string,
  { facts, ...options }: { readonly allocate: Allocate; readonly partial: boolean; readonly facts: RunFacts },
): ImportedTrace {
  const description: TraceDescription = { name, format: liveRunFormat, formatLabel: liveRunLabel, facts };
  return withOutline(recordings.toTrace(description, options));
}
