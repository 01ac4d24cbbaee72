import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { optionHead } from "../../../native-bench/plan/option-words.ts";
import type { BenchResult, OptionScalar } from "../../../traces/measure/bench-report.ts";
import { warmupWords } from "../../../traces/measure/common-facts.ts";

/**
 * How a point was measured, by the title of its column; `varied`: the options in which the results differ; `drawn`: the
 * one whose number the point stands at, so that no column tells it twice.
 */
export function factsOf(
  { backend, device, software, precision, options, warmupSteps }: BenchResult,
  { varied, drawn }: { readonly varied: readonly string[]; readonly drawn: string },
  { options: specs, sizes = [] }: WorkloadFacts,
): Readonly<Record<string, string | number>> {
  const ids = [...new Set([...sizes, ...varied])].filter(
    (id) => options[id] != null && (id !== drawn || typeof options[id] !== "number"),
  );
  return {
    Backend: backend,
    Device: device === null ? "" : `${device}${software ? ", software" : ""}`,
    Precision: precision ?? "",
    "Warm-up": warmupWords({ warmupSteps }),
    ...Object.fromEntries(ids.map((id) => [optionHead(id, specs[id]), optionWords(options[id], specs[id]?.kind)])),
  };
}

/** Of a file its name: where it lies is nobody else's business. */
function optionWords(value: OptionScalar | undefined, kind: string | undefined): string | number {
  if (typeof value === "number") return value;
  const text = String(value ?? "");
  return kind === "file" ? (text.split(/[\\/]/).at(-1) ?? text) : text;
}
